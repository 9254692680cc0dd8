// Derives the Model from a checked Spec: a pure function of Quint's answers and the configuration. What counts as
// an action, an invariant and a temporal property is decided here (docs/model.md states the rules).
import type { Location } from '../util/errors.js';
import { compareText } from '../util/order.js';
import { type Annotations, parseAnnotations, proseOf } from './annotations.js';
import {
  type Classification,
  classifyAction,
  classifyProperty,
  invariantRule,
  NO_CLASSIFICATION,
} from './classify.js';
import type { IrEffect, IrEntity, IrExpr, IrOpDef, QuintIr } from './ir.js';
import type {
  Action,
  ActionCall,
  Constant,
  EntryActions,
  Model,
  Named,
  OtherAction,
  Parameter,
  Property,
  Variable,
} from './model.js';
import { resolveScope, type Scope, type ScopeEntry } from './scope.js';
import type { Spec } from './spec.js';
import { bodyOf, isComposition, type StepLeaf, stepLeaves } from './step-leaves.js';

const USUAL_ENTRY: EntryActions = { init: 'init', step: 'step' };

type OpEntry = ScopeEntry & { readonly def: IrOpDef };

interface Context {
  readonly ir: QuintIr;
  readonly scope: Scope;
  readonly config: Classification;
  readonly file: string;
  /** Operators that the main module sees. */
  readonly operators: readonly OpEntry[];
  readonly entry: EntryActions;
}

/** `entry` names the actions to begin and to go on with, where they are others than the usual ones. */
export function buildModel(
  spec: Spec,
  config: Classification = NO_CLASSIFICATION,
  entry: EntryActions = USUAL_ENTRY,
): Model {
  const { ir, main, file } = spec;
  const scope = resolveScope(ir.modules, main);
  const operators = scope.entries
    .flatMap(entry => (entry.def.kind === 'def' ? [{ ...entry, def: entry.def }] : []))
    .sort((a, b) => inSourceOrder(ir, a.def.id, b.def.id));
  const context: Context = { ir, scope, config, file, operators, entry };
  const values = operators.filter(({ def }) => def.qualifier === 'val' && isPlainBoolean(ir, def));
  const chosen = values.map(entry => ({
    entry,
    rule: invariantRule(entry.name, annotationsOf(entry.def), config),
  }));
  const isState = (entry: OpEntry) => touched(context, entry.def, 'read').length > 0;
  return {
    spec,
    constants: constantsOf(context),
    variables: scope.variables.flatMap(entry => variableOf(context, entry)),
    ...actionsOf(context),
    invariants: chosen.flatMap(({ entry, rule }) =>
      rule !== undefined && (isState(entry) || rule.includes('@')) ? [property(context, entry, rule)] : [],
    ),
    candidates: chosen.flatMap(({ entry, rule }) =>
      rule === undefined && isState(entry) ? [property(context, entry, 'none: a candidate')] : [],
    ),
    temporalProperties: operators
      .filter(({ def }) => def.qualifier === 'temporal' && isPlainBoolean(ir, def))
      .map(entry => property(context, entry, 'defined as temporal')),
    runs: operators.filter(({ def }) => def.qualifier === 'run').map(entry => named(context, entry)),
    entry,
    hasInit: operators.some(({ name, def }) => name === entry.init && def.qualifier === 'action'),
    hasStep: operators.some(({ name, def }) => name === entry.step && def.qualifier === 'action'),
  };
}

// Quint orders declarations by what they depend on; people know them by where they stand.
function inSourceOrder(ir: QuintIr, a: number, b: number): number {
  const [left, right] = [ir.spans.get(a), ir.spans.get(b)];
  if (left === undefined || right === undefined || left.file !== right.file) return 0;
  return left.line - right.line || left.column - right.column;
}

function annotationsOf(def: { readonly doc?: string }): Annotations {
  return parseAnnotations(def.doc ?? '');
}

function isPlainBoolean(ir: QuintIr, def: IrOpDef): boolean {
  return def.expr.kind !== 'lambda' && ir.types.get(def.id)?.type.kind === 'bool';
}

function named(context: Context, entry: ScopeEntry): Named {
  const { id } = entry.def;
  return { name: entry.name, id, doc: proseOf(entry.def.doc ?? ''), location: locationOf(context, id) };
}

function locationOf(context: Context, id: number): Location {
  return context.ir.spans.get(id) ?? { file: context.file, line: 1, column: 1 };
}

