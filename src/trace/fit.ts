// What fitting a value means, and how a fit of a whole follows from fits of its parts. A value that fits as it is
// comes back as the same object, so that fitting costs no memory where nothing changes; what does not fit leaves a
// misfit with the path to it. Which fits there are is in fit-by-shape.ts and itf-typed.ts.
import { isUnit, type MapValue, mapOf, type RecordValue, showValue, type Value } from '../model/value.js';

/** Why a value does not fit, filled in from the inside out. */
export interface Misfit {
  /** Parts of the path, innermost first, each with its punctuation. */
  readonly path: string[];
  reason: string;
}

/** The value as it should be; undefined after noting a misfit. */
export type Fit = (value: Value, misfit: Misfit) => Value | undefined;

/** Characters of a value shown in an error. */
const SHOWN = 80;

export function reject(misfit: Misfit, expected: string, got: Value): undefined {
  misfit.reason = `expected ${expected}, got ${shorten(showValue(got))}`;
  return undefined;
}

/** Adds a part in front of the path of a misfit. */
export function under(misfit: Misfit, part: string): undefined {
  misfit.path.push(part);
  return undefined;
}

function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
}

/** The same array when no item changes. `part` names an item in a path. */
export function fitItems(
  items: readonly Value[],
  fitAt: (i: number) => Fit,
  misfit: Misfit,
  part: (i: number) => string,
): readonly Value[] | undefined {
  let changed: Value[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (item === undefined) break;
    const fitted = fitAt(i)(item, misfit);
    if (fitted === undefined) return under(misfit, part(i));
    if (changed) changed.push(fitted);
    else if (fitted !== item) changed = [...items.slice(0, i), fitted];
  }
  return changed ?? items;
}

export function fitEntries(map: MapValue, key: Fit, result: Fit, misfit: Misfit): MapValue | undefined {
  let changed: (readonly [Value, Value])[] | undefined;
  for (let i = 0; i < map.entries.length; i++) {
    const entry = map.entries[i];
    if (entry === undefined) break;
    const k = key(entry[0], misfit);
    if (k === undefined) return under(misfit, `.key(${i})`);
    const v = result(entry[1], misfit);
    if (v === undefined) return under(misfit, `[${shorten(showValue(k))}]`);
    if (changed) changed.push([k, v]);
    else if (k !== entry[0] || v !== entry[1]) changed = [...map.entries.slice(0, i), [k, v]];
  }
  if (changed === undefined) return map;
  const fitted = mapOf(changed);
  if (fitted.entries.length === changed.length) return fitted;
  misfit.reason = 'two keys of the map are equal';
  return undefined;
}

export function fitFields(
  record: RecordValue,
  fitOf: (name: string) => Fit,
  misfit: Misfit,
): RecordValue | undefined {
  let changed: (readonly [string, Value])[] | undefined;
  for (let i = 0; i < record.fields.length; i++) {
    const field = record.fields[i];
    if (field === undefined) break;
    const fitted = fitOf(field[0])(field[1], misfit);
    if (fitted === undefined) return under(misfit, `.${field[0]}`);
    if (changed) changed.push([field[0], fitted]);
    else if (fitted !== field[1]) changed = [...record.fields.slice(0, i), [field[0], fitted]];
  }
  return changed ? { kind: 'record', fields: changed } : record;
}

/** The empty tuple as Quint, Apalache (`{"tag": "UNIT"}`) and Apalache's ADR 15 (`"U_OF_UNIT"`) write it. */
export function isUnitSpelling(value: Value): boolean {
  return value === 'U_OF_UNIT' || isUnit(value) || isApalacheUnit(value);
}

export function isApalacheUnit(value: Value): boolean {
  if (typeof value !== 'object') return false;
  if (value.kind === 'variant') return value.tag === 'UNIT' && isUnitSpelling(value.value);
  const field = value.kind === 'record' && value.fields.length === 1 ? value.fields[0] : undefined;
  return field !== undefined && field[0] === 'tag' && field[1] === 'UNIT';
}
