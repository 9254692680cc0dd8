// The leaf actions of a step relation: the disjuncts of `any`, followed through named compositions, with the
// `nondet` and `val` bindings around each call. A composition is an action that only chooses among others.

import type { IrExpr, IrLookup, IrOpDef } from './ir.js';
import type { ActionCall } from './model.js';

export interface StepLeaf {
  /** The named action; undefined for a disjunct that is written out in place. */
  readonly def: IrOpDef | undefined;
  /** Through which import or instance the call sees it, innermost first. */
  readonly namespaces: readonly string[];
  /** The disjunct itself. */
  readonly expr: IrExpr;
  readonly call: ActionCall;
}

type Table = ReadonlyMap<number, IrLookup>;
type Bindings = ActionCall['bindings'];

/** What lies between `step` and the expression being visited. */
interface Path {
  readonly label: string;
  readonly bindings: Bindings;
  readonly namespaces: readonly string[];
}

/** The leaves below `step`, in the order of the source, and the definitions that only compose. */
export function stepLeaves(step: IrOpDef, table: Table): { leaves: StepLeaf[]; compositions: IrOpDef[] } {
  const leaves: StepLeaf[] = [];
  const compositions = new Map<number, IrOpDef>([[step.id, step]]);
  const visit = (expr: IrExpr, path: Path): void => {
    const branches = branchesOf(expr);
    if (expr.kind === 'let') {
      visit(expr.expr, { ...path, bindings: [...path.bindings, bindingOf(expr.opdef)] });
    } else if (branches) {
      const label = expr.kind === 'app' && expr.opcode === 'actionAny' ? '' : path.label;
      for (const branch of branches) visit(branch, { ...path, label });
    } else {
      const called = calledAction(expr, table);
      if (called) visitCall(expr, called, path);
      else visitGuarded(expr, path);
    }
  };
  const visitCall = (expr: IrExpr, { def, args, namespaces }: CalledAction, path: Path): void => {
    if (compositions.has(def.id)) return;
    const inside = {
      ...path,
      label: path.label || def.name,
      namespaces: namespaces.length > 0 ? namespaces : path.namespaces,
    };
    if (isComposition(def, table)) {
      compositions.set(def.id, def);
      visit(bodyOf(def), { ...inside, bindings: [...path.bindings, ...parameterBindings(def, args)] });
    } else {
      const call = { label: inside.label, args, bindings: path.bindings };
      leaves.push({ def, namespaces: inside.namespaces, expr, call });
    }
  };
  const visitGuarded = (expr: IrExpr, path: Path): void => {
    const inner = onlyActionOf(expr, table);
    if (inner) visit(inner, path);
    else {
      const { namespaces, bindings } = path;
      const label = path.label || firstNamed(expr, table);
      leaves.push({ def: undefined, namespaces, expr, call: { label, args: [], bindings } });
    }
  };
  visit(bodyOf(step), { label: step.name, bindings: [], namespaces: [] });
  return { leaves, compositions: [...compositions.values()] };
}

/** Name of the first action that is called in an expression without a choice; empty for none. */
function firstNamed(expr: IrExpr, table: Table): string {
  if (expr.kind === 'let' || expr.kind === 'lambda') return firstNamed(expr.expr, table);
  const called = calledAction(expr, table);
  if (called) return called.def.name;
  if (expr.kind !== 'app' || expr.opcode === 'actionAny') return '';
  return expr.args.map(arg => firstNamed(arg, table)).find(name => name !== '') ?? '';
}

function bindingOf(def: IrOpDef): Bindings[number] {
  return { name: def.name, id: def.id, nondet: def.qualifier === 'nondet', expr: def.expr };
}

function parameterBindings(def: IrOpDef, args: readonly IrExpr[]): Bindings {
  if (def.expr.kind !== 'lambda') return [];
  return def.expr.params.flatMap((param, i) => {
    const expr = args[i];
    return expr === undefined ? [] : [{ name: param.name, id: param.id, nondet: false, expr }];
  });
}

export function bodyOf(def: IrOpDef): IrExpr {
  return def.expr.kind === 'lambda' ? def.expr.expr : def.expr;
}

function branchesOf(expr: IrExpr): readonly IrExpr[] | undefined {
  if (expr.kind !== 'app') return undefined;
  if (expr.opcode === 'actionAny') return expr.args;
  if (expr.opcode === 'ite') return expr.args.slice(1);
  return undefined;
}

interface CalledAction {
  readonly def: IrOpDef;
  readonly args: readonly IrExpr[];
  readonly namespaces: readonly string[];
}

function calledAction(expr: IrExpr, table: Table): CalledAction | undefined {
  if (expr.kind !== 'app' && expr.kind !== 'name') return undefined;
  const found = table.get(expr.id);
  if (found?.kind !== 'def' || found.qualifier !== 'action') return undefined;
  return { def: found, args: expr.kind === 'app' ? expr.args : [], namespaces: found.namespaces ?? [] };
}

// `all { guard, any { ... } }` only adds a guard, and `all { act(x), y' = y }` only frames the other variables.
function onlyActionOf(expr: IrExpr, table: Table): IrExpr | undefined {
  if (expr.kind !== 'app' || expr.opcode !== 'actionAll') return undefined;
  const acting = expr.args.filter(arg => !isAssignment(arg) && mayAct(arg, table));
  return acting.length === 1 ? acting[0] : undefined;
}

function isAssignment(expr: IrExpr): boolean {
  return expr.kind === 'app' && expr.opcode === 'assign';
}

/** Whether an expression can update state: an assignment or a call of an action somewhere in it. */
function mayAct(expr: IrExpr, table: Table): boolean {
  if (isAssignment(expr) || calledAction(expr, table)) return true;
  if (expr.kind === 'app') return expr.args.some(arg => mayAct(arg, table));
  if (expr.kind === 'let') return mayAct(expr.expr, table);
  return expr.kind === 'lambda' && mayAct(expr.expr, table);
}

/** Whether an action only chooses among, or passes on to, other named actions. */
export function isComposition(def: IrOpDef, table: Table): boolean {
  const composes = (expr: IrExpr): boolean => {
    if (expr.kind === 'let') return composes(expr.expr);
    if (calledAction(expr, table)) return true;
    const branches = branchesOf(expr);
    if (branches) return branches.some(composes);
    const inner = onlyActionOf(expr, table);
    return inner !== undefined && branchesOf(strip(inner)) !== undefined && composes(inner);
  };
  return composes(bodyOf(def));
}

function strip(expr: IrExpr): IrExpr {
  return expr.kind === 'let' ? strip(expr.expr) : expr;
}
