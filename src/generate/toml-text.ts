// Values as TOML text (https://toml.io/en/v1.0.0), for templates. The only thing that templates may use to write a
// value: what it gives can never break out of its place.
import { assert } from '../util/assert.js';

/** A string, number, boolean, array or object (as an inline table) as a TOML value. Throws on anything else. */
export function tomlText(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return `[${value.map(tomlText).join(', ')}]`;
  assert(typeof value === 'object' && value !== null, `no TOML for ${typeof value}`);
  const fields = Object.entries(value).map(([key, field]) => `${tomlKey(key)} = ${tomlText(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** A key, quoted where it is not a bare one. */
export function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : quoted(key);
}

// What a double cannot hold as an exact integer is written as the float that it is.
function numberText(value: number): string {
  assert(Number.isFinite(value), 'TOML numbers in scenarios are finite');
  if (Object.is(value, -0)) return '0';
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
}

// A literal string where that spares escapes; otherwise JSON's escapes, which are a subset of TOML's but for DEL, which
// TOML wants escaped, and halves of surrogate pairs, which are no characters and which no text in UTF-8 can hold.
function quoted(text: string): string {
  if (/["\\]/.test(text) && !/['\p{Cc}\p{Cs}]/u.test(text)) return `'${text}'`;
  return JSON.stringify(text.toWellFormed()).replaceAll('\x7f', '\\u007f');
}
