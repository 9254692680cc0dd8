// One value as the text that Quint itself writes for it, in canonical order: equal values give equal text. The
// shape of a record `{tag, value}` is that of a variant; only its type tells them apart when it is read again.
import type { RecordValue, Value } from '../model/value.js';
import { assert } from '../util/assert.js';

/** Compact JSON. */
export function encodeItfValue(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `{"#bigint":"${value}"}`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  switch (value.kind) {
    case 'list':
      return encodeItems(value.items);
    case 'tuple':
      return `{"#tup":${encodeItems(value.items)}}`;
    case 'set':
      return `{"#set":${encodeItems(value.items)}}`;
    case 'map':
      return `{"#map":[${value.entries.map(encodeItems).join(',')}]}`;
    case 'record':
      return encodeRecord(value);
    case 'variant':
      return `{"tag":${JSON.stringify(value.tag)},"value":${encodeItfValue(value.value)}}`;
    case 'unserializable':
      return `{"#unserializable":${JSON.stringify(value.text)}}`;
  }
}

function encodeItems(items: readonly Value[]): string {
  return `[${items.map(encodeItfValue).join(',')}]`;
}

const RESERVED = new Set(['#bigint', '#tup', '#set', '#map', '#unserializable']);

// Quint has no such field names and the reader gives no such record, so only a bug of ours can make one.
function encodeRecord({ fields }: RecordValue): string {
  const only = fields.length === 1 ? fields[0]?.[0] : undefined;
  assert(
    only === undefined || !RESERVED.has(only),
    `a record with the sole field ${only} cannot be written in ITF`,
  );
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${encodeItfValue(value)}`).join(',')}}`;
}
