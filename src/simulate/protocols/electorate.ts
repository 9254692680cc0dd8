// Who takes part where a quorum of participants decides: their names, those that ask for something, those that the
// adversary controls, and how many votes win. `counter` and `locking` share it, as their specs share these constants.
// Values that a scenario gives for the constants come before all else.
import { setOf, showValue } from '../../model/value.js';
import { auraError } from '../../util/errors.js';
import { type Failure, fail, ok, type Result } from '../../util/result.js';
import type { Data, NodeId } from '../data.js';
import type { SettingRequest } from '../protocol.js';
import { deviceKey, isSigned, remembering, signed } from './crypto.js';
import { intOf, namesOf, parameterInt } from './setting-values.js';

export type Electorate = {
  /** Of the participants, by their numbers. */
  readonly names: readonly string[];
  /** Public keys of the participants, hex: everybody knows them from the beginning. */
  readonly keys: readonly string[];
  readonly requesters: readonly NodeId[];
  readonly byzantine: readonly NodeId[];
  readonly quorum: number;
};

/** What a signature is over; the first part names what it is for. */
export type Signable = readonly [purpose: string, ...parts: (string | number)[]];

/** More than any run comes to. */
export const PLENTY = 1_000_000;

/** Participants that compete where nobody says how many. */
const REQUESTERS = 3;

/**
 * Without constants the first honest participants ask, and the quorum is the smallest one of at least the threshold of
 * which any two share an honest participant (Malkhi, Reiter, "Byzantine quorum systems", 1998). Errors: AUR441.
 */
export function electorateOf(request: SettingRequest): Result<Electorate> {
  const { constants, parameters, participants, threshold, lost } = request;
  const given = namesOf(constants, 'PARTICIPANTS');
  const names = given.length > 0 ? given : Array.from({ length: participants }, (_, id) => `p${id + 1}`);
  if (names.length !== participants)
    return refuse(`the constant PARTICIPANTS has ${names.length} names for ${participants} participants`);
  const numbers = (name: string): NodeId[] => namesOf(constants, name).map(each => names.indexOf(each));
  const byzantine = constants.has('BYZANTINE') ? numbers('BYZANTINE') : [...request.byzantine];
  const honest = names.map((_, id) => id).filter(id => !byzantine.includes(id) && !lost.includes(id));
  const most = parameterInt(parameters, 'requesters') ?? REQUESTERS;
  const requesters = constants.has('REQUESTERS') ? numbers('REQUESTERS') : honest.slice(0, most);
  if (requesters.length === 0 || requesters.some(id => byzantine.includes(id)))
    return refuse('somebody has to ask, and only participants that follow the protocol may');
  if ([...requesters, ...byzantine].includes(-1))
    return refuse('REQUESTERS or BYZANTINE names somebody who is not in PARTICIPANTS');
  const safe = Math.floor((names.length + byzantine.length) / 2) + 1;
  const wanted = intOf(constants, 'QUORUM') ?? parameterInt(parameters, 'quorum');
  const quorum = wanted ?? Math.min(names.length, Math.max(threshold, safe));
  if (quorum < 1 || quorum > names.length)
    return refuse(`a quorum of ${quorum} does not fit ${names.length} participants`);
  return ok({ names, keys: names.map(name => publicKeyOf(name)), requesters, byzantine, quorum });
}

/** The constants that the specs share, as Quint writes them. */
export function electorateConstants({ names, requesters, byzantine, quorum }: Electorate) {
  const named = (ids: readonly NodeId[]): string => showValue(setOf(ids.map(id => names[id] ?? '')));
  return {
    PARTICIPANTS: named([...names.keys()]),
    REQUESTERS: named(requesters),
    BYZANTINE: named(byzantine),
    QUORUM: String(quorum),
  };
}

/** The number of the participant of that name; -1 for none. */
export function numberOf({ names }: Electorate, name: Data | undefined): NodeId {
  return typeof name === 'string' ? names.indexOf(name) : -1;
}

export function nameOf({ names }: Electorate, id: NodeId): string {
  return names[id] ?? String(id);
}

export function others({ names }: Electorate, self: NodeId): NodeId[] {
  return [...names.keys()].filter(id => id !== self);
}

/** A signature of a participant that others may pass on. */
export function signedBy(electorate: Electorate, id: NodeId, ...parts: Signable): string {
  return signed(secretOf(nameOf(electorate, id)), JSON.stringify(parts));
}

/** Whether the participant signed these parts. */
export function isSignedBy({ keys }: Electorate, id: NodeId, signature: string, ...parts: Signable): boolean {
  return isSignedText(signature, keys[id] ?? '', JSON.stringify(parts));
}

export function refuse(message: string): Failure {
  return fail(auraError('AUR441', message));
}

const isSignedText = remembering((signature, key, text) => isSigned(signature, key, text));

const secretOf = remembering(name => deviceKey('participant', name).secret);

const publicKeyOf = remembering(name => deviceKey('participant', name).public);
