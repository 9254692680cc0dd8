// The board, read: what its entries say of each attempt, and what follows from it. Everybody reads it by the same rules,
// the board itself when it decides what to take, the participants when they decide what to do.
import { must } from '../../../util/assert.js';
import type { NodeId } from '../../data.js';
import { hashOf, isSigned, provesEqual, remembering } from '../crypto.js';
import type { Commitment, Culprit, DkdSetting, Entry, Opening } from './data.js';

export interface Attempt {
  readonly members: readonly NodeId[];
  /** The epoch in which it began. */
  readonly epoch: number;
  /** By node, in the order of the board. */
  readonly commitments: readonly (readonly Commitment[])[];
  /** By node. */
  readonly openings: readonly (Opening | undefined)[];
  readonly gaveUp: readonly NodeId[];
}

export interface Book {
  /** The first one is there from the request on. */
  readonly attempts: readonly Attempt[];
  readonly ended: boolean;
}

const books = new WeakMap<readonly Entry[], Book>();

/** What is on the board; the same object for the same entries. */
export function readBook(setting: DkdSetting, log: readonly Entry[]): Book {
  const known = books.get(log);
  if (known) return known;
  const book = read(setting, log);
  books.set(log, book);
  return book;
}

function read({ names }: DkdSetting, log: readonly Entry[]): Book {
  const attempts: (Attempt & {
    commitments: Commitment[][];
    openings: (Opening | undefined)[];
    gaveUp: NodeId[];
  })[] = [];
  const begin = (members: readonly NodeId[], epoch: number) => {
    const commitments = names.map((): Commitment[] => []);
    attempts.push({ members, epoch, commitments, openings: names.map(() => undefined), gaveUp: [] });
  };
  for (const entry of log) {
    if (entry.kind === 'requested') begin([...names.keys()], entry.epoch);
    if (entry.kind === 'attempt') begin(entry.members, entry.epoch);
    if (entry.kind === 'gave up') attempts[0]?.gaveUp.push(entry.who);
    if (entry.kind === 'opened') must(attempts[entry.attempt], 'attempt').openings[entry.who] = entry.opening;
    if (entry.kind !== 'committed') continue;
    const { commitment } = entry;
    attempts[commitment.attempt]?.commitments[commitment.who]?.push(commitment);
  }
  return { attempts, ended: log.some(({ kind }) => kind === 'ended') };
}

/** Whether there is exactly one commitment of each: then they may be opened. */
export function allCommitted({ members, commitments }: Attempt): boolean {
  return members.every(who => commitments[who]?.length === 1);
}

export function anyOpened({ members, openings }: Attempt): boolean {
  return members.some(who => openings[who] !== undefined);
}

const fitting = new WeakMap<Opening, { readonly commitment: Commitment; readonly fits: boolean }>();

/** Whether the opening is what was promised first, and the share that follows from the root share. */
export function fits(setting: DkdSetting, commitment: Commitment | undefined, opening: Opening): boolean {
  if (commitment === undefined) return false;
  const known = fitting.get(opening);
  if (known?.commitment === commitment) return known.fits;
  const result = isPromised(setting, commitment, opening);
  fitting.set(opening, { commitment, fits: result });
  return result;
}

function isPromised(setting: DkdSetting, commitment: Commitment, opening: Opening): boolean {
  const { attempt, who, hash } = commitment;
  if (hash !== commitmentHash(setting, attempt, who, opening)) return false;
  const { challenge, response } = opening.proof;
  return proves(challenge, response, setting.base, setting.rootPublic[who] ?? '', opening.point);
}

export function commitmentHash(setting: DkdSetting, attempt: number, who: NodeId, opening: Opening): string {
  const { point, proof, salt } = opening;
  return hashOf(
    'dkd commitment',
    setting.context,
    attempt,
    who,
    point,
    proof.challenge,
    proof.response,
    salt,
  );
}

/** Whether its author has signed a commitment. */
export function isAuthentic({ context, devices }: DkdSetting, commitment: Commitment): boolean {
  const { attempt, who, hash, signature } = commitment;
  return verified(signature, devices[who]?.public ?? '', context, String(attempt), String(who), hash);
}

const proves = remembering((challenge = '', response = '', base = '', first = '', second = '') =>
  provesEqual({ challenge, response }, base, first, second),
);

const verified = remembering((signature = '', key = '', context = '', attempt = '', who = '', hash = '') =>
  isSigned(signature, key, 'dkd commitment', context, Number(attempt), Number(who), hash),
);

/** Those of whom the board proves that they cheat. */
export function cheats(setting: DkdSetting, { members, commitments, openings }: Attempt): Culprit[] {
  return members.flatMap((who): Culprit[] => {
    const opening = openings[who];
    if ((commitments[who]?.length ?? 0) > 1) return [{ who, reason: 'two commitments' }];
    return opening !== undefined && !fits(setting, commitments[who]?.[0], opening)
      ? [{ who, reason: 'false opening' }]
      : [];
  });
}

/** Whether there is a fitting opening of everyone. */
export function isComplete(setting: DkdSetting, attempt: Attempt): boolean {
  const { members, commitments, openings } = attempt;
  return members.every(who => {
    const [opening, commitment] = [openings[who], commitments[who]?.[0]];
    return opening !== undefined && fits(setting, commitment, opening);
  });
}

/** Those for whom the others wait: who has not committed, or else who has not opened. */
export function silent({ members, commitments, openings }: Attempt): Culprit[] {
  const uncommitted = members.filter(who => commitments[who]?.length === 0);
  const waitedFor = uncommitted.length > 0 ? uncommitted : members.filter(who => openings[who] === undefined);
  return waitedFor.map(who => ({ who, reason: 'silent' }));
}
