// Attacks on properties that were made and did not succeed: forbidden steps that were refused, steps of the adversary and
// faults after which the properties went on to hold, strategies that took effect. A step is an attempt on the property that
// the scenario targets, and on those that read what it writes; silence and delay are attempts on liveness alone.
import type { RunAttempt } from '../../generated/run-result.js';
import type { Action, Model, Property } from '../model/model.js';
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

  /** A strategy took effect, `times` times up to now, against the protocols of these specs. */
  played(strategy: string, times: number, models: readonly Model[]): void {
    if (times === 0) return;
    const all = models.flatMap(propertiesOf);
    const aimed = this.target === undefined ? all.filter(({ safety }) => safety) : all.filter(this.isMeant);
    const on = PASSIVE.has(strategy) ? aimed.filter(({ safety }) => !safety) : aimed;
    if (on.length === 0 && PASSIVE.has(strategy)) return;
    const entry = this.note('strategy', strategy, this.named(on), 0);
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

  /** The target, where the spec has it, and what the action may break. */
  private targeted(model: Model | undefined, action: Action | undefined): string[] {
    const properties = propertiesOf(model);
    const near = properties.filter(({ reads }) => reads.some(name => action?.updates.includes(name)));
    return [...this.named(properties.filter(this.isMeant)), ...near.map(({ name }) => name)];
  }

  /** By the names that the spec has for them, and the target by the word of the scenario where it is among them. */
  private named(properties: readonly Property[]): string[] {
    const { target } = this;
    const isAimed = target !== undefined && properties.some(this.isMeant);
    return [...(isAimed ? [target] : []), ...properties.map(({ name }) => name)];
  }

  private readonly isMeant = ({ name, propertyClass }: Property): boolean =>
    name === this.target || propertyClass === this.target;

  private note(kind: Kind, action: string, on: readonly string[], times: number): { times: number } {
    const key = `${kind} ${action}`;
    const entry = this.found.get(key) ?? { kind, action, on: new Set<string>(), times: 0 };
    for (const name of on) entry.on.add(name);
    entry.times += times;
    this.found.set(key, entry);
    return entry;
  }
}

/** Who only says nothing, or says it late, cannot make anything bad happen. */
const PASSIVE: ReadonlySet<string> = new Set(['delay', 'silent']);

function propertiesOf(model: Model | undefined): readonly Property[] {
  return [...(model?.invariants ?? []), ...(model?.temporalProperties ?? [])];
}
