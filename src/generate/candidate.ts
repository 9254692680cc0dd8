// A schedule as the generator sees it: states, and for every step which action was taken with which parameters. It
// comes from our own strategies, which know all of it, or from a trace of Quint, as far as that recorded it.
import type { Action, ActionCall, Model } from '../model/model.js';
import { equalValues, type State, type Value } from '../model/value.js';
import type { ItfTrace } from '../trace/itf.js';
import { ACTION_TAKEN, itfOfSteps, NONDET_PICKS } from '../trace/steps-itf.js';
import type { SpecEvaluator } from './evaluator.js';
import type { Find } from './find.js';

/** How a schedule came about, and what is known of it beside its steps. */
export type Origin = Omit<Find, 'ways' | 'strategy'> & {
  /** The strategy that found it, or `quint` for a trace of Quint's simulator. */
  readonly strategy: Find['strategy'] | 'quint';
};

/** A find made presentable, as plain data. */
export interface Schedule extends Origin {
  readonly steps: readonly ScheduleStep[];
}

export interface ScheduleStep {
  /** Name of the action of the model; undefined where the step is by none that has a name. */
  readonly action: string | undefined;
  /** As the engine labels the step. */
  readonly label: string | undefined;
  readonly args: readonly (readonly [string, Value])[];
  readonly picks: readonly (readonly [string, Value])[];
  readonly state: State;
}

export interface Candidate {
  readonly origin: Origin;
  /** Seed of the run that drew it, in decimal digits. */
  readonly seed: string;
  /** The ITF trace of the steps that the spec allows. */
  readonly trace: ItfTrace;
  /** States under the model's names of variables: one more than steps. */
  readonly states: readonly State[];
  readonly steps: readonly CandidateStep[];
}

export interface CandidateStep {
  /** Name of the action; of an unnamed branch what the model calls it, or `unknown`. */
  readonly action: string;
  /** Undefined when it is not known which action of the model it was. */
  readonly source: Action | undefined;
  /** Values of parameters by name; what was not recorded is absent. */
  readonly params: ReadonlyMap<string, Value>;
  /** Values of `nondet` names in scope of the action, by name. */
  readonly picks: ReadonlyMap<string, Value>;
}

/** A schedule of a strategy as a candidate. */
export function candidateOf(
  schedule: Schedule,
  seed: string,
  model: Model,
  evaluator: SpecEvaluator,
): Candidate {
  const { steps, ...known } = schedule;
  // Where it is not told what a step picked, nobody knows in which state the forbidden step would be tried.
  const { refused, ...rest } = known;
  const isTold = steps.every(({ picks }) => new Set(picks.map(([name]) => name)).size === picks.length);
  const origin: Origin = isTold || refused === undefined ? known : rest;
  const trace = itfOfSteps(
    steps.map(step => ({ ...step, action: step.label })),
    { status: 'ok' },
  );
  return {
    origin,
    seed,
    trace: { ...trace, ...(origin.loop !== undefined && { loop: origin.loop }) },
    states: steps.map(({ state }) => state),
    steps: steps.slice(1).flatMap((step, i) => {
      const before = steps[i]?.state;
      return before === undefined ? [] : [stepOf(step, before, model, evaluator)];
    }),
  };
}

function stepOf(
  { action, label, args, picks }: ScheduleStep,
  before: State,
  model: Model,
  evaluator: SpecEvaluator,
): CandidateStep {
  const source = model.actions.find(({ name }) => name === action);
  const taken = withoutTwins(picks);
  if (source === undefined || action === undefined)
    return { action: action ?? (label || 'unknown'), source, params: new Map(), picks: taken };
  // The engine names the arguments of the action that gives a step its label, which may be one around this one.
  const own = bareName(action) === label;
  const calls = source.calls.filter(call => call.label === label);
  const params = own ? new Map(args) : paramsOf(source, calls, taken, before, evaluator);
  return { action, source, params, picks: taken };
}

/** The first `steps` steps of a candidate and the states around them, without what holds of the whole only. */
export function legalPart(candidate: Candidate, steps: number): Candidate {
  const { loop: _, ...trace } = candidate.trace;
  return {
    ...candidate,
    origin: { strategy: candidate.origin.strategy },
    trace: { ...trace, states: trace.states.slice(0, steps + 1) },
    states: candidate.states.slice(0, steps + 1),
    steps: candidate.steps.slice(0, steps),
  };
}

