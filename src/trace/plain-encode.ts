// A value as plain JSON that reads as the same value by its type, whatever the type: integers beyond doubles as ITF
// writes them, maps as objects only where all keys are text, variants always with their tag.
import type { MapValue, Value } from '../model/value.js';
import { encodeItfValue } from './itf-encode.js';

/** Compact JSON. */
export function encodePlainValue(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return isExact(value) ? `${value}` : encodeItfValue(value);
  if (typeof value === 'boolean') return `${value}`;
  switch (value.kind) {
    case 'list':
    case 'tuple':
    case 'set':
      return encodeItems(value.items);
    case 'map':
      return encodeMap(value);
    case 'record':
      return encodeMembers(value.fields);
    case 'variant':
      return `{"tag":${JSON.stringify(value.tag)},"value":${encodePlainValue(value.value)}}`;
    case 'unserializable':
      return encodeItfValue(value);
  }
}

function isExact(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}

function encodeItems(items: readonly Value[]): string {
  return `[${items.map(encodePlainValue).join(',')}]`;
}

function encodeMembers(members: readonly (readonly [string, Value])[]): string {
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${encodePlainValue(value)}`).join(',')}}`;
}

/** A sole key that begins with `#` could be taken for an object of ITF. */
function encodeMap({ entries }: MapValue): string {
  const members = entries.flatMap(([key, value]): [string, Value][] =>
    typeof key === 'string' ? [[key, value]] : [],
  );
  const [first] = members;
  const isObject = members.length === entries.length && !(members.length === 1 && first?.[0].startsWith('#'));
  return isObject ? encodeMembers(members) : `[${entries.map(encodeItems).join(',')}]`;
}
