// A temporal property, made ready once for all traces. What it asks of the rest of a behaviour is a residual: a value
// that a caller may keep for each of many behaviours at once, and step on along any of them. TemporalRun does that for
// the one behaviour of a trace without gaps.
import type { CompiledSpec, EngineState, Site } from '../../engine/index.js';
import type { IrExpr } from '../../model/ir.js';
import type { State } from '../../model/value.js';
import { auraError } from '../../util/errors.js';
import { fail, ok, type Result } from '../../util/result.js';
import { asksEnabled } from './asks-enabled.js';
import { Automaton } from './automaton.js';
import type { Exercised, Workshop } from './evaluation.js';
import type { Formula } from './formula.js';
import { Progress } from './progress.js';
import { Refusal } from './refusal.js';
import { FALSE, type Residual, ResidualTable, TRUE } from './residual.js';
import { StepTruth } from './step-truth.js';
import { type Translation, translate } from './translate.js';
import { isVacuous } from './vacuous.js';
import { lassoVerdict, openVerdict, type TemporalVerdict, told } from './verdict.js';
import { Why } from './why.js';

/** A boolean expression, such as the body of a `temporal` definition, and where it stands. */
export interface TemporalSource {
  readonly expr: IrExpr;
  /** Absent: where its id is found, or in the main module. */
  readonly site?: Site;
}

/** States as the engine or as the other stages have them. Variables that a state lacks make what reads them unknown. */
export type AnyState = State | EngineState;

/** AUR701 for a formula that cannot be evaluated on a trace. */
export function compileTemporal(compiled: CompiledSpec, source: TemporalSource): Result<TemporalProperty> {
  const { expr } = source;
  const site = source.site ?? compiled.exprAt(expr.id)?.site ?? compiled.scope.mainSite;
  try {
    return ok(new TemporalProperty(expr.id, translate(compiled, { expr, site, env: new Map() })));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const location = compiled.spec.ir.spans.get(error.expr.id) ?? compiled.spec.ir.spans.get(expr.id);
    const details = { ...(location && { location }), ...(error.hint !== undefined && { hint: error.hint }) };
    return fail(auraError('AUR701', error.message, details));
  }
}

/** What was noted on the way along a behaviour. */
export interface Notes {
  readonly exercised: Exercised;
  /** By id of a residual that waits for something, the step since which it does. */
  readonly since: ReadonlyMap<number, number>;
}

const NO_NOTES: Notes['since'] = new Map();

export class TemporalProperty {
  /** What the whole behaviour is asked. */
  readonly start: Residual;
  readonly formula: Formula;
  private readonly workshop: Workshop;
  private readonly scratch: Exercised = new Set();
  private latest: { readonly exercised: Exercised; readonly progress: Progress } | undefined;

  constructor(
    /** Id of the whole expression. */
    readonly expr: number,
    { formula, table, terms }: Translation,
  ) {
    const truth = new StepTruth(terms);
    this.workshop = { truth, table: new ResidualTable(table, truth, formula) };
    this.formula = formula;
    this.start = this.workshop.table.instance(formula);
  }

  /** What a formula that is an implication as a whole asks first: while that may be true, the rest is put to the test. */
  premise(): Residual | undefined {
    const { formula } = this;
    const negated = formula.kind === 'or' && formula.implies ? formula.parts[0] : undefined;
    return negated && this.workshop.table.dual(this.workshop.table.instance(negated));
  }

  stateOf(state: AnyState): EngineState {
    return this.workshop.truth.terms.stateOf(state);
  }

  /** What is asked from `next` on, after `residual` was asked from `state` on. */
  step(
    residual: Residual,
    state: AnyState,
    next: AnyState,
    step = 0,
    exercised: Exercised = this.scratch,
  ): Residual {
    return this.progress(exercised).step(residual, this.stateOf(state), this.stateOf(next), step);
  }

  /** The verdict on a residual that {@link TemporalProperty.step} made true or false of what `before` asked. */
  decidedVerdict(
    before: Residual,
    after: Residual,
    state: AnyState,
    next: AnyState,
    step: number,
    notes: Notes = this.noNotes(),
  ): TemporalVerdict {
    const progress = this.progress(notes.exercised);
    progress.seat(this.stateOf(state), this.stateOf(next), step);
    const why = new Why(this.workshop, progress, notes.since);
    return after === FALSE
      ? told('violated', why.isFalse(before))
      : this.withVacuity(told('satisfied', why.isTrue(before)), notes.exercised);
  }

  /** The verdict on a trace that ends in `last`, which `residual` is asked from on. */
  finish(
    residual: Residual,
    last: AnyState,
    end: 'open' | 'stutter',
    step = 0,
    notes: Notes = this.noNotes(),
  ): TemporalVerdict {
    if (end === 'stutter') return this.loop(residual, [last], step, notes);
    const state = this.stateOf(last);
    const ending = { residual, step, ...notes, expr: this.expr };
    return this.withVacuity(openVerdict(this.workshop, ending, state), notes.exercised);
  }

  /** The verdict on a trace that goes round `states` for ever, from whose first on `residual` is asked. */
  loop(
    residual: Residual,
    states: readonly AnyState[],
    step = 0,
    notes: Notes = this.noNotes(),
  ): TemporalVerdict {
    const ending = { residual, step, ...notes, expr: this.expr };
    const loop = states.map(state => this.stateOf(state));
    return this.withVacuity(lassoVerdict(this.workshop, ending, loop), notes.exercised);
  }

  /** The behaviours that break it, as an automaton with a table of residuals of its own. */
  breaking(): Automaton {
    const { truth, table } = this.workshop;
    const own = table.fresh();
    return new Automaton({ truth, table: own }, own.dual(own.adopt(this.start)));
  }

  /** Whether it asks what is enabled, as fairness does: then it tells where a behaviour may not stop. */
  get asksEnabled(): boolean {
    return asksEnabled(this.formula);
  }

  /** Drops what is remembered of residuals other than these, once that is much. */
  tidy(kept: readonly Residual[]): void {
    const { table } = this.workshop;
    if (table.count > TIDY_AT) table.forgetAllBut(kept);
  }

  /** How many residuals are remembered. */
  get remembered(): number {
    return this.workshop.table.count;
  }

  private withVacuity(verdict: TemporalVerdict, exercised: Exercised): TemporalVerdict {
    if (verdict.verdict !== 'satisfied' && verdict.verdict !== 'presumablySatisfied') return verdict;
    return exercised === this.scratch ? verdict : { ...verdict, vacuous: isVacuous(this.formula, exercised) };
  }

  private noNotes(): Notes {
    return { exercised: this.scratch, since: NO_NOTES };
  }

  // One is kept: a run takes many steps with the same notes.
  private progress(exercised: Exercised): Progress {
    if (this.latest === undefined || this.latest.exercised !== exercised)
      this.latest = { exercised, progress: new Progress(this.workshop, exercised) };
    return this.latest.progress;
  }
}

/** Whether nothing that follows can change the verdict. */
export function isDecided(residual: Residual): boolean {
  return residual === TRUE || residual === FALSE;
}

/** Residuals that are remembered before those that nobody holds are forgotten. */
const TIDY_AT = 50_000;
