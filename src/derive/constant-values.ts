// Small values for constants that nobody gave one, by their types and by the part that they play: a few participants,
// the last of them byzantine, a quorum, small bounds. Names and annotations tell the part, as they do for scenarios.
// Values are data here; what they are worth is for the assumptions of the spec to say.
import { type Annotations, parseAnnotations } from '../model/annotations.js';
import type { IrConst, IrType } from '../model/ir.js';
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
import { fieldsOf, type TypeBook } from './type-book.js';

/** How large things are made. */
export interface Sizes {
  readonly participants: number;
  readonly byzantine: number;
  /** Of integers, by the name of the constant; others get {@link SMALL}. */
  readonly integers: ReadonlyMap<string, bigint>;
}

/** The usual size of what has no better one. */
const SMALL = 2n;

/** A constant with its value and why it is that, in words. */
export interface ChosenConstant {
  readonly constant: IrConst;
  readonly value: Value;
  readonly why: string;
}

/** A set that the spec gives: a constant with a value, or a `pure val`. */
export interface KnownSet {
  readonly name: string;
  readonly elem: IrType;
  readonly items: readonly Value[];
}

type Role = 'participants' | 'byzantine' | 'threshold' | 'quorum';

const ROLE_NAMES: readonly (readonly [Role, RegExp])[] = [
  ['byzantine', /^(byzantine|byz|faulty|corrupt(ed)?|malicious|adversar(y|ies))/i],
  [
    'participants',
    /^(participants?|nodes?|replicas?|servers?|process(es)?|procs?|validators?|peers?|members?|devices?|clients?)$/i,
  ],
  ['quorum', /quorum/i],
  ['threshold', /threshold|^t$/i],
];

/** The end of time in a spec, which has to lie beyond what lasts a while. */
const LAST_TIME = /deadline|horizon|max_?(epoch|time|clock|tick|term)/i;

function roleOf({ name, doc }: IrConst): Role | undefined {
  const annotations: Annotations = parseAnnotations(doc ?? '');
  const annotated = (['participants', 'byzantine', 'threshold'] as const).find(role => annotations.has(role));
  return annotated ?? roleByName(name);
}

function roleByName(name: string): Role | undefined {
  return ROLE_NAMES.find(([, pattern]) => pattern.test(name))?.[0];
}

/** Three participants, one of them byzantine; four where a quorum has to do without the byzantine one. */
export function usualSizes(constants: readonly IrConst[]): Sizes {
  const roles = constants.map(roleOf);
  const outvotes = roles.includes('quorum') && roles.includes('byzantine');
  return { participants: outvotes ? 4 : 3, byzantine: 1, integers: new Map() };
}

/** Values for `open`; undefined for those whose types aura has no value of. */
export function chooseValues(
  open: readonly IrConst[],
  known: readonly KnownSet[],
  book: TypeBook,
  sizes: Sizes,
): { chosen: ChosenConstant[]; without: IrConst[] } {
  const maker = new ValueMaker(book, known, open, sizes);
  const chosen: ChosenConstant[] = [];
  const without: IrConst[] = [];
  // Sets first: what the others are made of.
  const order = [...open].sort((a, b) => rank(a, book) - rank(b, book));
  for (const constant of order) {
    const made = maker.valueOf(constant);
    if (made === undefined) without.push(constant);
    else chosen.push({ constant, ...made });
  }
  const place = (constant: IrConst) => open.indexOf(constant);
  return { chosen: chosen.sort((a, b) => place(a.constant) - place(b.constant)), without };
}

function rank(constant: IrConst, book: TypeBook): number {
  const role = roleOf(constant);
  if (book.open(constant.typeAnnotation).kind !== 'set') return role === undefined ? 4 : 3;
  return role === 'participants' ? 0 : role === 'byzantine' ? 1 : 2;
}

