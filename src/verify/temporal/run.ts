// One property along one trace, in one pass. A state is consumed when the next one comes, because a formula may relate
// the two; passed states are dropped, unless they may be part of a loop.
import type { EngineState } from '../../engine/index.js';
import { must } from '../../util/assert.js';
import { auraError } from '../../util/errors.js';
import type { AnyState, TemporalProperty } from './property.js';
import { isDecided } from './property.js';
import { FALSE, type Residual } from './residual.js';
import type { TemporalVerdict } from './verdict.js';

export interface RunOptions {
  /** Index of the state that follows the last one, or `unknown` where that is told only at the end. */
  readonly loop?: number | 'unknown';
}

/** A state that may be part of the loop, with what was asked from it on. */
interface Kept {
  readonly state: EngineState;
  readonly residual: Residual;
  readonly premise: Residual | undefined;
}

/** How the trace goes on after its last state. */
export type TraceEnd = 'open' | 'stutter' | { readonly loop: number };

export class TemporalRun {
  private residual: Residual;
  private premise: Residual | undefined;
  /** The last state, which is not consumed yet, and its index. */
  private last: EngineState | undefined;
  private step = -1;
  private decision: TemporalVerdict | undefined;
  private readonly exercised = new Set<number>();
  private since: ReadonlyMap<number, number> = new Map();
  /** From the first state that may begin a loop: each with what was asked from it on. */
  private readonly kept: Kept[] = [];
  private readonly keepFrom: number;

  constructor(
    private readonly property: TemporalProperty,
    { loop }: RunOptions = {},
  ) {
    this.residual = property.start;
    this.premise = property.premise();
    this.keepFrom = loop === undefined ? Number.POSITIVE_INFINITY : loop === 'unknown' ? 0 : loop;
    this.since = this.noted(this.residual);
    if (isDecided(this.residual)) this.decision = this.trivial();
  }

  /** Takes the next state of the trace. */
  next(given: AnyState): void {
    if (this.decision !== undefined) return;
    const state = this.property.stateOf(given);
    if (this.last !== undefined) this.consume(this.last, state);
    this.last = state;
    this.step++;
    if (this.step >= this.keepFrom && this.decision === undefined)
      this.kept.push({ state, residual: this.residual, premise: this.premise });
  }

  /** Whether the states up to the last one have broken it. */
  get isViolated(): boolean {
    return this.decision?.verdict === 'violated';
  }

  /** What is asked from the state on that was given last, or from the start; undefined once that is decided. */
  get asked(): Residual | undefined {
    return this.decision === undefined ? this.residual : undefined;
  }

  /** The verdict on the trace, whose states have all been given. */
  end(end: TraceEnd): TemporalVerdict {
    if (this.decision !== undefined) return this.decision;
    const { last } = this;
    if (last === undefined)
      return { verdict: 'inconclusive', error: auraError('AUR313', 'the trace has no states') };
    const notes = { exercised: this.exercised, since: this.since };
    if (end === 'open') {
      this.notePremise(premise => this.property.finish(premise, last, 'open', this.step));
      return this.property.finish(this.residual, last, 'open', this.step, notes);
    }
    const from = end === 'stutter' ? this.step : end.loop;
    const kept = this.loopFrom(from);
    const states = kept.map(({ state }) => state);
    const { residual, premise } = must(kept[0], 'the loop');
    this.premise = premise;
    this.notePremise(asked => this.property.loop(asked, states, from));
    return this.property.loop(residual, states, from, notes);
  }

  private loopFrom(from: number): readonly Kept[] {
    const { residual, premise } = this;
    if (from === this.step) return [{ state: must(this.last, 'the last state'), residual, premise }];
    return this.kept.slice(must(this.keepFrom <= from ? from - this.keepFrom : undefined, 'the loop'));
  }

  private consume(state: EngineState, next: EngineState): void {
    const { property, residual } = this;
    const after = property.step(residual, state, next, this.step, this.exercised);
    if (this.premise !== undefined && !isDecided(this.premise))
      this.premise = property.step(this.premise, state, next, this.step);
    if (after === residual) return;
    const notes = { exercised: this.exercised, since: this.since };
    if (isDecided(after)) {
      this.notePremise(() => undefined);
      this.decision = property.decidedVerdict(residual, after, state, next, this.step, notes);
      return;
    }
    this.residual = after;
    this.since = this.noted(after);
    property.tidy(this.premise === undefined ? [after] : [after, this.premise]);
  }

  // Since when each eventuality waits, of those that still do.
  private noted(residual: Residual): Map<number, number> {
    const since = new Map<number, number>();
    const note = (part: Residual): void => {
      if (part.kind === 'and' || part.kind === 'or') part.parts.forEach(note);
      else if (part.kind === 'instance' && part.formula.kind === 'eventually')
        since.set(part.id, this.since.get(part.id) ?? Math.max(0, this.step));
    };
    note(residual);
    return since;
  }

  // The premise of a whole formula puts it to the test unless it is certainly false.
  private notePremise(finish: (premise: Residual) => TemporalVerdict | undefined): void {
    if (this.premise === undefined) return;
    const isFalse = isDecided(this.premise)
      ? this.premise === FALSE
      : finish(this.premise)?.verdict === 'violated';
    if (!isFalse) this.exercised.add(this.property.formula.id);
  }

  private trivial(): TemporalVerdict {
    const verdict = this.residual === FALSE ? 'violated' : 'satisfied';
    return { verdict, deciding: { step: 0, expr: this.property.expr, bindings: [] } };
  }
}
