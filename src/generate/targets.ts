// Which properties scenarios are made for.
import type { Model, Property } from '../model/model.js';
import { auraError } from '../util/errors.js';
import { nearest } from '../util/nearest.js';
import { collect, fail, ok, type Result } from '../util/result.js';

/** `focus` has names of the only properties to target, empty for all that `isTarget` allows. Errors: AUR205. */
export function findTargets(
  model: Model,
  focus: readonly string[],
  isTarget: (property: Property) => boolean,
): Result<Property[]> {
  const known = [...model.invariants, ...model.temporalProperties];
  if (focus.length === 0) return ok(known.filter(isTarget));
  const askable = [...known, ...model.candidates];
  return collect(
    focus.map(name => {
      const property = askable.find(candidate => candidate.name === name);
      if (property) return ok(property);
      const near = nearest(
        name,
        askable.map(candidate => candidate.name),
      );
      const hint =
        near === undefined
          ? `its properties are ${known.map(({ name: known }) => known).join(', ') || 'none'}`
          : `did you mean ${near}?`;
      return fail(auraError('AUR205', `${model.spec.main} has no property ${name}`, { hint }));
    }),
  );
}