class ValueMaker {
  /** Elements by alias, or by the name of the constant for types without one. */
  private readonly pools = new Map<string, { readonly key: string; readonly items: readonly Value[] }>();
  private byzantine = new Set<Value>();
  private participants: readonly Value[] = [];
  private readonly withParticipants = new Set<string>();

  constructor(
    private readonly book: TypeBook,
    known: readonly KnownSet[],
    open: readonly IrConst[],
    private readonly sizes: Sizes,
  ) {
    for (const { name, elem, items } of known) {
      const pool = book.alias(elem) ?? name;
      const before = this.pools.get(pool)?.items ?? [];
      if (items.length > before.length) this.pools.set(pool, { key: book.key(elem), items });
      if (roleByName(name) === 'participants' && items.length > this.participants.length)
        this.participants = items;
    }
    for (const constant of open) {
      const type = book.open(constant.typeAnnotation);
      if (type.kind !== 'set' || roleOf(constant) === 'byzantine') continue;
      const alias = book.alias(type.elem);
      // Who is byzantine is drawn from all of these, so they come first.
      this.poolItems(alias ?? constant.name, type.elem);
      if (alias !== undefined && roleOf(constant) === 'participants') this.withParticipants.add(alias);
    }
  }

  valueOf(constant: IrConst): { value: Value; why: string } | undefined {
    const role = roleOf(constant);
    const type = this.book.open(constant.typeAnnotation);
    if (type.kind === 'set') return this.setFor(constant, type.elem, role);
    if (type.kind === 'int') return this.integerFor(constant, role);
    const [value] = this.samples(constant.typeAnnotation, constant.name, 0);
    return value === undefined ? undefined : { value, why: 'a small value of its type' };
  }

  private integerFor({ name }: IrConst, role: Role | undefined): { value: Value; why: string } {
    const given = this.sizes.integers.get(name);
    if (given !== undefined) return { value: given, why: 'a small number that its assumptions allow' };
    const all = this.participants.length || this.sizes.participants;
    if (role === 'quorum') {
      const value = BigInt(Math.floor((all + this.byzantine.size) / 2) + 1);
      return { value, why: 'so many that any two quorums meet in one who is not byzantine' };
    }
    if (role === 'threshold')
      return { value: BigInt(Math.floor(all / 2) + 1), why: 'a majority of the participants' };
    if (LAST_TIME.test(name)) return { value: SMALL + 1n, why: 'a small number, beyond the spans of time' };
    return { value: SMALL, why: 'a small number' };
  }

  private setFor(constant: IrConst, elem: IrType, role: Role | undefined) {
    if (role === 'byzantine') return this.byzantineSet(elem);
    const pool = this.book.alias(elem) ?? constant.name;
    const items = this.poolItems(pool, elem);
    if (items.length === 0) return undefined;
    if (role === 'participants') {
      if (items.length > this.participants.length) this.participants = items;
      return { value: setOf(items), why: `${items.length} participants` };
    }
    const beside = this.withParticipants.has(pool) && this.byzantine.size > 0;
    const kept = beside ? items.filter(item => !this.byzantine.has(item)) : items;
    return {
      value: setOf(kept),
      why: beside ? `the ${kept.length} that are not byzantine` : `${kept.length} elements`,
    };
  }

  private byzantineSet(elem: IrType): { value: Value; why: string } {
    const alias = this.book.alias(elem);
    const key = this.book.key(elem);
    const own = alias === undefined ? undefined : this.pools.get(alias);
    const pools = own === undefined ? [...this.pools.values()].filter(pool => pool.key === key) : [own];
    const chosen = pools.flatMap(({ items }) =>
      items.slice(Math.max(0, items.length - this.sizes.byzantine)),
    );
    const value = setOf(this.sizes.byzantine === 0 ? [] : chosen);
    this.byzantine = new Set(value.items);
    return { value, why: value.items.length === 0 ? 'nobody' : 'the last of the participants' };
  }

