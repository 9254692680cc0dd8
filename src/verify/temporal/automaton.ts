// The behaviours that break a property, as a generalised Büchi automaton on transitions that is made while it is walked
// (Gerth, Peled, Vardi, Wolper, "Simple on-the-fly automatic verification of linear temporal logic", 1995). A place of
// it is a set of residuals that the rest of the behaviour has to make true. Literals are evaluated in the state or step
// at hand, so that it branches only on when an eventuality is met. What has to happen infinitely often branches on
// nothing: it is a condition on the loop, which the caller asks for where a loop is.
import type { EngineState } from '../../engine/index.js';
import { must } from '../../util/assert.js';
import type { AuraError } from '../../util/errors.js';
import { fail, ok, type Result } from '../../util/result.js';
import type { Workshop } from './evaluation.js';
import type { Formula, Modal } from './formula.js';
import { Lasso } from './lasso.js';
import { Moment } from './moment.js';
import type { Instance, Residual } from './residual.js';

/** Residuals that have to be true from a state on; equal sets are one object. */
export interface Place {
  /** From 0, in the order in which places were met. */
  readonly number: number;
  readonly residuals: readonly Residual[];
  /** Those that say that something happens infinitely often. */
  readonly recurring: readonly Residual[];
  /** Whether something has to happen yet, once, before the behaviour only has to go on as it does. */
  readonly waits: boolean;
}

/** One way to go on in a step. */
export interface Option {
  readonly to: Place;
  /** Ids of the eventualities that it puts off, ascending. */
  readonly postponed: readonly number[];
}

export interface Options {
  readonly options: readonly Option[];
  /** Whether another step from the same state may have other options. */
  readonly dependsOnStep: boolean;
}

/** One way to satisfy a set of residuals in a step, as far as it is fixed. */
interface Draft {
  readonly open: Residual[];
  readonly seen: Set<number>;
  readonly next: Map<number, Residual>;
  readonly postponed: Set<number>;
}

/** Thrown through the recursion where the spec fails. */
class Failed {
  constructor(readonly error: AuraError) {}
}

export class Automaton {
  /** Undefined when no behaviour breaks the property. */
  readonly start: Place | undefined;
  private readonly places = new Map<string, Place>();
  private readonly moment: Moment;

  /** `broken` is the negation of the property. */
  constructor(
    private readonly workshop: Workshop,
    broken: Residual,
  ) {
    this.moment = new Moment(workshop);
    this.start = broken.kind === 'false' ? undefined : this.place([broken]);
  }

  /** The ways to go on from `place` in the step from `state` to the one that `next` gives, the best ones only. */
  options(place: Place, state: EngineState, next: () => EngineState): Result<Options> {
    return this.attempt(() => {
      this.moment.seat(state, next);
      const found: Option[] = [];
      const open = place.residuals.map(residual =>
        isRecurring(residual) ? residual : this.moment.residual(residual, 0),
      );
      this.satisfy({ open, seen: new Set(), next: new Map(), postponed: new Set() }, found);
      return { options: undominated(found), dependsOnStep: this.moment.dependsOnStep };
    });
  }

  /** Whether a step is one of those that a recurring residual asks for. */
  recurs(recurring: Residual, state: EngineState, next: () => EngineState): Result<boolean> {
    return this.attempt(() => {
      this.moment.seat(state, next);
      return alternatives(recurring).some(part => {
        const { formula } = must(part.kind === 'instance' ? part : undefined, 'an instance');
        const eventually = must(formula.kind === 'always' ? formula.body : undefined, 'always');
        if (part.kind !== 'instance' || eventually.kind !== 'eventually') return false;
        return this.known(this.moment.body(part, eventually)).kind === 'true';
      });
    });
  }

  /** Whether staying in `state` for ever satisfies a place. */
  accepts(place: Place, state: EngineState): Result<boolean> {
    return this.attempt(() => {
      const lasso = new Lasso(this.workshop, [state], 0, new Set());
      const holds = (residual: Residual) => this.known(lasso.residual(residual, 0)).kind === 'true';
      return place.residuals.every(one => isRecurring(one) || holds(one)) && place.recurring.every(holds);
    });
  }

  private attempt<T>(run: () => T): Result<T> {
    try {
      return ok(run());
    } catch (error) {
      if (error instanceof Failed) return fail(error.error);
      throw error;
    }
  }

  private known(residual: Residual): Residual {
    const unknown = [residual, ...('parts' in residual ? residual.parts : [])].find(
      ({ kind }) => kind === 'unknown',
    );
    if (unknown?.kind === 'unknown') throw new Failed(unknown.error);
    return residual;
  }

