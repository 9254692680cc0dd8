// JSON without loss: integers beyond 2^53 arrive as bigint, and text that is hashed or compared is canonical.
import JsonBigint from 'json-bigint';

/** What {@link parseJson} gives. Integers outside the safe range are bigints, all other numbers are numbers. */
export type Json = null | boolean | number | bigint | string | Json[] | { [key: string]: Json };

const codec = JsonBigint({ useNativeBigInt: true, protoAction: 'preserve', constructorAction: 'preserve' });

/** Throws a SyntaxError on text that is not JSON. */
export function parseJson(text: string): Json {
  try {
    return codec.parse(text);
  } catch (error) {
    // The codec throws a plain object, which nobody would recognise.
    const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
    throw new SyntaxError(String(message));
  }
}

/** Compact JSON with the keys of every object in code unit order: equal values give equal text. */
export function canonicalJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const keys = Object.keys(value).sort();
    return `{${keys.map(key => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

export function isJsonObject(value: Json | undefined): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