  private poolItems(pool: string, elem: IrType): readonly Value[] {
    const known = this.pools.get(pool);
    if (known !== undefined) return known.items;
    const items = this.fresh(pool, elem).slice(0, this.sizes.participants);
    if (items.length > 0) this.pools.set(pool, { key: this.book.key(elem), items });
    return items;
  }

  private fresh(pool: string, elem: IrType): readonly Value[] {
    const numbers = Array.from({ length: this.sizes.participants }, (_, i) => i + 1);
    const opened = this.book.open(elem);
    if (opened.kind === 'str') return numbers.map(i => `${singular(pool)}${i}`);
    if (opened.kind === 'int') return [1n, 2n];
    return this.samples(elem, pool, 0).slice(0, this.sizes.participants);
  }

  /** Some values of a type, the first the simplest; none for a type that has no value that can be written. */
  private samples(type: IrType, name: string, depth: number): readonly Value[] {
    if (depth > 6) return [];
    const below = (inner: IrType) => this.samples(inner, name, depth + 1);
    const alias = this.book.alias(type);
    const pool = alias === undefined ? undefined : this.pools.get(alias);
    if (pool !== undefined) return pool.items;
    const opened = this.book.open(type);
    switch (opened.kind) {
      case 'bool':
        return [false, true];
      case 'int':
        return [SMALL, 1n, 3n];
      case 'str': {
        const all = this.poolsOf('str');
        return depth > 0 && alias === undefined && all.length > 0 ? all : [name.toLowerCase()];
      }
      case 'set':
        return [setOf(below(opened.elem)), setOf([])];
      case 'list': {
        const [first] = below(opened.elem);
        return first === undefined ? [listOf([])] : [listOf([]), listOf([first])];
      }
      case 'fun':
        return this.maps(opened.arg, below(opened.arg), below(opened.res));
      case 'tup': {
        const parts = fieldsOf(opened).map(field => below(field.fieldType));
        return zip(parts).map(tupleOf);
      }
      case 'rec': {
        const fields = fieldsOf(opened);
        const parts = fields.map(field => below(field.fieldType));
        return zip(parts).map(values =>
          recordOf(fields.flatMap((field, i) => pair(field.fieldName, values[i]))),
        );
      }
      case 'sum':
        return fieldsOf(opened).flatMap(({ fieldName, fieldType }) => {
          if (isUnitType(fieldType)) return [variantOf(fieldName)];
          const [payload] = below(fieldType);
          return payload === undefined ? [] : [variantOf(fieldName, payload)];
        });
      default:
        return [];
    }
  }

  // Values go round in turn, so that a map of leaders or of inputs is not the same everywhere.
  private maps(keyType: IrType, keys: readonly Value[], values: readonly Value[]): readonly Value[] {
    const isNumber = this.book.open(keyType).kind === 'int' && this.book.alias(keyType) === undefined;
    const all = isNumber ? [0n, 1n, 2n, 3n] : [...keys].sort(compareValues);
    const isInt = typeof values[0] === 'bigint';
    const of = (i: number) => values[isInt ? 0 : i % values.length];
    return values.length === 0 ? [mapOf([])] : [mapOf(all.flatMap((key, i) => entry(key, of(i))))];
  }

  private poolsOf(key: string): readonly Value[] {
    return [...this.pools.values()].filter(pool => pool.key === key).flatMap(({ items }) => items);
  }
}

/** `PARTICIPANTS` as `participant`. */
function singular(name: string): string {
  return name.toLowerCase().replace(/(?<=..)s$/, '');
}

function zip(parts: readonly (readonly Value[])[]): Value[][] {
  if (parts.some(values => values.length === 0)) return [];
  const length = Math.max(1, ...parts.map(values => values.length));
  return Array.from({ length }, (_, i) => parts.flatMap(values => values[i % values.length] ?? []));
}

function pair(name: string, value: Value | undefined): [string, Value][] {
  return value === undefined ? [] : [[name, value]];
}

function entry(key: Value, value: Value | undefined): [Value, Value][] {
  return value === undefined ? [] : [[key, value]];
}
