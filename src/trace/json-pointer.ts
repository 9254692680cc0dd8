// JSON Pointers (RFC 6901) into events.
import { isJsonObject, type Json } from '../util/json.js';

/** The parts of a pointer; undefined for text that is none. */
export function parsePointer(pointer: string): string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a pointer; undefined where there is none. */
export function valueAt(json: Json, parts: readonly string[]): Json | undefined {
  let value: Json | undefined = json;
  for (const part of parts) {
    if (Array.isArray(value)) value = /^(?:0|[1-9][0-9]*)$/.test(part) ? value[Number(part)] : undefined;
    else value = isJsonObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}
