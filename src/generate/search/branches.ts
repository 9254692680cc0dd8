// The branches of a step, each to be tried alone: the disjuncts of `any`, through named compositions of it, under the
// choices around them. Who tries a branch may prefer one over the other; what a branch does is as in the whole step.
import { type CompiledSpec, findOp, type Machine, type Way } from '../../engine/index.js';
import { type Engine, rawStep } from '../../engine/machine.js';
import type { RtState } from '../../engine/program.js';
import { refuel } from '../../engine/runtime/failure.js';
import { useRandom } from '../../engine/runtime/picks.js';
import type { Site } from '../../engine/scope.js';
import type { IrExpr } from '../../model/ir.js';
import { must } from '../../util/assert.js';
import type { Random } from '../../util/random.js';
import { ok, type Result } from '../../util/result.js';

/** Random steps by branch. They throw what the spec raises: to be run inside `guarded`. */
export interface Branches {
  readonly count: number;
  /** To be called before the first attempt, and again when others may have drawn random numbers in between. */
  draw(random: Random): void;
  /** Some way to start; undefined when the picks that were drawn lead nowhere. */
  start(): Way | undefined;
  /** Some way to go on by a branch; undefined when the picks that were drawn lead nowhere. */
  attempt(branch: number, from: RtState): Way | undefined;
}

/** Errors: AUR604 for a machine without its `init` or `step`. */
export function stepBranches(machine: Machine): Result<Branches> {
  const { compiled, options } = machine;
  const init = findOp(compiled, options.init);
  const step = findOp(compiled, options.step);
  if (!init.ok) return init;
  if (!step.ok) return step;
  const program = compiled.newProgram();
  const start = program.addDef(init.value, 'random');
  const leaves = leavesOf(compiled, step.value.def.expr, step.value);
  const roots =
    leaves.length === 1
      ? [program.addDef(step.value, 'random')]
      : leaves.map(({ expr, site }) => program.addRoot({ kind: 'random', expr, site, params: [] }));
  const loaded = program.load();
  const rootAt = (index: number) => must(loaded.roots[index], 'a branch');
  const engine: Engine = {
    program,
    loaded,
    init: rootAt(start),
    step: rootAt(start),
    invariants: [],
    turns: { count: 0 },
  };
  const attempt = (root: number, from: RtState): Way | undefined => {
    loaded.load(from);
    loaded.clear();
    if (rootAt(root)() !== true) return undefined;
    const raw = rawStep(loaded);
    const label = program.labels[raw.label];
    return {
      state: raw.state,
      action: label?.name,
      instance: label?.path ?? '',
      step: () => machine.stepOf(engine, raw),
    };
  };
  return ok({
    count: roots.length,
    draw: random => {
      refuel();
      useRandom(random, options.retryBelow);
    },
    start: () => attempt(start, []),
    attempt: (branch, from) => attempt(must(roots[branch], 'a branch'), from),
  });
}

interface Leaf {
  readonly expr: IrExpr;
  /** Where it stands, which says what its names mean. */
  readonly site: Site;
}

function leavesOf(compiled: CompiledSpec, step: IrExpr, home: Site): Leaf[] {
  const { table } = compiled.spec.ir;
  const leaves: Leaf[] = [];
  const visit = (expr: IrExpr, site: Site, around: ((inner: IrExpr) => IrExpr) | undefined): void => {
    const wrap = around ?? (inner => inner);
    if (isChoice(expr, table)) for (const branch of expr.args) visit(branch, site, around);
    else if (expr.kind === 'let' && expr.opdef.expr.kind !== 'lambda')
      visit(expr.expr, site, inner => wrap({ ...expr, expr: inner }));
    else {
      // What stands around a call means nothing where the called action stands.
      const called = around === undefined ? compositionAt(compiled, expr, site) : undefined;
      if (called === undefined) leaves.push({ expr: wrap(expr), site });
      else visit(called.expr, called.site, undefined);
    }
  };
  visit(step, home, undefined);
  return leaves;
}

type Table = CompiledSpec['spec']['ir']['table'];

function isChoice(expr: IrExpr, table: Table): expr is Extract<IrExpr, { kind: 'app' }> {
  return expr.kind === 'app' && expr.opcode === 'actionAny' && !table.has(expr.id);
}

/** The body of a named action that chooses among others. */
function compositionAt(compiled: CompiledSpec, expr: IrExpr, site: Site): Leaf | undefined {
  const { table } = compiled.spec.ir;
  const entry = expr.kind === 'name' ? table.get(expr.id) : undefined;
  if (expr.kind !== 'name' || entry?.kind !== 'def' || entry.qualifier !== 'action') return undefined;
  const found = compiled.scope.resolveEntry(expr.name, entry, site);
  if (found?.def.kind !== 'def') return undefined;
  let body = found.def.expr;
  while (body.kind === 'let') body = body.expr;
  return isChoice(body, table) ? { expr: found.def.expr, site: found } : undefined;
}