  private place(given: readonly Residual[]): Place {
    const residuals = given
      .flatMap(one => (one.kind === 'and' ? one.parts : one.kind === 'true' ? [] : [one]))
      .sort((a, b) => a.id - b.id);
    const key = residuals.map(({ id }) => id).join();
    let place = this.places.get(key);
    if (place === undefined) {
      const recurring = residuals.filter(isRecurring);
      const waits = residuals.some(
        one => !isRecurring(one) && alternatives(one).some(part => modalOf(part)?.kind !== 'always'),
      );
      place = { number: this.places.size, residuals, recurring, waits };
      this.places.set(key, place);
    }
    return place;
  }

  private satisfy(draft: Draft, found: Option[]): void {
    const { open, seen, next, postponed } = draft;
    for (let part = open.pop(); part !== undefined; part = open.pop()) {
      if (seen.has(part.id)) continue;
      seen.add(part.id);
      const modal = modalOf(part);
      if (isRecurring(part)) next.set(part.id, part);
      else if (part.kind === 'false') return;
      else if (part.kind === 'and') open.push(...part.parts);
      else if (part.kind === 'unknown') this.known(part);
      else if (part.kind === 'or' || modal?.kind === 'eventually') {
        if (alternatives(part).some(({ id }) => id !== part.id && seen.has(id))) continue;
        this.choose(alternatives(part), draft, found);
        return;
      } else if (part.kind === 'instance' && modal !== undefined) this.modal(part, modal, draft);
    }
    const to = this.place([...next.values()]);
    found.push({ to, postponed: [...postponed].sort((a, b) => a - b) });
  }

  private modal(part: Instance, modal: Modal, { open, next }: Draft): void {
    if (modal.kind === 'always') {
      open.push(this.moment.body(part, modal));
      next.set(part.id, part);
      return;
    }
    const { table } = this.workshop;
    table.enter(part);
    const body = table.instance(modal.body);
    next.set(body.id, body);
    if (body.kind === 'false') open.push(body);
  }

  // Eventualities of which one is enough are put off together, and so are recurrences: they are one condition then.
  private choose(parts: readonly Residual[], draft: Draft, found: Option[]): void {
    const { table } = this.workshop;
    const recurring = parts.filter(isRecurring);
    const eventual = parts.filter(part => modalOf(part)?.kind === 'eventually');
    const met = eventual.map(part => {
      const modal = modalOf(part);
      return part.kind === 'instance' && modal ? this.moment.body(part, modal) : part;
    });
    if (met.some(({ kind }) => kind === 'true')) {
      this.satisfy(draft, found);
      return;
    }
    for (const part of parts)
      if (!recurring.includes(part) && !eventual.includes(part)) this.satisfy(copy(draft, [part]), found);
    for (const part of met) if (part.kind !== 'false') this.satisfy(copy(draft, [part]), found);
    if (recurring.length > 0) this.satisfy(copy(draft, [table.join('or', recurring)]), found);
    if (eventual.length === 0) return;
    const later = copy(draft);
    const whole = table.join('or', eventual);
    later.next.set(whole.id, whole);
    later.postponed.add(whole.id);
    this.satisfy(later, found);
  }
}

function copy({ open, seen, next, postponed }: Draft, more: readonly Residual[] = []): Draft {
  return {
    open: [...open, ...more],
    seen: new Set(seen),
    next: new Map(next),
    postponed: new Set(postponed),
  };
}

function alternatives(residual: Residual): readonly Residual[] {
  return residual.kind === 'or' ? residual.parts : [residual];
}

function modalOf(residual: Residual): Modal | undefined {
  if (residual.kind !== 'instance') return undefined;
  const { formula } = residual;
  return formula.kind === 'always' || formula.kind === 'eventually' || formula.kind === 'next'
    ? formula
    : undefined;
}

/** Whether it says that steps of some kind are taken infinitely often, each of which can be told by itself. */
function isRecurring(residual: Residual): boolean {
  return alternatives(residual).every(part => {
    const modal = modalOf(part);
    return modal?.kind === 'always' && modal.body.kind === 'eventually' && isImmediate(modal.body.body);
  });
}

function isImmediate(f: Formula): boolean {
  switch (f.kind) {
    case 'constant':
    case 'literal':
      return true;
    case 'and':
    case 'or':
      return f.parts.every(isImmediate);
    case 'all':
    case 'some':
      return isImmediate(f.body);
    default:
      return false;
  }
}

// An option that asks no more of the future than another, and puts no more off, makes that one needless.
function undominated(options: readonly Option[]): readonly Option[] {
  if (options.length < 2) return options;
  const kept: Option[] = [];
  for (const option of options) {
    if (kept.some(other => dominates(other, option))) continue;
    kept.splice(0, kept.length, ...kept.filter(other => !dominates(option, other)), option);
  }
  return kept;
}

function dominates(a: Option, b: Option): boolean {
  return (
    a.to.residuals.every(one => b.to.residuals.includes(one)) &&
    a.postponed.every(id => b.postponed.includes(id))
  );
}
