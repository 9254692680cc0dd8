// A step for a driver read back as values of the spec: the inverse of plain data, by the types of the action's parameters
// and picks. A name or a value that the spec does not have is an error of the schedule, not a step that is refused.
import type { EventParams } from '../../generated/execution-trace.js';
import type { ToldStep } from '../generate/possible-states.js';
import type { Model } from '../model/model.js';
import type { Value } from '../model/value.js';
import { Misfits, misfitPointer } from '../trace/misfits.js';
import { plainDecoder } from '../trace/plain-decode.js';
import type { PlainDecoder } from '../trace/plain-parts.js';
import { decodeByShape } from '../trace/plain-shape.js';
import { specTypes } from '../trace/spec-types.js';
import { auraError } from '../util/errors.js';
import { nearest } from '../util/nearest.js';
import { fail, ok, type Result } from '../util/result.js';
import type { DriverStep } from './driver.js';
import { plainCopy } from './plain-data.js';

/** Errors of a reading: AUR459 for an action that the spec does not have, and for values that do not fit their types. */
export type StepReader = (step: DriverStep) => Result<ToldStep>;

export function stepReader(model: Model): StepReader {
  const decoders = new Map(
    [...specTypes(model).actions].map(([action, types]) => [
      action,
      new Map([...types].map(([name, type]) => [name, plainDecoder(type)])),
    ]),
  );
  return step => {
    const known = decoders.get(step.action);
    if (known === undefined) return fail(noAction(step, decoders.keys()));
    const params = readMembers(step, 'params', known);
    if (!params.ok) return params;
    const picks = readMembers(step, 'picks', known);
    if (!picks.ok) return picks;
    return ok({ action: step.action, params: params.value, picks: picks.value });
  };
}

/** Error AUR459 for a step whose action is none of the known ones. */
export function noAction({ index, action }: Pick<DriverStep, 'index' | 'action'>, known: Iterable<string>) {
  const near = nearest(action, known);
  return auraError('AUR459', `step ${index} is ${action}, which is no action of the spec`, {
    ...(near !== undefined && { hint: `did you mean ${near}?` }),
  });
}

function readMembers(
  step: DriverStep,
  part: 'params' | 'picks',
  decoders: ReadonlyMap<string, PlainDecoder>,
): Result<ReadonlyMap<string, Value>> {
  const values = new Map<string, Value>();
  const members: EventParams = step[part];
  for (const [name, member] of Object.entries(members)) {
    const misfits = new Misfits();
    const plain = plainCopy(member);
    const value =
      'notPlain' in plain
        ? misfits.add(`it ${plain.notPlain}`)
        : (decoders.get(name) ?? decodeByShape)(plain.copy, misfits);
    if (value !== undefined) values.set(name, value);
    const [misfit] = misfits.found;
    if (misfit !== undefined) {
      const place = misfitPointer([part, name], misfit);
      return fail(auraError('AUR459', `step ${step.index}, ${step.action}, ${place}: ${misfit.reason}`));
    }
  }
  return ok(values);
}
