// Values that a variable may begin with, by its type: the simplest first, then others that are still small. Each is a
// Quint expression together with its value, so that they can be tried on the engine before Quint sees the one that is
// taken.
import type { IrType } from '../model/ir.js';
import { isUnitType } from '../model/type-text.js';
import {
  compareValues,
  listOf,
  mapOf,
  recordOf,
  setOf,
  tupleOf,
  type Value,
  variantOf,
} from '../model/value.js';
import { itemsOf, type KnownSets } from './known-sets.js';
import type { Sights, VariableName } from './sights.js';
import { fieldsOf, type TypeBook } from './type-book.js';

export interface Choice {
  readonly text: string;
  readonly value: Value;
}

/** Choices for one variable. */
const CHOICES_MAX = 14;
const DEPTH_MAX = 6;

export class InitialChoices {
  constructor(
    private readonly book: TypeBook,
    private readonly sights: Sights,
    private readonly sets: KnownSets,
  ) {}

  /** The default first; none for a type that has no value that can be written. */
  of({ type, instances }: VariableName): readonly Choice[] {
    return unique(this.choices(type, instances, 0)).slice(0, CHOICES_MAX);
  }

  private choices(type: IrType, instances: readonly string[], depth: number): Choice[] {
    if (depth > DEPTH_MAX) return [];
    const below = (inner: IrType) => this.choices(inner, instances, depth + 1);
    const opened = this.book.open(type);
    const singles = this.singles(type, instances);
    switch (opened.kind) {
      case 'bool':
        return [choice('false', false), choice('true', true)];
      case 'int':
        return [0n, 1n, 2n].map(n => choice(`${n}`, n)).concat(singles);
      case 'str':
        return [...this.elements(type, instances), ...singles, choice('""', '')];
      case 'set':
        return [choice('Set()', setOf([])), ...this.setsOf(opened.elem, instances)];
      case 'list':
        return [
          choice('[]', listOf([])),
          ...below(opened.elem)
            .slice(0, 2)
            .map(({ text, value }) => choice(`[${text}]`, listOf([value]))),
        ];
      case 'fun':
        return this.maps(opened.arg, opened.res, instances, depth);
      case 'tup':
      case 'rec':
        return this.product(opened, instances, depth);
      case 'sum':
        return this.variants(opened, instances, depth);
      default:
        return this.elements(type, instances);
    }
  }

  private singles(type: IrType, instances: readonly string[]): Choice[] {
    return this.sets
      .single(type, instances)
      .flatMap(({ name, value }) => (value === undefined ? [] : [choice(name, value)]));
  }

  /** Elements of the sets that the spec names. */
  private elements(type: IrType, instances: readonly string[]): Choice[] {
    if (this.book.alias(type) === undefined) return [];
    const items = this.sets.of(type, instances).flatMap(({ value }) => itemsOf(value));
    return items.flatMap(value => (typeof value === 'string' ? [choice(`"${value}"`, value)] : []));
  }

  private setsOf(elem: IrType, instances: readonly string[]): Choice[] {
    const named = this.sets.of(elem, instances).flatMap(({ name, value }): Choice[] => {
      return value === undefined ? [] : [choice(name, value)];
    });
    const singles = this.singles(elem, instances);
    const one = singles.map(({ text, value }) => choice(`Set(${text})`, setOf([value])));
    const all =
      singles.length < 2
        ? []
        : [
            choice(
              `Set(${singles.map(({ text }) => text).join(', ')})`,
              setOf(singles.map(({ value }) => value)),
            ),
          ];
    const opened = this.book.open(elem);
    const small = opened.kind === 'int' ? [choice('Set(0)', setOf([0n])), choice('Set(1)', setOf([1n]))] : [];
    return [...named, ...one, ...all, ...(named.length + one.length > 0 ? [] : small)];
  }

  private maps(arg: IrType, res: IrType, instances: readonly string[], depth: number): Choice[] {
    const empty = choice('Map()', mapOf([]));
    const keySets = this.keys(arg, instances);
    const values = this.choices(res, instances, depth + 1);
    const isNeutral = !['str', 'const'].includes(this.book.open(res).kind);
    const name = this.sights.free('k');
    const total = values.flatMap((value, i) =>
      // With a value that is not the default, the widest keys will do.
      (i === 0 ? keySets : keySets.slice(0, 1)).map(keys =>
        choice(
          `${keys.text}.mapBy(${name} => ${value.text})`,
          mapOf(itemsOf(keys.value).map(key => [key, value.value] as const)),
        ),
      ),
    );
    return isNeutral && total.length > 0 ? [...total, empty] : [empty, ...total];
  }

