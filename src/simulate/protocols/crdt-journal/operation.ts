// The operations of the journal: what they say, how they are signed, and what a set of them amounts to. The hash of an
// operation stands for it wherever the payload is not needed, so that a compacted operation is known by a few words.
// Nothing here knows of replicas or messages.
import { compareText } from '../../../util/order.js';
import type { Data } from '../../data.js';
import { hashOf, isSigned, remembering, signed } from '../crypto.js';

/** The unique id of an operation: whoever uses one twice equivocates. */
export type OpId = { readonly author: string; readonly stamp: number };

/** What an operation does, as the spec writes it: something is written, or another operation is hidden. */
export type Body =
  | { readonly tag: 'Put'; readonly value: string }
  | { readonly tag: 'Tombstone'; readonly value: OpId };

export type Op = { readonly id: OpId; readonly body: Body };

/** An operation with the signature of its author. */
export type SignedOp = { readonly op: Op; readonly hash: string; readonly signature: string };

/** What is left of an operation whose payload was dropped: enough to know it again and to say what is shown. */
export type Digest = { readonly id: OpId; readonly hash: string; readonly hides: OpId | null };

const PURPOSE = 'journal operation';

export function hashOfOp({ id, body }: Op): string {
  return hashOf(PURPOSE, ...words({ id, body }));
}

export function signOp(op: Op, secret: string): SignedOp {
  const hash = hashOfOp(op);
  return { op, hash, signature: signed(secret, PURPOSE, hash) };
}

/** Whether the hash is that of the operation and the signature one with the key. */
export function isGenuine({ op, hash, signature }: SignedOp, key: string): boolean {
  return hash === hashOfOp(op) && verified(signature, key, hash);
}

/** Many replicas check the same operation. */
const verified = remembering((signature = '', key = '', hash = '') =>
  isSigned(signature, key, PURPOSE, hash),
);

function words({ id, body }: Op): (string | number)[] {
  const content = body.tag === 'Put' ? [body.value] : [body.value.author, body.value.stamp];
  return [id.author, id.stamp, body.tag, ...content];
}

export function digestOf({ op, hash }: SignedOp): Digest {
  return { id: op.id, hash, hides: op.body.tag === 'Tombstone' ? op.body.value : null };
}

/**
 * The ids that a set of operations shows, in canonical order: those that one operation alone claims, which is no
 * tombstone, and which no tombstone hides whose own id is not in doubt.
 */
export function shownIds(digests: readonly Digest[]): OpId[] {
  const sound = digests.filter(one =>
    digests.every(other => !sameId(one.id, other.id) || one.hash === other.hash),
  );
  return sound
    .filter(({ id, hides }) => hides === null && !sound.some(t => t.hides !== null && sameId(t.hides, id)))
    .map(({ id }) => id)
    .sort(compareIds);
}

export function sameId(a: OpId, b: OpId): boolean {
  return a.stamp === b.stamp && a.author === b.author;
}

export function compareIds(a: OpId, b: OpId): number {
  return a.stamp - b.stamp || compareText(a.author, b.author);
}

/** Reads an operation as the spec writes it, whatever form its variant and numbers have. */
export function opFrom(data: Data | undefined): Op | undefined {
  const id = idFrom(field(data, 'id'));
  const body = field(data, 'body');
  const value = field(body, 'value');
  if (id === undefined) return undefined;
  if (field(body, 'tag') === 'Put' && typeof value === 'string') return { id, body: { tag: 'Put', value } };
  const hidden = field(body, 'tag') === 'Tombstone' ? idFrom(value) : undefined;
  return hidden && { id, body: { tag: 'Tombstone', value: hidden } };
}

/** Reads an operation with its signature. */
export function signedFrom(data: Data | undefined): SignedOp | undefined {
  const [op, hash, signature] = [opFrom(field(data, 'op')), field(data, 'hash'), field(data, 'signature')];
  if (op === undefined || typeof hash !== 'string' || typeof signature !== 'string') return undefined;
  return { op, hash, signature };
}

export function idFrom(data: Data | undefined): OpId | undefined {
  const author = field(data, 'author');
  const stamp = Number(field(data, 'stamp') ?? Number.NaN);
  return typeof author === 'string' && Number.isSafeInteger(stamp) ? { author, stamp } : undefined;
}

/** A field of a record; undefined where there is none, or no record. */
export function field(data: Data | undefined, name: string): Data | undefined {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  return Object.entries(data).find(([key]) => key === name)?.[1];
}
