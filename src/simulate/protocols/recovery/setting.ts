// The setting of a recovery: who the guardians are and what they hold. Values of the spec's constants go before all else.
// The key is the group's, where enough vaults have shares of one, and otherwise one of the account's own. That it was
// backed up to the guardians happened before, when they were appointed; here it is dealt as it was then.
import type { Value } from '../../../model/value.js';
import { must } from '../../../util/assert.js';
import { auraError } from '../../../util/errors.js';
import { fail, ok, type Result } from '../../../util/result.js';
import type { Fields, NodeId } from '../../data.js';
import type { SettingRequest } from '../../protocol.js';
import { combineShares, deviceKey, publicOf, scalarFrom, scalarHex, scalarOf } from '../crypto.js';
import { groupKeyIn } from '../group-key.js';
import { commitmentsTo, sharesAt } from '../secret-sharing.js';
import { intOf, namesOf, parameterInt, parameterNodes, textOf } from '../setting-values.js';
import { positionOf, type RecoverySetting } from './data.js';

const COOLDOWN = 2;

/** Errors: AUR441 for guardians or a threshold that make no sense. */
export function recoverySetting(request: SettingRequest): Result<RecoverySetting> {
  const terms = request.constants.has('GUARDIANS')
    ? termsOf(request.constants, request)
    : usualTerms(request);
  const { names, guardians, byzantine, threshold } = terms;
  const outside = guardians.find(node => node >= names.length);
  const problem =
    outside !== undefined
      ? `there is no participant ${outside} of ${request.participants}`
      : names.length > request.participants
        ? `it takes ${names.length} participants, there are ${request.participants}`
        : threshold < 1 || threshold > guardians.length
          ? `${threshold} approvals cannot come from ${guardians.length} guardians`
          : undefined;
  if (problem !== undefined) return fail(auraError('AUR441', `recovery: ${problem}`));
  const secret = groupSecret(request.vaults) ?? scalarOf('recovery', guardians.length, threshold);
  const polynomial = [
    secret,
    ...Array.from({ length: threshold - 1 }, (_, i) => scalarOf('backup', scalarHex(secret), i)),
  ];
  const shares = sharesAt(polynomial, guardians.map(positionOf));
  const honest = guardians.filter(node => !byzantine.includes(node));
  const wanted = parameterInt(request.parameters, 'disputes') ?? 0;
  return ok({
    ...terms,
    objectors: honest.slice(0, Math.min(wanted, Math.max(0, honest.length - threshold))),
    publicKey: publicOf(secret),
    commitments: commitmentsTo(polynomial),
    shares: guardians.map((node, i) => ({ node, value: scalarHex(must(shares[i], 'a share')) })),
    signingKeys: names.map(name => [1, 2].map(key => signingKey(name, key).public)),
    timeoutEpochs: request.timeoutEpochs,
    bug: request.bug ?? null,
  });
}

/** The key pairs of a participant for signatures, which the account has known for long: they follow from the name. */
export function signingKey(name: string, key: number): { readonly secret: string; readonly public: string } {
  return deviceKey('recovery', name, key);
}

/** The spec's constants as Quint writes them. */
export function recoveryConstants(setting: RecoverySetting): Record<string, string> {
  const set = (nodes: readonly NodeId[]): string =>
    `Set(${nodes.map(node => JSON.stringify(setting.names[node])).join(', ')})`;
  return {
    GUARDIANS: set(setting.guardians),
    BYZANTINE: set(setting.byzantine),
    THRESHOLD: String(setting.threshold),
    OLD_DEVICE: JSON.stringify(setting.oldDevice),
    NEW_DEVICE: JSON.stringify(setting.newDevice),
    COOLDOWN: String(setting.cooldown),
    MAX_DISPUTES: String(setting.maxDisputes),
  };
}

/** The name of a participant in the spec. */
export function nameOf({ names }: RecoverySetting, node: NodeId): string {
  return must(names[node], 'the name of a participant');
}

type Terms = Pick<
  RecoverySetting,
  'names' | 'guardians' | 'byzantine' | 'threshold' | 'cooldown' | 'maxDisputes' | 'oldDevice' | 'newDevice'
>;

/** As the constants say; guardians are numbered in the canonical order of their names, others look on. */
function termsOf(constants: ReadonlyMap<string, Value>, { participants }: SettingRequest): Terms {
  const guardians = namesOf(constants, 'GUARDIANS');
  const others = Math.max(0, participants - guardians.length);
  const byzantine = namesOf(constants, 'BYZANTINE');
  return {
    names: [...guardians, ...Array.from({ length: others }, (_, i) => `onlooker${i + 1}`)],
    guardians: guardians.map((_, node) => node),
    byzantine: guardians.flatMap((name, node) => (byzantine.includes(name) ? [node] : [])),
    threshold: intOf(constants, 'THRESHOLD') ?? 0,
    cooldown: intOf(constants, 'COOLDOWN') ?? COOLDOWN,
    maxDisputes: intOf(constants, 'MAX_DISPUTES') ?? guardians.length,
    oldDevice: textOf(constants, 'OLD_DEVICE') ?? 'old',
    newDevice: textOf(constants, 'NEW_DEVICE') ?? 'new',
  };
}

/** As the scenario says: all whose device is not lost, unless it names the guardians. */
function usualTerms(request: SettingRequest): Terms {
  const { participants, parameters, lost, guardianApprovals, threshold } = request;
  const all = Array.from({ length: participants }, (_, node) => node);
  const guardians =
    parameterNodes(parameters, 'guardian_devices') ?? all.filter(node => !lost.includes(node));
  return {
    names: all.map(node => `p${node + 1}`),
    guardians,
    byzantine: request.byzantine.filter(node => guardians.includes(node)),
    threshold: guardianApprovals > 0 ? guardianApprovals : Math.min(threshold, guardians.length),
    cooldown: parameterInt(parameters, 'cooldown_epochs') ?? COOLDOWN,
    maxDisputes: parameterInt(parameters, 'max_disputes') ?? guardians.length,
    oldDevice: 'old',
    newDevice: 'new',
  };
}

/** The secret key of the group whose shares are in enough of the vaults. */
function groupSecret(vaults: readonly Fields[]): bigint | undefined {
  const keys = vaults.map(groupKeyIn);
  const first = keys.find(key => key !== undefined);
  if (first === undefined) return undefined;
  const shares = keys.flatMap((key, node) => {
    const share = key?.publicKey === first.publicKey ? scalarFrom(key.share) : undefined;
    return share === undefined ? [] : [{ x: positionOf(node), share }];
  });
  if (shares.length < first.threshold) return undefined;
  const secret = combineShares(shares.slice(0, first.threshold));
  return publicOf(secret) === first.publicKey ? secret : undefined;
}
