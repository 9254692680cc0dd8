// The setting of a run of the journal: who takes part under which name, what the users do, and the values of the spec's
// constants. Values that the scenario gives for constants come before everything else.
import { setOf, showValue } from '../../../model/value.js';
import { auraError } from '../../../util/errors.js';
import { type Failure, fail, ok, type Result } from '../../../util/result.js';
import type { NodeId } from '../../data.js';
import type { SettingRequest } from '../../protocol.js';
import { intOf, namesOf, parameterInt } from '../setting-values.js';

export type Setting = {
  /** Of all participants. */
  readonly names: readonly string[];
  /** Those that follow the protocol, and devices on their way out; who was lost before is neither. */
  readonly members: readonly NodeId[];
  readonly devices: readonly NodeId[];
  /** Operations that each participant may write at most, and what its user wants of them. */
  readonly quotas: readonly number[];
  readonly writes: readonly number[];
  readonly removes: readonly number[];
  /** Epochs between what the users do. */
  readonly paceEpochs: number;
  readonly maxMischief: number;
  readonly maxFaults: number;
  /**
   * Whether the transport sees to it that packets arrive: where a scenario bounds the number of faults, what the network
   * does beyond them is not for the journal to see.
   */
  readonly reliable: boolean;
  /** How long a member waits for the first answer, ms. */
  readonly patienceMs: number;
  /** How long without news until a member gives up on those that are missing. */
  readonly giveUpEpochs: number;
  readonly timeoutEpochs: number;
  readonly bug: string | null;
};

const PARAMETERS = ['writers', 'writes', 'removes', 'pace_epochs', 'retransmit_ms', 'give_up_epochs'];
/** More than any run of the simulator comes to. */
const PLENTY = 1_000_000;

export function settingOf(request: SettingRequest): Result<Setting> {
  const who = participantsOf(request);
  if (!who.ok) return who;
  const { names, devices } = who.value;
  const { lost, constants, parameters } = request;
  const members = names.map((_, id) => id).filter(id => !devices.includes(id) && !lost.includes(id));
  if (members.length === 0) return refuse('the journal needs a member that follows the protocol');
  for (const name of PARAMETERS)
    if (parameters[name] !== undefined && parameterInt(parameters, name) === undefined)
      return refuse(`\`${name}\` of crdt_journal has to be a whole number from 0`);
  const wish = (name: string, usual: number): number => parameterInt(parameters, name) ?? usual;
  const reliable = constants.has('MAX_FAULTS');
  const bounds = quotasOf(constants, names);
  const writers = members.slice(0, wish('writers', 2));
  const room = (id: NodeId): number => bounds?.[id] ?? PLENTY;
  const writes = names.map((_, id) => (writers.includes(id) ? Math.min(wish('writes', 1), room(id)) : 0));
  const written = writes.reduce((sum, each) => sum + each, 0);
  // The last writer removes; never more than was written, or it would wait for ever for something to remove.
  const remover = writers.at(-1);
  const removes = names.map((_, id) =>
    id === remover ? Math.min(wish('removes', 1), written, room(id) - (writes[id] ?? 0)) : 0,
  );
  return ok({
    names,
    members,
    devices: devices.filter(id => !lost.includes(id)),
    quotas: bounds ?? names.map((_, id) => (writes[id] ?? 0) + (removes[id] ?? 0)),
    writes,
    removes,
    paceEpochs: wish('pace_epochs', 2),
    maxMischief: intOf(constants, 'MAX_MISCHIEF') ?? PLENTY,
    maxFaults: intOf(constants, 'MAX_FAULTS') ?? PLENTY,
    reliable,
    patienceMs: Math.max(1, wish('retransmit_ms', reliable ? 10_000 : 300)),
    giveUpEpochs: Math.max(1, wish('give_up_epochs', 10)),
    timeoutEpochs: request.timeoutEpochs,
    bug: request.bug ?? null,
  });
}

/** As Quint writes them. */
export function constantsOf({ names, members, devices, quotas, maxMischief, maxFaults }: Setting) {
  const named = (ids: readonly NodeId[]): string => showValue(setOf(ids.map(id => names[id] ?? '')));
  const entries = members.map(id => `${showValue(names[id] ?? '')} -> ${quotas[id] ?? 0}`);
  return {
    PARTICIPANTS: named([...members, ...devices]),
    BYZANTINE: named(devices),
    MAX_OPS: `Map(${entries.join(', ')})`,
    MAX_MISCHIEF: String(maxMischief),
    MAX_FAULTS: String(maxFaults),
  };
}

function participantsOf({ participants, byzantine, constants }: SettingRequest) {
  const names = constants.has('PARTICIPANTS')
    ? namesOf(constants, 'PARTICIPANTS')
    : Array.from({ length: participants }, (_, id) => `p${id + 1}`);
  if (names.length !== participants)
    return refuse(`PARTICIPANTS has ${names.length} names for ${participants} participants`);
  const devices = constants.has('BYZANTINE')
    ? namesOf(constants, 'BYZANTINE').map(name => names.indexOf(name))
    : [...byzantine];
  if (devices.includes(-1)) return refuse('BYZANTINE names somebody who is not in PARTICIPANTS');
  const stranger = byzantine.find(id => !devices.includes(id));
  if (stranger !== undefined)
    return refuse(`participant ${stranger} is byzantine in the scenario and not in the constant BYZANTINE`);
  return ok({ names, devices: devices.sort((a, b) => a - b) });
}

/** MAX_OPS by participant, if it is given. */
function quotasOf(constants: SettingRequest['constants'], names: readonly string[]): number[] | undefined {
  const given = constants.get('MAX_OPS');
  if (typeof given !== 'object' || given.kind !== 'map') return undefined;
  return names.map(name => Number(given.entries.find(([key]) => key === name)?.[1] ?? 0));
}

function refuse(message: string): Failure {
  return fail(auraError('AUR441', message));
}
