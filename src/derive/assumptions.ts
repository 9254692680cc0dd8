// Sizes of the constants for which the assumptions of a spec hold: numbers of participants and small integers are tried in a
// fixed order, so that the same spec always gets the same values.
import { type CompiledSpec, compileExpr, compileSpec } from '../engine/index.js';
import type { IrExpr } from '../model/ir.js';
import type { Spec } from '../model/spec.js';
import { must } from '../util/assert.js';
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import type { Plan } from './constant-plan.js';
import type { Sizes } from './constant-values.js';
import { withValues } from './with-values.js';

/** Values that are tried to make the assumptions hold. */
const COMBINATIONS_MAX = 4_000;
const INTEGERS: readonly bigint[] = [2n, 1n, 3n, 0n, 4n, 5n, 6n, 8n, 10n];

/** Sizes for which every assumption holds. Errors: AUR219 where none of those that are tried do. */
export function satisfyAssumptions(spec: Spec, plan: Plan, driven: string): Result<Sizes> {
  const broken = brokenAssumptions(spec);
  if (broken.length === 0) return ok(plan.usual);
  const names = integersOf(
    spec,
    plan,
    broken.map(({ expr }) => expr),
  );
  let tried = 0;
  for (const participants of [3, 4, 5, 2, 1])
    for (const byzantine of [1, 0])
      for (const integers of combinations(names)) {
        if (tried++ >= COMBINATIONS_MAX) break;
        const sizes = { participants, byzantine, integers };
        const changed = withValues(spec, plan, sizes, driven);
        if (changed?.ok && brokenAssumptions(changed.value).length === 0) return ok(sizes);
      }
  return fail(
    ...broken.map(({ name, id, expr }) => {
      const location = spec.ir.spans.get(id);
      return auraError('AUR219', failure(spec, plan, name, expr), {
        ...(location && { location }),
        hint: "give the constants values with --const 'N=...', or in [quint.constants]",
      });
    }),
  );
}

/** Whose values are to blame: those that the user gave, or those that were tried. */
function failure(spec: Spec, plan: Plan, name: string, expr: IrExpr): string {
  const mentioned = mentionedIn(spec, [expr]);
  const given = plan.givenTo(mentioned);
  const told = given.join(', ');
  if (given.length === 0) return `no small values of the constants make the assumption ${name} hold`;
  const isOpen = plan.sites.some(site =>
    plan.chosen(site, plan.usual).chosen.some(({ constant }) => mentioned.has(constant.id)),
  );
  return isOpen
    ? `with ${told} as given, no small values of the other constants make the assumption ${name} hold`
    : `${told} as given ${given.length === 1 ? 'breaks' : 'break'} the assumption ${name}`;
}

interface Assumption {
  readonly name: string;
  readonly id: number;
  readonly expr: IrExpr;
}

function brokenAssumptions(spec: Spec): Assumption[] {
  const compiled = compileSpec(spec);
  return compiled.ok ? brokenIn(compiled.value) : [];
}

function brokenIn(compiled: CompiledSpec): Assumption[] {
  return compiled.scope.reachableSites().flatMap(site =>
    site.module.declarations.flatMap((def): Assumption[] => {
      if (def.kind !== 'assume') return [];
      const held = compileExpr(compiled, { expr: def.assumption, site })(new Map());
      return held.ok && held.value === true ? [] : [{ name: def.name, id: def.id, expr: def.assumption }];
    }),
  );
}

/** Integer constants without a given value that the assumptions mention, in the order of the spec. */
function integersOf(spec: Spec, plan: Plan, exprs: readonly IrExpr[]): string[] {
  const mentioned = mentionedIn(spec, exprs);
  const chosen = plan.sites.flatMap(site => plan.chosen(site, plan.usual).chosen);
  const integers = chosen.filter(
    ({ constant, value }) => typeof value === 'bigint' && mentioned.has(constant.id),
  );
  return [...new Set(integers.map(({ constant }) => constant.name))];
}

/** Ids of what expressions mention, also through other definitions. */
function mentionedIn(spec: Spec, exprs: readonly IrExpr[]): ReadonlySet<number> {
  const mentioned = new Set<number>();
  const visit = (expr: IrExpr): void => {
    if (expr.kind === 'name' || expr.kind === 'app') {
      const entry = spec.ir.table.get(expr.id);
      if (entry !== undefined && !mentioned.has(entry.id)) {
        mentioned.add(entry.id);
        if (entry.kind === 'def') visit(entry.expr);
      }
    }
    if (expr.kind === 'app') expr.args.forEach(visit);
    else if (expr.kind === 'lambda') visit(expr.expr);
    else if (expr.kind === 'let') {
      visit(expr.opdef.expr);
      visit(expr.expr);
    }
  };
  exprs.forEach(visit);
  return mentioned;
}

/** First the sizes as they are, then values for the constants, small ones first. */
function* combinations(names: readonly string[]): Generator<ReadonlyMap<string, bigint>> {
  yield new Map();
  if (names.length === 0) return;
  const total = INTEGERS.length ** Math.min(names.length, 4);
  for (let number = 0; number < total; number++) {
    let rest = number;
    const values = new Map<string, bigint>();
    for (const name of names.slice(0, 4)) {
      values.set(name, must(INTEGERS[rest % INTEGERS.length], 'a small integer'));
      rest = Math.floor(rest / INTEGERS.length);
    }
    yield values;
  }
}
