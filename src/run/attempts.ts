// Attacks on properties that were made and did not succeed: forbidden steps that were refused, steps of the adversary and
// faults after which the properties went on to hold, strategies that took effect. A step is an attempt on the property that
// the scenario targets, and on those that read what it writes.
import type { RunAttempt } from '../../generated/run-result.js';
import type { Action, Model } from '../model/model.js';
import { compareText } from '../util/order.js';

type Kind = RunAttempt['kind'];

export class Attempts {
  private readonly found = new Map<string, { kind: Kind; action: string; on: Set<string>; times: number }>();
  private readonly violated = new Set<string>();

  /** `target` is a property by its name or class. */
  constructor(private readonly target: string | undefined) {}

  /** A step of the schedule that was refused, as it had to be. */
  refused(action: string, model: Model | undefined): void {
    const known = model?.actions.find(({ name }) => name === action);
    this.note('forbidden', action, this.targeted(model, known), 1);
  }

  /** The steps that happened, with how often each did. */
  happened(actions: ReadonlyMap<string, number>, model: Model | undefined): void {
    for (const action of model?.actions ?? []) {
      const times = actions.get(action.name) ?? 0;
      if (times > 0 && (action.kind === 'byzantine' || action.kind === 'fault'))
        this.note('adverse', action.name, this.targeted(model, action), times);
    }
  }

  /** A strategy took effect, `times` times up to now. */
  played(strategy: string, times: number, model: Model | undefined): void {
    if (times === 0) return;
    const all = this.target === undefined ? safetyOf(model) : this.targeted(model, undefined);
    const entry = this.note('strategy', strategy, all, 0);
    entry.times = times;
  }

  /** What was violated was not prevented. */
  succeeded(property: string): void {
    this.violated.add(property);
  }

  /** By kind and action. */
  all(): RunAttempt[] {
    return [...this.found.values()]
      .map(({ kind, action, on, times }) => ({
        kind,
        action,
        properties: [...on].filter(name => !this.violated.has(name)).sort(compareText),
        times,
      }))
      .filter(({ properties, times }) => times > 0 && (properties.length > 0 || this.violated.size === 0))
      .sort((a, b) => compareText(a.kind, b.kind) || compareText(a.action, b.action));
  }

  /** How many attempts there were on the target, or without one on anything. */
  count(): number {
    const { target } = this;
    const all = this.all();
    const on = target === undefined ? all : all.filter(({ properties }) => properties.includes(target));
    return on.reduce((sum, { times }) => sum + times, 0);
  }

  /** The target, by the word of the scenario and by the names that the spec has for it, and what the action may break. */
  private targeted(model: Model | undefined, action: Action | undefined): string[] {
    const { target } = this;
    const properties = [...(model?.invariants ?? []), ...(model?.temporalProperties ?? [])];
    const meant = properties.filter(({ name, propertyClass }) => name === target || propertyClass === target);
    const near = properties.filter(({ reads }) => reads.some(name => action?.updates.includes(name)));
    return [...(target === undefined ? [] : [target]), ...[...meant, ...near].map(({ name }) => name)];
  }

  private note(kind: Kind, action: string, on: readonly string[], times: number): { times: number } {
    const key = `${kind} ${action}`;
    const entry = this.found.get(key) ?? { kind, action, on: new Set<string>(), times: 0 };
    for (const name of on) entry.on.add(name);
    entry.times += times;
    this.found.set(key, entry);
    return entry;
  }
}

function safetyOf(model: Model | undefined): string[] {
  const properties = [...(model?.invariants ?? []), ...(model?.temporalProperties ?? [])];
  return properties.filter(({ safety }) => safety).map(({ name }) => name);
}
