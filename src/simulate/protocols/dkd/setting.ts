// The setting of a key derivation: its participants with their root shares, which a trusted setup has dealt before. Values
// of the spec's constants go before all else.
import { auraError } from '../../../util/errors.js';
import { fail, ok, type Result } from '../../../util/result.js';
import type { SettingRequest } from '../../protocol.js';
import { deviceKey, hashToPoint } from '../crypto.js';
import { dealtKeys } from '../group-key.js';
import { intOf, namesOf, parameterInt } from '../setting-values.js';
import type { DkdSetting } from './data.js';

/** No run of the simulator crashes so often. */
const ENOUGH_CRASHES = 1_000_000;

/** Errors: AUR441 for thresholds and parameters that make no sense. */
export function dkdSetting(request: SettingRequest): Result<DkdSetting> {
  const { constants, parameters, timeoutEpochs } = request;
  const given = namesOf(constants, 'PARTICIPANTS');
  const names =
    given.length > 0 ? given : Array.from({ length: request.participants }, (_, node) => `p${node + 1}`);
  const threshold = Math.min(request.threshold, given.length > 0 ? given.length : Infinity);
  const deadline =
    intOf(constants, 'DEADLINE') ??
    parameterInt(parameters, 'deadline_epochs') ??
    Math.min(20, Math.max(2, Math.floor(timeoutEpochs / 4)));
  const problem = problemOf(names.length, threshold, deadline, request);
  if (problem !== undefined) return fail(auraError('AUR441', `dkd: ${problem}`));
  const context = typeof parameters.context === 'string' ? parameters.context : 'default';
  const keys = dealtKeys('dkd', names.length, threshold);
  return ok({
    names,
    byzantine:
      given.length > 0
        ? namesOf(constants, 'BYZANTINE').map(name => names.indexOf(name))
        : request.byzantine.filter(node => node < names.length),
    threshold,
    deadline,
    maxCrashes: intOf(constants, 'MAX_CRASHES') ?? ENOUGH_CRASHES,
    attempts: parameterInt(parameters, 'attempts') ?? names.length - threshold + 1,
    context,
    base: hashToPoint('dkd context', context),
    rootShares: keys.map(({ share }) => share),
    rootPublic: keys[0]?.verifyingShares ?? [],
    rootPublicKey: keys[0]?.publicKey ?? '',
    devices: names.map(name => deviceKey(name)),
    bug: request.bug ?? null,
  });
}

/** The spec's constants as Quint writes them. */
export function dkdConstants({ names, byzantine, deadline, maxCrashes }: DkdSetting): Record<string, string> {
  const set = (members: readonly string[]): string =>
    `Set(${members.map(name => JSON.stringify(name)).join(', ')})`;
  return {
    PARTICIPANTS: set(names),
    BYZANTINE: set(names.filter((_, node) => byzantine.includes(node))),
    DEADLINE: String(deadline),
    MAX_CRASHES: String(maxCrashes),
  };
}

function problemOf(
  count: number,
  threshold: number,
  deadline: number,
  { parameters }: SettingRequest,
): string | undefined {
  if (threshold < 1 || threshold > count)
    return `a threshold of ${threshold} does not fit ${count} participants`;
  if (deadline < 1) return 'the deadline has to be at least one epoch';
  if (parameters.context !== undefined && typeof parameters.context !== 'string')
    return '`context` has to be a text';
  for (const name of ['deadline_epochs', 'attempts'])
    if (parameters[name] !== undefined && (parameterInt(parameters, name) ?? 0) < 1)
      return `\`${name}\` has to be a whole number from 1`;
  return undefined;
}
