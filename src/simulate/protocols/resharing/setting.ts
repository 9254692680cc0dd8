// The setting of a resharing: who holds the key, who is to hold it, and the public side of the old shares. Values of the
// spec's constants go before all else. The old shares are those of the vaults, or of a trusted setup where no vault has
// any; the setting of a setup knows them, and every participant looks at his own only.
import type { Value } from '../../../model/value.js';
import { must } from '../../../util/assert.js';
import { auraError } from '../../../util/errors.js';
import { compareText } from '../../../util/order.js';
import { fail, ok, type Result } from '../../../util/result.js';
import type { Fields, NodeId } from '../../data.js';
import type { SettingRequest } from '../../protocol.js';
import { publicOf, scalarOf } from '../crypto.js';
import { dealtKeys, type GroupKey, groupKeyIn } from '../group-key.js';
import { intOf, namesOf, parameterInt, parameterNodes } from '../setting-values.js';
import { type NodeValue, positionOf, type ResharingSetting } from './data.js';

/** Errors: AUR441 for holders or thresholds that make no sense. */
export function resharingSetting(request: SettingRequest): Result<ResharingSetting> {
  const people = request.constants.has('OLD') ? peopleOf(request.constants, request.participants) : undefined;
  const held = keysInVaults(request.vaults);
  const parties = people ?? partiesOf(request, held);
  const problem = problemOf(parties, request, held);
  if (problem !== undefined) return fail(auraError('AUR441', `resharing: ${problem}`));
  const { names, oldThreshold, newThreshold } = parties;
  const keys = held ?? dealtKeys('resharing', names.length, oldThreshold);
  const first = keys.find(key => key !== undefined);
  return ok({
    ...parties,
    oldThreshold,
    newThreshold,
    publicKey: first?.publicKey ?? '',
    oldPublic: parties.old.map(node => ({ node, value: first?.verifyingShares[node] ?? '' })),
    oldShares: held === undefined ? parties.old.map(node => ({ node, value: keys[node]?.share ?? '' })) : [],
    identities: names.map(name => publicOf(identitySecret(name))),
    timeoutEpochs: request.timeoutEpochs,
    signatures: parameterInt(request.parameters, 'signatures') ?? 2,
    bug: request.bug ?? null,
  });
}

/** The secret of a participant's own key, which was known to the others before the protocol: it follows from the name. */
export function identitySecret(name: string): bigint {
  return scalarOf('resharing identity', name);
}

/** The spec's constants as Quint writes them. */
export function resharingConstants(setting: ResharingSetting): Record<string, string> {
  const set = (nodes: readonly NodeId[]): string =>
    `Set(${nodes.map(node => JSON.stringify(setting.names[node])).join(', ')})`;
  return {
    OLD: set(setting.old),
    NEW: set(setting.new),
    BYZANTINE: set(setting.byzantine),
    OLD_THRESHOLD: String(setting.oldThreshold),
    NEW_THRESHOLD: String(setting.newThreshold),
  };
}

type Parties = Pick<
  ResharingSetting,
  'names' | 'old' | 'new' | 'byzantine' | 'oldThreshold' | 'newThreshold'
>;

/** As the constants say; participants are numbered in the canonical order of their names. */
function peopleOf(constants: ReadonlyMap<string, Value>, participants: number): Parties {
  const [old, fresh] = [namesOf(constants, 'OLD'), namesOf(constants, 'NEW')];
  const inSpec = [...new Set([...old, ...fresh])].sort(compareText);
  // The spec may have fewer: the others look on.
  const names = [
    ...inSpec,
    ...Array.from({ length: Math.max(0, participants - inSpec.length) }, (_, i) => `onlooker${i + 1}`),
  ];
  const nodes = (wanted: readonly string[]): NodeId[] =>
    wanted.map(name => names.indexOf(name)).filter(node => node >= 0);
  return {
    names,
    old: nodes(old),
    new: nodes(fresh),
    byzantine: nodes(namesOf(constants, 'BYZANTINE')),
    oldThreshold: intOf(constants, 'OLD_THRESHOLD') ?? 0,
    newThreshold: intOf(constants, 'NEW_THRESHOLD') ?? 0,
  };
}

/** As the scenario says: from those whose vaults have a share, or from all, to all. */
function partiesOf(request: SettingRequest, held: readonly (GroupKey | undefined)[] | undefined): Parties {
  const { participants, parameters, threshold } = request;
  const all = Array.from({ length: participants }, (_, node) => node);
  const old = parameterNodes(parameters, 'old_participants') ?? (held ? holdersOf(held) : all);
  const fresh = parameterNodes(parameters, 'new_participants') ?? all;
  return {
    names: all.map(node => `p${node + 1}`),
    old,
    new: fresh,
    byzantine: request.byzantine.filter(node => old.includes(node) || fresh.includes(node)),
    oldThreshold:
      held?.find(key => key !== undefined)?.threshold ??
      parameterInt(parameters, 'old_threshold') ??
      Math.min(threshold, old.length),
    newThreshold: parameterInt(parameters, 'new_threshold') ?? Math.min(threshold, fresh.length),
  };
}

/** The keys by participant, if there are shares of one key in enough vaults. */
function keysInVaults(vaults: readonly Fields[]): readonly (GroupKey | undefined)[] | undefined {
  const keys = vaults.map(groupKeyIn);
  const first = keys.find(key => key !== undefined);
  if (first === undefined) return undefined;
  const own = keys.map(key => (key?.publicKey === first.publicKey ? key : undefined));
  return holdersOf(own).length >= first.threshold ? own : undefined;
}

function holdersOf(keys: readonly (GroupKey | undefined)[]): NodeId[] {
  return keys.flatMap((key, node) => (key !== undefined && key.share !== '' ? [node] : []));
}

function problemOf(
  { names, old, new: fresh, oldThreshold, newThreshold }: Parties,
  { participants }: SettingRequest,
  held: readonly (GroupKey | undefined)[] | undefined,
): string | undefined {
  const outside = [...old, ...fresh].find(node => node >= names.length);
  if (outside !== undefined) return `there is no participant ${outside} of ${participants}`;
  if (names.length > participants) return `it takes ${names.length} participants, there are ${participants}`;
  if (old.length === 0 || fresh.length === 0) return 'there are no holders to hand over from or to';
  if (oldThreshold < 1 || oldThreshold > old.length)
    return `a threshold of ${oldThreshold} does not fit ${old.length} old holders`;
  if (newThreshold < 1 || newThreshold > fresh.length)
    return `a threshold of ${newThreshold} does not fit ${fresh.length} new holders`;
  const without = held && old.find(node => held[node] === undefined || held[node]?.share === '');
  return without === undefined ? undefined : `participant ${without} has no share to hand over`;
}

/** The name of a participant in the spec. */
export function nameOf({ names }: ResharingSetting, node: NodeId): string {
  return must(names[node], 'the name of a participant');
}

/** The old share of a node times the base point. */
export function oldPublicOf(setting: ResharingSetting, node: NodeId): string {
  return valueAt(setting.oldPublic, node) ?? '';
}

export function valueAt(values: readonly NodeValue[], node: NodeId): string | undefined {
  return values.find(each => each.node === node)?.value;
}

/** The positions of the shares of these nodes. */
export function positionsOf(nodes: readonly NodeId[]): number[] {
  return nodes.map(positionOf);
}
