// The fit of values whose type is not known. Shape decides as it does in Quint's own reader: what Apalache writes
// for the empty tuple becomes the empty tuple, and all else stays what the decoder made of it. It must not guess
// more than that: a record that looks like a variant is one until a type says otherwise.
import { isUnit, setOf, UNIT, type Value, variantOf } from '../model/value.js';
import {
  type Fit,
  fitEntries,
  fitFields,
  fitItems,
  isApalacheUnit,
  isUnitSpelling,
  type Misfit,
} from './fit.js';

const always = (): Fit => fitByShape;

/** Takes any value; only a map two of whose keys turn out equal is a misfit. */
export function fitByShape(value: Value, misfit: Misfit): Value | undefined {
  if (typeof value !== 'object') return value;
  switch (value.kind) {
    case 'list':
    case 'tuple':
    case 'set': {
      const items = fitItems(value.items, always, misfit, i => `.element(${i})`);
      if (items === undefined || items === value.items) return items && value;
      return value.kind === 'set' ? setOf(items) : { kind: value.kind, items };
    }
    case 'map':
      return fitEntries(value, fitByShape, fitByShape, misfit);
    case 'record':
      return isApalacheUnit(value) ? UNIT : fitFields(value, always, misfit);
    case 'variant': {
      if (isUnit(value.value)) return value;
      const payload = isUnitSpelling(value.value) ? UNIT : fitByShape(value.value, misfit);
      if (payload === undefined) misfit.path.push(`.${value.tag}`);
      return payload === value.value ? value : payload && variantOf(value.tag, payload);
    }
    case 'unserializable':
      return value;
  }
}