function constantsOf(context: Context): Constant[] {
  return context.scope.entries.flatMap((entry): Constant[] => {
    const { def } = entry;
    const annotations = annotationsOf(def);
    if (def.kind === 'const') {
      const value = entry.overrides.get(def.name);
      return [
        {
          ...named(context, entry),
          declaredAs: 'const',
          annotations,
          type: def.typeAnnotation,
          ...(value && { value }),
        },
      ];
    }
    const type = context.ir.types.get(def.id)?.type;
    if (def.kind !== 'def' || def.qualifier !== 'pureval' || type === undefined) return [];
    return [{ ...named(context, entry), declaredAs: 'pure val', annotations, type, value: def.expr }];
  });
}

function variableOf(context: Context, entry: ScopeEntry): Variable[] {
  return entry.def.kind === 'var' ? [{ ...named(context, entry), type: entry.def.typeAnnotation }] : [];
}

function property(context: Context, entry: OpEntry, chosenBy: string): Property {
  const annotations = annotationsOf(entry.def);
  const temporal = entry.def.qualifier === 'temporal';
  const safety = !temporal || !uses(entry.def.expr, LIVENESS_OPERATORS, context.ir);
  const assumption = annotations.get('assume');
  return {
    ...named(context, entry),
    kind: temporal ? 'temporal' : 'invariant',
    safety,
    assumesFairness: temporal && uses(entry.def.expr, FAIRNESS_OPERATORS, context.ir),
    reads: touched(context, entry.def, 'read', 'temporal'),
    ...classifyProperty(entry.name, annotations, safety, context.config),
    chosenBy,
    expr: entry.def.expr,
    ...(assumption !== undefined && { assumption }),
  };
}

const SEQUENCES = new Set(['then', 'expect', 'reps', 'fail']);
const FAIRNESS_OPERATORS = new Set(['weakFair', 'strongFair']);
const LIVENESS_OPERATORS = new Set(['eventually', 'leadsTo', 'weakFair', 'strongFair']);

/** Whether a formula, followed through the definitions that it uses, contains one of the operators. */
function uses(
  formula: IrExpr,
  operators: ReadonlySet<string>,
  ir: QuintIr,
  seen: Set<number> = new Set(),
): boolean {
  const below = (inner: IrExpr) => uses(inner, operators, ir, seen);
  const definition = formula.kind === 'name' || formula.kind === 'app' ? ir.table.get(formula.id) : undefined;
  if (definition?.kind === 'def' && !seen.has(definition.id)) {
    seen.add(definition.id);
    if (below(definition.expr)) return true;
  }
  if (formula.kind === 'app')
    return (definition === undefined && operators.has(formula.opcode)) || formula.args.some(below);
  if (formula.kind === 'let') return below(formula.opdef.expr) || below(formula.expr);
  return formula.kind === 'lambda' && below(formula.expr);
}

function actionsOf(context: Context): { actions: Action[]; otherActions: OtherAction[] } {
  const actionEntries = context.operators.filter(
    ({ def }) => def.qualifier === 'action' && def.name !== context.entry.init,
  );
  const step = actionEntries.find(({ name }) => name === context.entry.step);
  const { actions, compositions } = step
    ? steppedActions(context, step)
    : drivingActions(context, actionEntries);
  const known = new Set(actions.map(({ id }) => id));
  const otherActions = actionEntries
    .filter(({ def }) => !known.has(def.id))
    .map(
      (entry): OtherAction => ({
        ...named(context, entry),
        role: compositions.has(entry.def.id) ? 'composition' : 'helper',
      }),
    );
  return { actions, otherActions };
}

function steppedActions(
  context: Context,
  step: OpEntry,
): { actions: Action[]; compositions: ReadonlySet<number> } {
  const { leaves, compositions } = stepLeaves(step.def, context.ir.table);
  const byName = new Map<string, { leaf: StepLeaf; calls: ActionCall[] }>();
  for (const leaf of leaves) {
    const name = leafName(context, leaf);
    const group = byName.get(name) ?? { leaf, calls: [] };
    group.calls.push(leaf.call);
    byName.set(name, group);
  }
  const actions = [...byName].map(([name, { leaf, calls }]) =>
    leaf.def ? action(context, name, leaf.def, calls) : anonymousAction(context, name, leaf, calls),
  );
  return { actions, compositions: new Set(compositions.map(({ id }) => id)) };
}

