// A property checker of the user's own, beside the verifier: a module that looks at every state of a run and says whether
// a property holds in it. What it answers is checked for its shape; what it throws is its own failure and no verdict.
import type { EventState } from '../../generated/execution-trace.js';
import { auraError } from '../util/errors.js';
import { loadModule } from '../util/load-module.js';
import { nearest } from '../util/nearest.js';
import { fail, ok, type Result } from '../util/result.js';

/** A property that a checker is asked about. */
export interface CheckedProperty {
  readonly name: string;
  /** The class of the spec's property, such as `ThresholdSafety`; null for one of the checker's own. */
  readonly class: string | null;
}

/** What a module that is given to `--property-checker` exports, as its default or by these names. */
export interface PropertyChecker {
  /** Properties beyond the invariants of the spec that it wants to be asked about. */
  readonly properties?: readonly string[];
  /**
   * Whether the property holds in this state: the variables of the spec by name, in the plain encoding of
   * docs/execution-trace.md. It must not change the state.
   */
  checkProperty(state: EventState, property: CheckedProperty): boolean;
}

/** Errors: AUR003 for a module that cannot be loaded, AUR462 for one that does not export the interface. */
export async function loadPropertyChecker(file: string): Promise<Result<PropertyChecker>> {
  const loaded = await loadModule(file, 'the property checker');
  if (!loaded.ok) return loaded;
  const { checkProperty: check, properties = [] } = loaded.value;
  if (typeof check !== 'function') return fail(noChecker(file, Object.keys(loaded.value)));
  if (!isNames(properties))
    return fail(auraError('AUR462', `"properties" of the property checker ${file} is not a list of names`));
  return ok({
    properties,
    checkProperty: (state, property) => {
      const answer: unknown = Reflect.apply(check, loaded.value, [state, property]);
      if (typeof answer === 'boolean') return answer;
      throw new TypeError(`checkProperty answered ${typeof answer}, where true or false is wanted`);
    },
  });
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(name => typeof name === 'string');
}

function noChecker(file: string, names: readonly string[]) {
  const near = nearest('checkProperty', names);
  return auraError('AUR462', `${file} exports no function checkProperty`, {
    hint:
      near === undefined
        ? 'a property checker exports checkProperty(state, property), see docs/monitors.md'
        : `it has ${near}: is that the one?`,
  });
}
