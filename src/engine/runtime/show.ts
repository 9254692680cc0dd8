// Values in messages, written as Quint's printer of expressions writes them, with sets and maps in canonical order.
// Long values are cut: a message is for reading.
import { type RtValue, SetBase } from './values.js';

const TEXT_MAX = 2_000;

/** The value as a Quint expression, cut to a readable length. */
export function showRt(value: RtValue): string {
  const text = show(value);
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}...` : text;
}

function show(value: RtValue): string {
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value !== 'object') return value.toString();
  if (value instanceof SetBase) return showSet(value);
  switch (value.rank) {
    case 3:
      return `(${value.items.map(show).join(', ')})`;
    case 4:
      return `[${value.items.map(show).join(', ')}]`;
    case 6:
      return `Map(${value.keys.map((key, i) => `${show(key)} -> ${show(value.vals[i] ?? false)}`).join(', ')})`;
    case 7:
      return `{ ${value.shape.names.map((name, i) => `${name}: ${show(value.vals[i] ?? false)}`).join(', ')} }`;
    case 8:
      return `${value.tag}(${show(value.value)})`;
  }
}

function showSet(set: SetBase): string {
  const size = set.size();
  if (size === undefined || size > 1_000) return set.describe();
  return `Set(${set.list(0).map(show).join(', ')})`;
}
