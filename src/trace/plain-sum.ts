// Variants from plain JSON, in the three spellings that programs use: `{tag, value}`, `"Tag"`, `{"Tag": value}`. For
// a type `Some(a) | None` also a bare value and null. What is written in one of the three spellings is always taken
// for a variant; only what is not can be a bare value.
import type { IrType } from '../model/ir.js';
import { isUnitType, typeText } from '../model/type-text.js';
import { UNIT, type Value, variantOf } from '../model/value.js';
import { isJsonObject, type Json } from '../util/json.js';
import { nearest } from '../util/nearest.js';
import { type Misfits, previewJson } from './misfits.js';
import { otherKind, type PlainDecoder } from './plain-parts.js';

interface Choice {
  readonly name: string;
  readonly type: IrType;
  readonly decode: PlainDecoder;
}

export function decoderOfSum(choices: readonly Choice[], text: string): PlainDecoder {
  const byTag = new Map(choices.map(choice => [choice.name, choice]));
  // One object for every occurrence of a tag without a payload: equal values are the same then.
  const units = new Map(
    choices.flatMap(({ name, type }) => (isUnitType(type) ? [[name, variantOf(name)]] : [])),
  );
  const some = byTag.size === 2 && units.has('None') ? byTag.get('Some') : undefined;
  const expected = some ? `Option[${typeText(some.type)}]` : text;
  return (json, misfits) => {
    if (typeof json === 'string') {
      const unit = units.get(json);
      if (unit !== undefined) return unit;
    } else if (isJsonObject(json)) {
      const tagged = taggedIn(json, byTag);
      if (tagged !== undefined) return payloadOf(tagged, misfits);
    }
    if (some === undefined) return refuse(json, misfits);
    return json === null ? units.get('None') : bareSome(some, json, misfits);
  };

  function payloadOf({ choice, content, key }: Tagged, misfits: Misfits): Value | undefined {
    const from = misfits.found.length;
    const payload = choice.decode(content, misfits);
    if (payload === undefined) return misfits.under(from, key);
    return payload === UNIT
      ? (units.get(choice.name) ?? variantOf(choice.name))
      : variantOf(choice.name, payload);
  }

  function bareSome({ decode }: Choice, json: Json, misfits: Misfits): Value | undefined {
    const from = misfits.found.length;
    const payload = decode(json, misfits);
    if (payload !== undefined) return variantOf('Some', payload);
    // Not of the kind at all: what is wrong is the whole, not its inside.
    if (misfits.found[from]?.path.length !== 0) return undefined;
    misfits.found.length = from;
    return misfits.expected(expected, json);
  }

  function refuse(json: Json, misfits: Misfits): Value | undefined {
    const tag = tagTold(json);
    const near = tag === undefined ? undefined : nearest(tag, byTag.keys());
    if (near === undefined || near === tag) return otherKind(json, misfits, expected);
    return misfits.add(`expected ${expected}, got ${previewJson(json)}: is it ${near}?`);
  }
}

interface Tagged {
  readonly choice: Choice;
  readonly content: Json;
  /** Where the content stands. */
  readonly key: string;
}

/** The variant that an object spells; undefined when it spells none. */
function taggedIn(json: { [key: string]: Json }, byTag: ReadonlyMap<string, Choice>): Tagged | undefined {
  const keys = Object.keys(json);
  const [key = ''] = keys;
  if (keys.length === 2 && typeof json.tag === 'string' && json.value !== undefined) {
    const choice = byTag.get(json.tag);
    return choice && { choice, content: json.value, key: 'value' };
  }
  const choice = keys.length === 1 ? byTag.get(key) : undefined;
  return choice && { choice, content: json[key] ?? null, key };
}

/** What looks like a tag in something that is no variant of the type. */
function tagTold(json: Json): string | undefined {
  if (typeof json === 'string') return json;
  if (!isJsonObject(json)) return undefined;
  const keys = Object.keys(json);
  return typeof json.tag === 'string' ? json.tag : keys.length === 1 ? keys[0] : undefined;
}