  /** Sets of keys, the widest first. */
  private keys(arg: IrType, instances: readonly string[]): Choice[] {
    const opened = this.book.open(arg);
    if (opened.kind === 'bool') return [choice('Bool', setOf([false, true]))];
    if (opened.kind === 'tup') {
      const parts = fieldsOf(opened).map(({ fieldType }) => this.keys(fieldType, instances)[0]);
      const known = parts.flatMap(part => (part === undefined ? [] : [part]));
      if (known.length < parts.length || known.length < 2) return [];
      const rows = known.reduce<Value[][]>(
        (sofar, part) => sofar.flatMap(row => itemsOf(part.value).map(item => [...row, item])),
        [[]],
      );
      return [choice(`tuples(${known.map(({ text }) => text).join(', ')})`, setOf(rows.map(tupleOf)))];
    }
    if (opened.kind === 'sum') {
      const units = fieldsOf(opened).filter(({ fieldType }) => isUnitType(fieldType));
      const labels = units.map(({ fieldName }) => this.sights.labelOf(fieldName, instances) ?? fieldName);
      if (units.length < fieldsOf(opened).length) return [];
      return [choice(`Set(${labels.join(', ')})`, setOf(units.map(({ fieldName }) => variantOf(fieldName))))];
    }
    const widest = this.sets.of(arg, instances);
    const others = this.sets.sets.filter(
      set =>
        !widest.includes(set) && set.aliases.has(this.book.alias(arg) ?? '') && itemsOf(set.value).length > 0,
    );
    return [...widest, ...others].flatMap(({ name, value }) =>
      value === undefined ? [] : [choice(name, value)],
    );
  }

  // The default, and what differs from it in one part.
  private product(
    type: Extract<IrType, { kind: 'tup' | 'rec' }>,
    instances: readonly string[],
    depth: number,
  ): Choice[] {
    const fields = fieldsOf(type);
    const parts = fields.map(({ fieldType }) => this.choices(fieldType, instances, depth + 1));
    const first = parts.flatMap(([one]) => (one === undefined ? [] : [one]));
    if (first.length < parts.length) return [];
    const rows = [first];
    for (const [i, others] of parts.entries())
      for (const other of others.slice(1, 3)) rows.push(first.map((one, j) => (i === j ? other : one)));
    return rows.map(row =>
      type.kind === 'tup'
        ? choice(`(${row.map(({ text }) => text).join(', ')})`, tupleOf(row.map(({ value }) => value)))
        : choice(
            `{ ${row.map(({ text }, i) => `${fields[i]?.fieldName}: ${text}`).join(', ')} }`,
            recordOf(row.map(({ value }, i) => [fields[i]?.fieldName ?? '', value])),
          ),
    );
  }

  /** `None` first, then what carries nothing, then the others. */
  private variants(
    type: Extract<IrType, { kind: 'sum' }>,
    instances: readonly string[],
    depth: number,
  ): Choice[] {
    const all = fieldsOf(type).flatMap(({ fieldName, fieldType }) => {
      const label = this.sights.labelOf(fieldName, instances);
      if (label === undefined) return [];
      if (isUnitType(fieldType))
        return [{ rank: fieldName === 'None' ? 0 : 1, choice: choice(label, variantOf(fieldName)) }];
      const payloads = this.choices(fieldType, instances, depth + 1).slice(0, 3);
      return payloads.map(({ text, value }) => ({
        rank: 2,
        choice: choice(`${label}(${text})`, variantOf(fieldName, value)),
      }));
    });
    return all.sort((a, b) => a.rank - b.rank).map(one => one.choice);
  }
}

function choice(text: string, value: Value): Choice {
  return { text, value };
}

function unique(choices: readonly Choice[]): Choice[] {
  return choices.filter(
    (one, i) => choices.findIndex(other => compareValues(one.value, other.value) === 0) === i,
  );
}