/** Of two picks of one name neither is told: nobody could say which is which. */
function withoutTwins(picks: ScheduleStep['picks']): ReadonlyMap<string, Value> {
  return new Map(picks.filter(([name]) => picks.filter(([other]) => other === name).length === 1));
}

function bareName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** Reads a trace with the variables that `quint run --mbt` adds. */
export function readCandidate(
  trace: ItfTrace,
  seed: string,
  model: Model,
  evaluator: SpecEvaluator,
): Candidate {
  const names = alignNames(
    trace.vars.filter(name => !name.startsWith('mbt::')),
    model.variables.map(({ name }) => name),
  );
  const states = trace.states.map(
    ({ values }) => new Map([...values].flatMap(([name, value]) => entryOf(names, name, value))),
  );
  const steps = trace.states.slice(1).flatMap(({ values }, i) => {
    const before = states[i];
    return before === undefined ? [] : [readStep(values, before, model, evaluator)];
  });
  return { origin: { strategy: 'quint' }, trace, seed, states, steps };
}

function entryOf(names: ReadonlyMap<string, string>, name: string, value: Value): [string, Value][] {
  const known = names.get(name);
  return known === undefined ? [] : [[known, value]];
}

/**
 * Which name of the trace is which of the model: equal names first, then the only remaining one that ends alike
 * (`votes` and `main::proto::votes`); tools disagree on how much they write in front.
 */
function alignNames(found: readonly string[], wanted: readonly string[]): ReadonlyMap<string, string> {
  const aligned = new Map<string, string>(
    found.filter(name => wanted.includes(name)).map(name => [name, name]),
  );
  for (const name of found) {
    if (aligned.has(name)) continue;
    const taken = new Set(aligned.values());
    const fitting = wanted.filter(
      other => !taken.has(other) && (other.endsWith(`::${name}`) || name.endsWith(`::${other}`)),
    );
    const [only] = fitting;
    if (fitting.length === 1 && only !== undefined) aligned.set(name, only);
  }
  return aligned;
}

function readStep(values: State, before: State, model: Model, evaluator: SpecEvaluator): CandidateStep {
  const taken = values.get(ACTION_TAKEN);
  const label = typeof taken === 'string' ? taken : '';
  const possible = model.actions.filter(({ calls }) => calls.some(call => call.label === label));
  const [only] = possible;
  if (only === undefined || possible.length > 1) {
    return { action: label || 'unknown', source: undefined, params: new Map(), picks: new Map() };
  }
  const calls = only.calls.filter(call => call.label === label);
  const picks = picksFor(calls, values);
  return { action: only.name, source: only, picks, params: paramsOf(only, calls, picks, before, evaluator) };
}

// Quint keeps one value a name: where one call has two `nondet`s of one name, the value tells nothing.
function picksFor(calls: readonly ActionCall[], values: State): ReadonlyMap<string, Value> {
  const recorded = values.get(NONDET_PICKS);
  const picks = new Map<string, Value>();
  if (typeof recorded !== 'object' || recorded.kind !== 'record') return picks;
  for (const [name, option] of recorded.fields) {
    const declared = calls.map(
      call => call.bindings.filter(binding => binding.nondet && binding.name === name).length,
    );
    if (declared.some(count => count !== 1)) continue;
    if (typeof option === 'object' && option.kind === 'variant' && option.tag === 'Some')
      picks.set(name, option.value);
  }
  return picks;
}

// A parameter is what the argument evaluates to before the step; several calls must agree on it.
function paramsOf(
  action: Action,
  calls: readonly ActionCall[],
  picks: ReadonlyMap<string, Value>,
  before: State,
  evaluator: SpecEvaluator,
): ReadonlyMap<string, Value> {
  const params = new Map<string, Value>();
  for (const [i, parameter] of action.parameters.entries()) {
    const answers = calls.map(call => evaluator.argument(call, i, picks, before));
    const [first] = answers;
    if (first !== undefined && answers.every(answer => answer !== undefined && equalValues(answer, first)))
      params.set(parameter.name, first);
  }
  return params;
}
