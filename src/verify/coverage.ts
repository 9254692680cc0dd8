// What a set of traces exercised of a spec: its actions, the branches of its step, its guards, its properties; and so
// what they did not. Actions are counted as the verdicts explained the steps; guards are tried in a sample of states,
// because every way through every action in every state would cost more than the verification.
import type {
  ActionCoverage,
  BranchCoverage,
  Coverage,
  GuardCoverage,
  PropertyCoverage,
  TraceVerdict,
} from '../../generated/verify-result.js';
import {
  type Closure,
  type CompiledSpec,
  decodeState,
  type EngineState,
  tryAction,
} from '../engine/index.js';
import type { IrExpr } from '../model/ir.js';
import type { Action, Model } from '../model/model.js';
import type { ActionNames } from './action-names.js';
import { placeOf } from './reason.js';

/** States in which guards are tried. */
const GUARD_STATES = 24;

export interface Exercised {
  readonly verdict: Pick<TraceVerdict, 'invariants' | 'temporal'>;
  readonly actions: ReadonlyMap<string | undefined, number>;
  readonly sample: readonly EngineState[];
}

/** `step` names the action whose guards are tried; without it guards are left out. */
export function coverageOf(
  model: Model,
  compiled: CompiledSpec,
  traces: readonly Exercised[],
  names: ActionNames,
  step: string | undefined,
): Coverage {
  const counts = new Map<string, number>();
  for (const { actions } of traces)
    for (const [name, count] of actions) counts.set(name ?? '', (counts.get(name ?? '') ?? 0) + count);
  const actions = model.actions.map(action => actionCoverage(action, names.labelsOf(action), counts));
  const taken = actions.filter(({ count }) => count > 0).length;
  return {
    actions,
    branches: branchesOf(model, compiled, counts),
    guards: step === undefined ? [] : guardsOf(compiled, step, traces),
    properties: propertiesOf(traces),
    actionShare: actions.length === 0 ? 0 : taken / actions.length,
    minActionShare: 0,
  };
}

// Branches that bear the same label, or none, cannot be told apart: their steps count for each of them.
function actionCoverage(
  action: Action,
  labels: ReadonlySet<string>,
  counts: ReadonlyMap<string, number>,
): ActionCoverage {
  const { file, line, column } = action.location;
  const count = [...labels].reduce((sum, label) => sum + (counts.get(label) ?? 0), 0);
  return { name: action.name, count, location: { file, line, column } };
}

function branchesOf(
  model: Model,
  compiled: CompiledSpec,
  counts: ReadonlyMap<string, number>,
): BranchCoverage[] {
  const branches = new Map<string, BranchCoverage>();
  for (const action of model.actions)
    for (const { label, args } of action.calls) {
      const name = label || shortName(action.name);
      const span = compiled.spec.ir.spans.get(args[0]?.id ?? action.id);
      if (!branches.has(name))
        branches.set(name, { action: name, count: counts.get(name) ?? 0, location: placeOf(span) });
    }
  return [...branches.values()];
}

function guardsOf(compiled: CompiledSpec, step: string, traces: readonly Exercised[]): GuardCoverage[] {
  const guards = new Map<string, GuardCoverage>();
  const onGuard = ({ expr }: Closure, action: { name: string } | undefined, held: boolean): void => {
    const name = action?.name ?? '(unnamed)';
    const key = `${name} ${expr.id}`;
    const known = guards.get(key) ?? {
      action: name,
      guard: textOf(expr),
      held: 0,
      failed: 0,
      location: placeOf(compiled.spec.ir.spans.get(expr.id)),
    };
    guards.set(key, {
      ...known,
      held: known.held + (held ? 1 : 0),
      failed: known.failed + (held ? 0 : 1),
    });
  };
  const whole = traces.flatMap(({ sample }) => sample).filter(state => !state.includes(undefined));
  const stride = Math.max(1, Math.ceil(whole.length / GUARD_STATES));
  for (const [i, state] of whole.entries())
    if (i % stride === 0)
      tryAction(compiled, step, { from: decodeState(compiled, state), onAttempt: () => {}, onGuard });
  return [...guards.values()].sort(
    (a, b) =>
      (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
      (a.location?.column ?? 0) - (b.location?.column ?? 0),
  );
}

function propertiesOf(traces: readonly Exercised[]): PropertyCoverage[] {
  const found = new Map<string, PropertyCoverage>();
  const add = (kind: PropertyCoverage['kind'], name: string, vacuous: boolean): void => {
    const known = found.get(`${kind} ${name}`);
    found.set(`${kind} ${name}`, {
      name,
      kind,
      evaluated: (known?.evaluated ?? 0) + 1,
      vacuous: (known?.vacuous ?? true) && vacuous,
    });
  };
  for (const { verdict } of traces) {
    for (const { name, vacuous } of verdict.invariants) add('invariant', name, vacuous);
    for (const { name, vacuous } of verdict.temporal) add('temporal', name, vacuous);
  }
  return [...found.values()];
}

/** An expression in few words: operators and names, without what is deep inside. */
function textOf(expr: IrExpr, depth = 0): string {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'app':
      return depth > 2
        ? `${expr.opcode}(...)`
        : `${expr.opcode}(${expr.args.map(arg => textOf(arg, depth + 1)).join(', ')})`;
    case 'lambda':
      return `${expr.params.map(({ name }) => name).join(', ')} => ${textOf(expr.expr, depth + 1)}`;
    case 'let':
      return textOf(expr.expr, depth);
    default:
      return String(expr.value);
  }
}

function shortName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}
