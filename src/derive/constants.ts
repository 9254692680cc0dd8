// A spec whose constants all have values: those that the user gives, and small ones for the rest, such that the
// assumptions of the spec hold. Quint checks the instantiated text; which values make the assumptions true is tried on
// the IR, without asking Quint again for each.
import type { Bridge } from '../bridge/load-spec.js';
import type { Spec } from '../model/spec.js';
import type { AuraError } from '../util/errors.js';
import { nearest } from '../util/nearest.js';
import { fail, ok, type Result } from '../util/result.js';
import { satisfyAssumptions } from './assumptions.js';
import { isOpen, Plan, type Planned } from './constant-plan.js';
import { type ConstantSite, constantSites } from './constant-sites.js';
import { errorAt, type Named } from './text-edits.js';
import { withValues } from './with-values.js';

export interface Instantiated extends Planned {
  /** For evaluation: its IR has the values, its texts have not. */
  readonly spec: Spec;
  /** The module of the user's in which definitions are to be added. */
  readonly module: string;
}

/** Errors: AUR217 to AUR219, and those of Quint about a value that was given. */
export async function instantiateConstants(
  bridge: Bridge,
  spec: Spec,
  texts: ReadonlyMap<string, string>,
  given: readonly Named[],
): Promise<Result<Instantiated>> {
  const sites = constantSites(spec);
  const unknown = unknownNames(spec, sites, given);
  if (unknown.length > 0) return fail(...unknown);
  const wanted = sites.filter(site => site.constants.some(constant => isOpen(site, constant, given)));
  if (wanted.length === 0)
    return ok({ spec, constants: [], module: spec.main, driven: spec.main, edits: [] });
  const plan = new Plan(spec, texts, wanted, given);
  const first = plan.edits(plan.usual);
  if (!first.ok) return first;
  // Where all values are plain, the IR can be had without asking Quint, who checks everything in the end.
  const checked =
    withValues(spec, plan, plan.usual, first.value.driven) ?? (await plan.check(bridge, first.value));
  if (!checked.ok) return checked;
  const sizes = satisfyAssumptions(checked.value, plan, first.value.driven);
  if (!sizes.ok) return sizes;
  const planned = plan.edits(sizes.value);
  if (!planned.ok) return planned;
  const instantiated = withValues(checked.value, plan, sizes.value, planned.value.driven);
  if (instantiated?.ok === false) return instantiated;
  return ok({ ...planned.value, spec: instantiated?.value ?? checked.value, module: spec.main });
}

function unknownNames(spec: Spec, sites: readonly ConstantSite[], given: readonly Named[]): AuraError[] {
  const known = new Set(
    sites.flatMap(site => {
      const names = site.constants.map(({ name }) => name);
      const instance = site.through?.declaration.qualifiedName;
      return instance === undefined ? names : [...names, ...names.map(name => `${instance}::${name}`)];
    }),
  );
  return given.flatMap(one => {
    if (!one.strict || known.has(one.name)) return [];
    const near = nearest(one.name, known);
    const names = [...known].join(', ');
    const hint =
      near !== undefined ? `did you mean ${near}?` : names === '' ? 'it has none' : `it has ${names}`;
    return [errorAt(one, `${spec.main} has no constant ${one.name}`, 'AUR217', undefined, hint)];
  });
}
