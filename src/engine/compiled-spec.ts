// A spec ready to be evaluated: its names resolved, its variables in order. Programs are emitted from it on demand,
// one per purpose, each with only the definitions that it needs.
import type { IrExpr, IrModule, IrOpDef } from '../model/ir.js';
import type { Spec } from '../model/spec.js';
import { auraError } from '../util/errors.js';
import { nearest } from '../util/nearest.js';
import { fail, ok, type Result } from '../util/result.js';
import { ActionAnalysis } from './action-analysis.js';
import { Program } from './program.js';
import { type DefRef, Scope, type Site } from './scope.js';
import { type VariableInfo, Variables } from './variables.js';

export interface CompiledSpec {
  readonly spec: Spec;
  readonly scope: Scope;
  readonly variables: readonly VariableInfo[];
  /** An empty program over the variables of the spec. */
  newProgram(): Program;
  /** The expression or the body of the definition with this id, and where it stands. */
  exprAt(id: number): { readonly expr: IrExpr; readonly site: Site } | undefined;
}

/** A definition with a body, as seen from the main module. */
export interface OpRef extends DefRef {
  readonly def: IrOpDef;
}

/** Prepares `spec`; AUR201 when it lacks its main module. */
export function compileSpec(spec: Spec): Result<CompiledSpec> {
  const main = spec.ir.modules.find(module => module.name === spec.main);
  if (main === undefined)
    return fail(auraError('AUR201', `module ${spec.main} does not exist in ${spec.file}`));
  const scope = new Scope(spec.ir, main);
  const sites = scope.reachableSites();
  const variables = new Variables();
  // Variables that a definition names through an instance of an instance are met here too: every site is visited.
  for (const site of sites)
    for (const def of site.module.declarations) if (def.kind === 'var') variables.indexOf({ def, ...site });
  const actions = new ActionAnalysis(scope, spec.ir.table, ref => variables.indexOf(ref));
  let index: ReadonlyMap<number, { expr: IrExpr; site: Site }> | undefined;
  return ok({
    spec,
    scope,
    variables: variables.all(),
    newProgram: () => new Program(scope, variables, actions),
    exprAt: id => {
      index ??= indexExprs(spec.ir.modules, sites);
      return index.get(id);
    },
  });
}

/** The definition with a body that `name` means in the main module; AUR604 or AUR605. */
export function findOp(compiled: CompiledSpec, name: string): Result<OpRef> {
  const ref = compiled.scope.resolve(name, compiled.scope.mainSite);
  if (ref === undefined) {
    const known = compiled.scope.main.declarations.flatMap(def => (def.kind === 'def' ? [def.name] : []));
    const near = nearest(name, known);
    const hint = near === undefined ? {} : { hint: `did you mean ${near}?` };
    return fail(auraError('AUR604', `${name} is not defined in module ${compiled.spec.main}`, hint));
  }
  if (ref.def.kind !== 'def')
    return fail(auraError('AUR605', `${name} is a ${ref.def.kind}, not a definition with a value`));
  return ok({ ...ref, def: ref.def });
}

function indexExprs(
  modules: readonly IrModule[],
  sites: readonly Site[],
): Map<number, { expr: IrExpr; site: Site }> {
  const found = new Map<number, { expr: IrExpr; site: Site }>();
  for (const module of modules) {
    const site = sites.find(one => one.module === module);
    if (site === undefined) continue;
    const walk = (expr: IrExpr): void => {
      found.set(expr.id, { expr, site });
      if (expr.kind === 'app') expr.args.forEach(walk);
      else if (expr.kind === 'lambda') walk(expr.expr);
      else if (expr.kind === 'let') {
        found.set(expr.opdef.id, { expr: expr.opdef.expr, site });
        walk(expr.opdef.expr);
        walk(expr.expr);
      }
    };
    for (const def of module.declarations) {
      if (def.kind === 'def') {
        walk(def.expr);
        found.set(def.id, { expr: def.expr, site });
      } else if (def.kind === 'assume') walk(def.assumption);
    }
  }
  return found;
}
