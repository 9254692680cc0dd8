// The mutants of a spec: for each guard the ways to weaken it, each as a spec of its own, and as the steps that it
// allows and the spec does not. Nothing here runs.

import { type Guard, guardsOf } from '../../model/guards.js';
import type { IrApp, IrExpr, IrLookup, IrOpDef } from '../../model/ir.js';
import type { Model } from '../../model/model.js';
import type { Spec } from '../../model/spec.js';
import { bodyOf } from '../../model/step-leaves.js';
import { firstFreeId, withReplaced } from './mutated-spec.js';
import { type Weakened, type Workshop, weakenings } from './weaken.js';

export interface Mutant extends Weakened {
  readonly guard: Guard;
}

/** All mutants, guard by guard; those of one guard begin with the one that leaves it out, which allows most. */
export function mutantsOf(model: Model): Mutant[] {
  const { spec } = model;
  const workshop = workshopOf(spec);
  return guardsOf(model).flatMap(guard =>
    weakenings(guard.expr, workshop(guard)).map(weakened => ({ ...weakened, guard })),
  );
}

/** What changing guards of a spec needs. */
export function workshopOf(spec: Spec): (guard: Guard) => Workshop {
  const { table, types, modules } = spec.ir;
  let last = firstFreeId(spec);
  const homes = new Map(
    modules.flatMap(module => module.declarations.map(({ id }) => [id, module] as const)),
  );
  return ({ definition }) => ({
    table,
    types,
    nextId: () => last++,
    isNear: ({ id }) => homes.get(id) === homes.get(definition),
  });
}

/** Whether nothing is left of the guard. */
export function leavesOut({ expr }: Mutant): boolean {
  return expr.kind === 'bool' && expr.value;
}

/** The spec with the weaker guard. */
export function mutatedSpec(spec: Spec, { guard, expr }: Mutant): Spec {
  return withReplaced(spec, new Map([[guard.id, expr]]));
}

export interface IllegalSteps {
  readonly spec: Spec;
  /** False where steps of the original may be among them, because one step asks the guard more than once. */
  readonly exact: boolean;
}

/** A spec whose steps are those that the mutant allows and the guard forbids, all other guards holding. */
export function illegalSpec(spec: Spec, mutant: Mutant, step: IrOpDef): IllegalSteps {
  const { guard, expr } = mutant;
  if (!branchesTo(spec, guard, step).asksOnce) return { spec: mutatedSpec(spec, mutant), exact: false };
  const illegal = specWhere(spec, guard, step, ({ app }) => {
    const refused = app('not', [guard.expr]);
    return leavesOut(mutant) ? refused : app('and', [expr, refused]);
  });
  return { spec: illegal, exact: true };
}

/** Makes nodes with ids that the spec does not use. */
export interface Make {
  app(opcode: string, args: readonly IrExpr[]): IrApp;
  int(value: bigint): IrExpr;
}

/**
 * A spec with another condition in the place of the guard, whose steps are only those that ask it: of the branches of
 * `step` those are left that come to the guard.
 */
export function specWhere(spec: Spec, guard: Guard, step: IrOpDef, condition: (make: Make) => IrExpr): Spec {
  let last = firstFreeId(spec) + FREE_IDS;
  const made = condition({
    app: (opcode, args) => ({ kind: 'app', id: last++, opcode, args }),
    int: value => ({ kind: 'int', id: last++, value }),
  });
  const pruned = withReplaced(spec, branchesTo(spec, guard, step).bodies);
  return withReplaced(pruned, new Map([[guard.id, made]]));
}

/** Ids left to the nodes of a mutated guard. */
const FREE_IDS = 1_000_000;

interface Branches {
  /** By their ids: of each only the branches are left that come to the guard. */
  readonly bodies: ReadonlyMap<number, IrExpr>;
  /** Whether no step comes to it twice. */
  readonly asksOnce: boolean;
}

function branchesTo(spec: Spec, guard: Guard, step: IrOpDef): Branches {
  const { table } = spec.ir;
  const comes = new Map<number, boolean>();
  const reaches = (expr: IrExpr): boolean => {
    if (expr.id === guard.id) return true;
    const called = calledAction(expr, table);
    if (called !== undefined && reachesFrom(called)) return true;
    if (expr.kind === 'app') return expr.args.some(reaches);
    return (expr.kind === 'let' || expr.kind === 'lambda') && reaches(expr.expr);
  };
  const reachesFrom = (def: IrOpDef): boolean => {
    const known = comes.get(def.id) ?? reaches(def.expr);
    comes.set(def.id, known);
    return known;
  };
  const bodies = new Map<number, IrExpr>();
  let asksOnce = true;
  const open = (body: IrExpr): void => {
    if (bodies.has(body.id)) return;
    bodies.set(body.id, body);
    bodies.set(body.id, prune(body));
  };
  const prune = (expr: IrExpr): IrExpr => {
    if (expr.id === guard.id || !reaches(expr)) return expr;
    const called = calledAction(expr, table);
    if (called !== undefined) open(bodyOf(called));
    if (expr.kind === 'let' || expr.kind === 'lambda') return { ...expr, expr: prune(expr.expr) };
    if (expr.kind !== 'app') return expr;
    if (expr.opcode === 'actionAny') return { ...expr, args: expr.args.filter(reaches).map(prune) };
    if (expr.opcode === 'actionAll' && expr.args.filter(reaches).length > 1) asksOnce = false;
    const isBranch = (i: number): boolean =>
      (expr.opcode === 'ite' && i > 0) || (expr.opcode === 'matchVariant' && expr.args[i]?.kind === 'lambda');
    return {
      ...expr,
      args: expr.args.map((arg, i) => (isBranch(i) && !reaches(arg) ? closed(arg) : prune(arg))),
    };
  };
  open(bodyOf(step));
  return { bodies, asksOnce };
}

/** A branch that is never taken. */
function closed(branch: IrExpr): IrExpr {
  const never: IrExpr = { kind: 'bool', id: branch.id, value: false };
  return branch.kind === 'lambda' ? { ...branch, expr: never } : never;
}

function calledAction(expr: IrExpr, table: ReadonlyMap<number, IrLookup>): IrOpDef | undefined {
  if (expr.kind !== 'app' && expr.kind !== 'name') return undefined;
  const found = table.get(expr.id);
  return found?.kind === 'def' && found.qualifier === 'action' ? found : undefined;
}
