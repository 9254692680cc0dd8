// The setting of threshold signing: who holds the key, what is to be signed, in how many sessions. Values of the spec's
// constants go before all else. The key is the one in the vaults, or that of a trusted setup where they have none.

import type { Value } from '../../../model/value.js';
import { auraError } from '../../../util/errors.js';
import { fail, ok, type Result } from '../../../util/result.js';
import type { SettingRequest } from '../../protocol.js';
import { dealtKeys, type GroupKey, groupKeyIn } from '../group-key.js';
import { intOf, namesOf, parameterInt } from '../setting-values.js';
import type { SigningSetting } from './data.js';

/** Nonces are drawn for all sessions, and the spec's state has an entry for each. */
const MOST_RETRIES = 4;

/** Errors: AUR441 for thresholds and parameters that make no sense. */
export function signingSetting(request: SettingRequest): Result<SigningSetting> {
  const { constants, parameters, timeoutEpochs } = request;
  const given = namesOf(constants, 'PARTICIPANTS');
  const names =
    given.length > 0 ? given : Array.from({ length: request.participants }, (_, node) => `p${node + 1}`);
  const held = keyInVaults(request, names.length);
  const threshold = intOf(constants, 'THRESHOLD') ?? held?.threshold ?? request.threshold;
  const problem = problemOf(names.length, threshold, request);
  if (problem !== undefined) return fail(auraError('AUR441', `threshold_signing: ${problem}`));
  const usable = held?.threshold === threshold ? held : undefined;
  const keys = usable === undefined ? dealtKeys('threshold_signing', names.length, threshold) : undefined;
  const { publicKey = '', verifyingShares = [] }: Partial<GroupKey> = usable ?? keys?.[0] ?? {};
  const named = namesOf(constants, 'SESSIONS');
  const wanted = parameterInt(parameters, 'sessions') ?? 2;
  const retries = parameterInt(parameters, 'retries') ?? Math.min(MOST_RETRIES, names.length - threshold + 1);
  const sessions = named.length > 0 ? named : Array.from({ length: wanted + retries }, (_, i) => `s${i + 1}`);
  const messages = named.length > 0 ? named.length : wanted;
  return ok({
    names,
    byzantine:
      given.length > 0
        ? namesOf(constants, 'BYZANTINE').map(name => names.indexOf(name))
        : request.byzantine.filter(node => node < names.length),
    threshold,
    sessions,
    nonces: intsOf(constants, 'NONCES') ?? sessions.map((_, i) => i + 1),
    messages: Array.from({ length: messages }, (_, i) => `message ${i + 1}`),
    deadline:
      parameterInt(parameters, 'deadline_epochs') ??
      Math.min(10, Math.max(2, Math.floor(timeoutEpochs / 10))),
    publicKey,
    verifyingShares,
    shares: keys?.map(({ share }) => share) ?? null,
    bug: request.bug ?? null,
  });
}

/** The spec's constants as Quint writes them. */
export function signingConstants(setting: SigningSetting): Record<string, string> {
  const { names, byzantine, threshold, sessions, nonces } = setting;
  const set = (members: readonly (string | number)[]): string =>
    `Set(${members.map(member => JSON.stringify(member)).join(', ')})`;
  return {
    PARTICIPANTS: set(names),
    BYZANTINE: set(names.filter((_, node) => byzantine.includes(node))),
    THRESHOLD: String(threshold),
    SESSIONS: set(sessions),
    NONCES: set(nonces),
  };
}

/** The key that all have a share of, except those whose device was lost. */
function keyInVaults({ vaults, lost }: SettingRequest, participants: number): GroupKey | undefined {
  const keys = Array.from({ length: participants }, (_, node) => groupKeyIn(vaults[node] ?? {})).filter(
    (key, node) => key !== undefined || !lost.includes(node),
  );
  const [first] = keys;
  return keys.every(key => key?.publicKey === first?.publicKey) &&
    first?.verifyingShares.length === participants
    ? first
    : undefined;
}

function intsOf(constants: ReadonlyMap<string, Value>, name: string): number[] | undefined {
  const value = constants.get(name);
  if (typeof value !== 'object' || value.kind !== 'set') return undefined;
  return value.items.filter(item => typeof item === 'bigint').map(Number);
}

function problemOf(count: number, threshold: number, { parameters }: SettingRequest): string | undefined {
  if (threshold < 2) return `FROST needs a threshold of at least 2, not ${threshold}`;
  if (threshold > count) return `a threshold of ${threshold} does not fit ${count} participants`;
  for (const name of ['sessions', 'retries', 'deadline_epochs'])
    if (parameters[name] !== undefined && parameterInt(parameters, name) === undefined)
      return `\`${name}\` has to be a whole number from 0`;
  return undefined;
}