/** The name under which main sees the action of a leaf; of several instances the one that the call goes through. */
function leafName(context: Context, leaf: StepLeaf): string {
  const { def } = leaf;
  if (def === undefined) {
    const { line, column } = locationOf(context, leaf.expr.id);
    return `anonymous@${line}:${column}`;
  }
  const seen = context.operators.filter(entry => entry.def.id === def.id);
  const through = seen.find(
    entry => entry.instances.length > 0 && entry.instances.every(name => leaf.namespaces.includes(name)),
  );
  return (through ?? seen[0])?.name ?? def.name;
}

function action(context: Context, name: string, def: IrOpDef, calls: readonly ActionCall[]): Action {
  return {
    name,
    id: def.id,
    doc: proseOf(def.doc ?? ''),
    location: locationOf(context, def.id),
    parameters: parametersOf(context.ir, def),
    reads: touched(context, def, 'read'),
    updates: touched(context, def, 'update'),
    ...classifyAction(name, annotationsOf(def), context.config),
    calls,
  };
}

function anonymousAction(
  context: Context,
  name: string,
  leaf: StepLeaf,
  calls: readonly ActionCall[],
): Action {
  const location = locationOf(context, leaf.expr.id);
  const kind = classifyAction('', new Map(), context.config);
  return {
    name,
    id: leaf.expr.id,
    doc: '',
    location,
    parameters: [],
    reads: [],
    updates: [],
    ...kind,
    calls,
  };
}

function drivingActions(
  context: Context,
  entries: readonly OpEntry[],
): { actions: Action[]; compositions: ReadonlySet<number> } {
  // What runs other actions one after the other is a test, though it is called an action.
  const updating = entries.filter(
    ({ def }) => touched(context, def, 'update').length > 0 && !uses(bodyOf(def), SEQUENCES, context.ir),
  );
  const compositions = new Set(
    updating.filter(({ def }) => isComposition(def, context.ir.table)).map(({ def }) => def.id),
  );
  const called = new Set(
    updating
      .filter(({ def }) => !compositions.has(def.id))
      .flatMap(({ def }) => calledActions(bodyOf(def), context.ir)),
  );
  const driving = updating.filter(({ def }) => !compositions.has(def.id) && !called.has(def.id));
  return { actions: driving.map(entry => action(context, entry.name, entry.def, [])), compositions };
}

function calledActions(expr: IrExpr, ir: QuintIr): number[] {
  const definition = expr.kind === 'name' || expr.kind === 'app' ? ir.table.get(expr.id) : undefined;
  const own = definition?.kind === 'def' && definition.qualifier === 'action' ? [definition.id] : [];
  if (expr.kind === 'app') return [...own, ...expr.args.flatMap(arg => calledActions(arg, ir))];
  if (expr.kind === 'let') return [...calledActions(expr.opdef.expr, ir), ...calledActions(expr.expr, ir)];
  return expr.kind === 'lambda' ? calledActions(expr.expr, ir) : own;
}

function parametersOf(ir: QuintIr, def: IrOpDef): Parameter[] {
  if (def.expr.kind !== 'lambda') return [];
  const type = ir.types.get(def.id)?.type;
  const types = type?.kind === 'oper' ? type.args : [];
  return def.expr.params.flatMap((param, i) => {
    const paramType = param.typeAnnotation ?? types[i];
    return paramType === undefined ? [] : [{ name: param.name, id: param.id, type: paramType }];
  });
}

/** Names of the variables that a definition touches in one of these ways, by Quint's effects, sorted. */
function touched(context: Context, def: IrOpDef, ...kinds: readonly EffectKind[]): string[] {
  const effect = context.ir.effects.get(def.id);
  const ids = new Set(effect === undefined ? [] : variablesIn(effect, kinds));
  const touchedHere = context.scope.variables.filter(variable => ids.has(variable.def.id));
  return touchedHere.map(({ name }) => name).sort(compareText);
}

type EffectKind = 'read' | 'update' | 'temporal';

function variablesIn(effect: IrEffect, kinds: readonly EffectKind[]): number[] {
  if (effect.kind === 'variable') return [];
  if (effect.kind === 'arrow') return variablesIn(effect.result, kinds);
  return effect.components
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap(({ entity }) => variablesOf(entity));
}

function variablesOf(entity: IrEntity): number[] {
  if (entity.kind === 'concrete') return entity.stateVariables.map(({ reference }) => reference);
  return entity.kind === 'union' ? entity.entities.flatMap(variablesOf) : [];
}
