// A spec that Quint has checked, with other values for its constants: on the IR, so that many values can be tried without
// asking Quint again. Its texts stay as they are.
import type { IrDeclaration, IrImport, IrInstance } from '../model/ir.js';
import type { Spec } from '../model/spec.js';
import type { Value } from '../model/value.js';
import { ok, type Result } from '../util/result.js';
import type { Plan } from './constant-plan.js';
import type { Sizes } from './constant-values.js';
import { valueExpr } from './value-expr.js';

/**
 * The spec with values in its instances; undefined where a value has to be left to Quint and is not there yet. An import
 * that gave no values becomes an instance, and a main module with constants gets one below it.
 */
export function withValues(spec: Spec, plan: Plan, sizes: Sizes, driven: string): Result<Spec> | undefined {
  const sites = new Map<number, ReadonlyMap<string, Value>>();
  for (const site of plan.sites) {
    const own = plan.values(site, sizes);
    if (own === undefined) return undefined;
    sites.set(site.through?.declaration.id ?? -1, own);
  }
  const changed = (declaration: IrDeclaration): IrDeclaration => {
    if (declaration.kind !== 'instance' && declaration.kind !== 'import') return declaration;
    const own = sites.get(declaration.id);
    return own === undefined ? declaration : instanceOf(declaration, own);
  };
  const modules = spec.ir.modules.map(module => ({
    ...module,
    declarations: module.declarations.map(changed),
  }));
  const mine = sites.get(-1);
  if (mine !== undefined && modules.every(({ name }) => name !== driven)) {
    const source: IrImport = { kind: 'import', id: -1, protoName: spec.main, defName: '*' };
    modules.push({ id: -2, name: driven, declarations: [instanceOf(source, mine)] });
  }
  return ok({ ...spec, main: driven, ir: { ...spec.ir, modules } });
}

function instanceOf(declaration: IrImport | IrInstance, values: ReadonlyMap<string, Value>): IrInstance {
  const { kind, id, protoName, qualifiedName, fromSource } = declaration;
  const kept = kind === 'instance' ? declaration.overrides.filter(([{ name }]) => !values.has(name)) : [];
  const added = [...values].map(([name, value], i) => [{ id: -100 - i, name }, valueExpr(value)] as const);
  const isPlain = kind === 'import' && declaration.defName === undefined;
  const name = qualifiedName ?? (isPlain ? protoName : undefined);
  return {
    kind: 'instance',
    id,
    protoName,
    overrides: [...kept, ...added],
    identityOverride: false,
    ...(name !== undefined && { qualifiedName: name }),
    ...(fromSource !== undefined && { fromSource }),
  };
}
