// Structural hashes: equal values have equal hashes, whatever their representation. Kept in the values, so that what
// two states share is hashed once.
import { type Compound, item, type RtValue, SetBase } from './values.js';

/** A signed 32-bit integer. */
export function hashOf(value: RtValue): number {
  if (typeof value === 'number')
    return value === (value | 0) ? mix(0x2545f491, value) : hashText(value.toString());
  if (typeof value === 'string') return hashText(value);
  if (typeof value === 'boolean') return value ? 0x1b873593 : 0x51ed270b;
  if (typeof value === 'bigint') return hashText(value.toString());
  if (value.hash === 0) value.hash = hashCompound(value) || 1;
  return value.hash;
}

/** One round of a multiplicative hash. */
export function mix(hash: number, next: number): number {
  const h = Math.imul(hash ^ next, 0x5bd1e995);
  return h ^ (h >>> 15);
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 13);
}

function hashCompound(value: Compound): number {
  if (value instanceof SetBase) {
    // Int and Nat have no elements to list.
    return value.size() === undefined ? hashText(value.describe()) : hashItems(value.rank, value.list(0));
  }
  switch (value.rank) {
    case 3:
    case 4:
      return hashItems(value.rank, value.items);
    case 6:
      return mix(hashItems(value.rank, value.keys), hashItems(0, value.vals));
    case 7:
      return hashItems(value.rank + value.shape.names.length, value.vals);
    case 8:
      return mix(hashText(value.tag), hashOf(value.value));
  }
}

function hashItems(seed: number, items: readonly RtValue[]): number {
  let hash = mix(0x9e3779b9, seed + items.length);
  for (let i = 0; i < items.length; i++) hash = mix(hash, hashOf(item(items, i)));
  return hash;
}
