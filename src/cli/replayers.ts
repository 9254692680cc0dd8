// The spec that says which schedules of a scenario are possible: the one that is asked for, or the one that the scenario
// names where it is there. A spec that does not allow the scenario itself can say nothing of its variations.
import { createEvaluator } from '../generate/evaluator.js';
import { readSetting } from '../generate/setting.js';
import { findSpecification } from '../generate/vary/relocate.js';
import { createReplayer, type Replayer } from '../generate/vary/replay.js';
import type { Original } from '../generate/vary/variation.js';
import { showValue, type Value } from '../model/value.js';
import { ok, type Result } from '../util/result.js';
import { type DrivenSpec, driveSpec, drivingActions } from './driven-spec.js';
import { openSpec } from './open-spec.js';
import type { Session } from './session.js';

/** How schedules are checked. */
export interface Replaying {
  readonly spec: string | null;
  readonly replayer: Replayer | undefined;
  /** Why they are not. */
  readonly unchecked: string | undefined;
  /** Participants of the spec. */
  readonly members: readonly Value[] | undefined;
}

export interface ReplayOptions {
  readonly spec?: string;
  readonly config?: string;
  readonly cache?: boolean;
}

function unchecked(reason: string): Result<Replaying> {
  return ok({ spec: null, replayer: undefined, unchecked: reason, members: undefined });
}

/** One for each scenario of `file`; a spec is opened once. Errors: those of a spec that was asked for. */
export function openReplayers(
  session: Session,
  file: string,
  options: ReplayOptions,
): (original: Original) => Promise<Result<Replaying>> {
  const opened = new Map<string, Promise<Result<DrivenSpec>>>();
  const open = (spec: string, original: Original) => {
    const { setup, quint_source: source } = original.resolved;
    const key = JSON.stringify([spec, source?.module, original.scenario.setup?.constants]);
    const found = opened.get(key) ?? openDriven(session, options, spec, source?.module, setup.constants);
    opened.set(key, found);
    return found;
  };
  return async original => {
    const { quint_source: source, steps } = original.resolved;
    if (steps.length === 0 && options.spec === undefined)
      return ok({ spec: null, replayer: undefined, unchecked: undefined, members: undefined });
    const named = options.spec ?? source?.specification;
    if (named === undefined) return unchecked('the scenario names no spec');
    const spec = options.spec ?? findSpecification(named, file);
    if (spec === undefined) return unchecked(`its spec ${named} is not there`);
    const found = await open(spec, original);
    if (!found.ok) {
      if (options.spec !== undefined) return found;
      return unchecked(`its spec ${spec} cannot be used: ${found.errors[0]?.message ?? ''}`);
    }
    return replayingOf(original, spec, found.value);
  };
}

/** What the spec lacks is derived, as for generation; constants without values have those of the scenario. */
async function openDriven(
  session: Session,
  options: ReplayOptions,
  spec: string,
  module: string | undefined,
  constants: ReadonlyMap<string, Value>,
): Promise<Result<DrivenSpec>> {
  const opened = await openSpec(session, { ...options, spec, ...(module !== undefined && { module }) });
  if (!opened.ok) return opened;
  const open = opened.value.model.constants.flatMap(({ name, declaredAs, value }) => {
    const given = constants.get(name);
    return declaredAs === 'const' && value === undefined && given !== undefined
      ? [`${name}=${showValue(given)}`]
      : [];
  });
  return driveSpec(session, opened.value, { const: open });
}

function replayingOf(original: Original, spec: string, driven: DrivenSpec): Result<Replaying> {
  const { model } = driven;
  const evaluator = createEvaluator(model);
  if (!evaluator.ok) return evaluator;
  const { participants } = readSetting(model, evaluator.value.constant);
  const fits = participants.value.length === original.resolved.setup.participants;
  const members = fits ? participants.value : undefined;
  const replayer = createReplayer(
    model,
    evaluator.value.compiled,
    original.resolved.quint_source?.property,
    drivingActions(driven),
  );
  const replayed = replayer.ok ? replayer.value.replay(original.resolved.steps) : replayer;
  if (!replayer.ok || !replayed.ok) {
    const [first] = replayed.ok ? [] : replayed.errors;
    return ok({
      spec: null,
      replayer: undefined,
      unchecked: `${spec} cannot be run: ${first?.message ?? ''}`,
      members,
    });
  }
  if (!replayed.value.possible) {
    const { possible, reason } = replayed.value;
    const why = possible === false ? 'does not allow the scenario itself' : 'leaves the scenario itself open';
    return ok({ spec: null, replayer: undefined, unchecked: `${spec} ${why}: ${reason}`, members });
  }
  return ok({ spec, replayer: replayer.value, unchecked: undefined, members });
}
