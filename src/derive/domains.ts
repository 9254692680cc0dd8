// The values that an argument may take: a set, as a Quint expression, for each parameter of each action. The rules are
// tried in one order: what the user says, sets that the spec names, values that the state holds, what the guards name, the
// structure of the type. docs/driving.md states them. What no rule gives is said, never hidden.
import type { IrOpDef, IrType } from '../model/ir.js';
import type { Action, Parameter, Property } from '../model/model.js';
import { isUnitType, typeText } from '../model/type-text.js';
import { LIMITS } from '../util/limits.js';
import { invariantBounds } from './invariant-bounds.js';
import { itemsOf, type KnownSets } from './known-sets.js';
import { type ParameterUses, usesOf } from './parameter-uses.js';
import type { Projections } from './projections.js';
import type { Sights } from './sights.js';
import { type Given, type Named, placeText } from './text-edits.js';
import { fieldsOf, type TypeBook } from './type-book.js';

/** A set of values and where it came from. */
export interface DomainPart {
  readonly text: string;
  /** In words. */
  readonly from: string;
  /** How many elements it has, or may have. */
  readonly size: number;
}

export interface ParameterDomain {
  readonly parameter: Parameter;
  readonly expression: string;
  /** The expression as the user gave it. */
  readonly given?: Given;
  readonly from: string;
}

/** A parameter that no rule has values for. */
export interface NoDomain {
  readonly parameter: Parameter;
  /** The type that is missing, which may stand inside that of the parameter. */
  readonly missing: string;
  /** A line of the configuration that would help. */
  readonly help: string;
}

/** How many elements a set that the state holds is taken to have. */
const STATE_SIZE = 4;
const DEPTH_MAX = 8;

/** Operators that are added to the spec because a domain uses them. */
export interface Helpers {
  readonly subsets: string;
  readonly lists: string;
}

export class Domains {
  constructor(
    private readonly book: TypeBook,
    private readonly sights: Sights,
    private readonly sets: KnownSets,
    private readonly projections: Projections,
    private readonly helpers: Helpers,
    private readonly given: readonly Named[],
    private readonly invariants: readonly Property[],
  ) {}

  of(
    action: Action,
    parameter: Parameter,
    def: IrOpDef,
    instances: readonly string[],
  ): ParameterDomain | NoDomain {
    const { type } = parameter;
    const alias = this.book.alias(type);
    const own = this.given.find(({ name }) => name === `${action.name}.${parameter.name}`);
    const given = own ?? this.given.find(({ name }) => name === (alias ?? typeText(type)));
    if (given !== undefined)
      return { parameter, expression: given.text.trim(), given, from: `given at ${placeText(given)}` };
    const parts = this.forParameter(parameter, def, instances);
    if (typeof parts === 'string') {
      const key = alias === undefined ? `"${action.name}.${parameter.name}"` : alias;
      return { parameter, missing: parts, help: `[quint.domains] ${key} = "..."` };
    }
    return {
      parameter,
      expression: union(parts),
      from: [...new Set(parts.map(({ from }) => from))].join('; '),
    };
  }

  /** Parts, or the type that is missing. */
  private forParameter(
    parameter: Parameter,
    def: IrOpDef,
    instances: readonly string[],
  ): DomainPart[] | string {
    const { type } = parameter;
    const opened = this.book.open(type);
    const uses = usesOf(parameter, def, this.sights, instances);
    const asked = [
      ...uses.within.map(text => ({ text, from: 'a set that a guard asks for', size: STATE_SIZE })),
      ...literals(uses.equals, 'values that a guard compares it with'),
    ];
    const named = this.named(type, instances);
    const isScalar = opened.kind === 'int' || opened.kind === 'str' || this.isEnumerated(opened);
    // A set that the spec names is of no use where a guard wants what is not in it.
    const isRefused = named.some(({ text }) => uses.outside.includes(text));
    if (isScalar && named.length > 0 && !isRefused && !this.isOther(type, uses, named)) return named;
    if (this.isEnumerated(opened)) return this.structure(type, instances, 0);
    if (isScalar) {
      const edges = opened.kind === 'int' ? uses.edges.flatMap(around) : [];
      const beside = literals(edges, 'the bounds that guards name, one below and one above each');
      const found = [...named, ...asked, ...beside, ...this.held(type, instances)];
      // What has to be in a set, or between bounds, needs no other values, and neither does what the spec names.
      const isEnough = uses.isMember || edges.length > 0 || (named.length > 0 && !isRefused);
      const claimed = uses.isMember || uses.isFixed ? [] : this.claimed(opened, type);
      if (found.length > 0 && isEnough) return [...found, ...claimed];
      const made = isRefused ? this.unnamed(type, instances) : this.structure(type, instances, 0);
      return typeof made === 'string' ? made : [...found, ...claimed, ...made];
    }
    const found = [...named, ...asked, ...this.held(type, instances)];
    if (uses.isMember && found.length > 0) return found;
    const made = this.structure(type, instances, 0);
    if (typeof made === 'string') return found.length > 0 ? found : made;
    const size = sizeOf(made);
    // What has to be outside of a set is hardly among the values that the state holds already.
    const most = uses.isOutside ? LIMITS.domainElements : LIMITS.domainBeside;
    if (found.length > 0 && size > most) return found;
    return size > LIMITS.domainElements ? typeText(type) : [...found, ...made];
  }

  /**
   * Whether the guards ask for something else than the sets that the spec names for the type: any number or text may be
   * meant where its type has no name, and `Set(80, 443)` says nothing of an amount.
   */
  private isOther(type: IrType, uses: ParameterUses, named: readonly DomainPart[]): boolean {
    const isPlain = this.book.alias(type) === undefined && ['int', 'str'].includes(this.book.open(type).kind);
    const isAsked = uses.isMember || uses.edges.length > 0 || uses.equals.length > 0;
    return isPlain && isAsked && !named.some(({ text }) => uses.within.includes(text));
  }

  /** Numbers or texts that the sets which the spec names do not have. */
  private unnamed(type: IrType, instances: readonly string[]): DomainPart[] {
    if (this.book.open(type).kind === 'str') return this.texts(type);
    const values = this.sets.of(type, instances).flatMap(({ value }) => (value ? itemsOf(value) : []));
    const top = values.reduce<bigint>((m, one) => (typeof one === 'bigint' && one > m ? one : m), 1n);
    return [
      ...SMALL_INTEGERS,
      ...literals([String(top + 1n)], 'a number beyond the sets that the spec names'),
    ];
  }

  /** Whether the structure of the type names all of its values, and these are few. */
  private isEnumerated(opened: IrType): boolean {
    return (
      opened.kind === 'bool' ||
      (opened.kind === 'sum' && fieldsOf(opened).every(({ fieldType }) => isUnitType(fieldType)))
    );
  }

  /** Sets that the spec names, and constants that are such a value. */
  private named(type: IrType, instances: readonly string[]): DomainPart[] {
    const sets = this.sets.of(type, instances).map(({ name, value, type: setType }) => ({
      text: name,
      from: `${name}: ${typeText(setType)}`,
      size: value === undefined ? STATE_SIZE : itemsOf(value).length,
    }));
    if (sets.length > 0) return sets;
    const singles = this.sets.single(type, instances).map(({ name }) => name);
    return singles.length === 0 ? [] : literals(singles, `the constants ${singles.join(', ')}`);
  }

  /** Bounds of such numbers that invariants name. */
  private claimed(opened: IrType, type: IrType): DomainPart[] {
    if (opened.kind !== 'int') return [];
    const bounds = invariantBounds(type, this.invariants, this.sights, this.book);
    return literals(bounds.flatMap(around), 'the bounds that invariants name, one below and one above each');
  }

  /** Values that the state holds. */
  private held(type: IrType, instances: readonly string[]): DomainPart[] {
    const found = this.projections.of(type, instances);
    const variables = [...new Set(found.map(({ variable }) => variable))];
    const from = `values in ${variables.join(', ')}`;
    return found.map(({ text }) => ({ text, from, size: STATE_SIZE }));
  }

  /** Values that a type has by its structure, or the type that is missing. */
  private structure(type: IrType, instances: readonly string[], depth: number): DomainPart[] | string {
    if (depth > DEPTH_MAX) return typeText(type);
    const opened = this.book.open(type);
    const from = `values of type ${typeText(type)}`;
    switch (opened.kind) {
      case 'bool':
        return [{ text: 'Bool', from: 'both booleans', size: 2 }];
      case 'int':
        return SMALL_INTEGERS;
      case 'str':
        return this.strings(type, instances);
      case 'set':
        return this.subsets(opened.elem, instances, depth);
      case 'list':
        return this.over(opened.elem, instances, depth, inner => ({
          text: `${this.helpers.lists}(${inner.text})`,
          from: `lists of at most two of: ${inner.from}`,
          size: 1 + inner.size + inner.size ** 2,
        }));
      case 'fun':
        return this.over(opened.arg, instances, depth, keys =>
          this.over(opened.res, instances, depth, values => this.maps(keys, values, from)),
        );
      case 'tup':
      case 'rec':
        return this.product(opened, instances, depth, from);
      case 'sum':
        return this.variants(opened, instances, depth, from);
      default:
        return typeText(type);
    }
  }

  /** Subsets of what the state holds, and of what the structure of the elements allows if these are few. */
  private subsets(elem: IrType, instances: readonly string[], depth: number): DomainPart[] | string {
    const make = (inner: DomainPart): DomainPart => ({
      text:
        inner.size <= 6 && this.isFixed(inner.text)
          ? `${inner.text}.powerset()`
          : `${this.helpers.subsets}(${inner.text})`,
      from: `subsets of: ${inner.from}`,
      size: inner.size <= 6 ? 2 ** inner.size : inner.size ** 2,
    });
    const isCompound = ['rec', 'tup', 'sum'].includes(this.book.open(elem).kind);
    const isHeld = isCompound && this.named(elem, instances).length === 0;
    const held = isHeld ? this.held(elem, instances) : [];
    const [first] = held;
    const ofHeld = first === undefined ? [] : [make({ ...first, text: union(held), size: STATE_SIZE })];
    const inner = this.inner(elem, instances, depth);
    if (typeof inner === 'string') return ofHeld.length > 0 ? ofHeld : inner;
    const made = make(inner);
    return ofHeld.length > 0 && made.size > LIMITS.domainBeside ? ofHeld : [...ofHeld, made];
  }

  /** Whether the elements of a set are known now: how large one that depends on the state gets is anybody's guess. */
  private isFixed(text: string): boolean {
    return (
      text === 'Bool' || this.sets.values.some(({ name, value }) => name === text && value !== undefined)
    );
  }

  private strings(type: IrType, instances: readonly string[]): DomainPart[] {
    const alike = this.book.alias(type) === undefined ? this.sets.alike(type, instances) : [];
    if (alike.length > 0)
      return alike.map(({ name, value }) => ({
        text: name,
        from: name,
        size: itemsOf(value).length || STATE_SIZE,
      }));
    return this.texts(type);
  }

  private texts(type: IrType): DomainPart[] {
    const base = (this.book.alias(type) ?? 'text').toLowerCase();
    return literals([`"${base}1"`, `"${base}2"`], 'two texts, since the spec names none');
  }

  /** Values of a type inside another: what the spec names, or else its structure. */
  private inner(type: IrType, instances: readonly string[], depth: number): DomainPart | string {
    const named = this.named(type, instances);
    const opened = this.book.open(type);
    const made = named.length > 0 ? [] : this.structure(type, instances, depth + 1);
    // Numbers without a name are any numbers: those of the state would only be more of them.
    const isPlain = this.isEnumerated(opened) || (type.kind !== 'const' && opened.kind === 'int');
    const held = named.length > 0 || isPlain ? [] : this.held(type, instances);
    if (typeof made === 'string' && held.length === 0) return made;
    const isLarge = typeof made === 'string' || sizeOf(made) > LIMITS.domainBeside;
    const parts = [...named, ...held, ...(isLarge && held.length > 0 ? [] : made)].filter(isPart);
    return {
      text: union(parts),
      from: [...new Set(parts.map(part => part.from))].join('; '),
      size: sizeOf(parts),
    };
  }

  private over(
    type: IrType,
    instances: readonly string[],
    depth: number,
    make: (inner: DomainPart) => DomainPart | DomainPart[] | string,
  ): DomainPart[] | string {
    const inner = this.inner(type, instances, depth);
    if (typeof inner === 'string') return inner;
    const made = make(inner);
    return typeof made === 'string' || Array.isArray(made) ? made : [made];
  }

  private maps(keys: DomainPart, values: DomainPart, from: string): DomainPart {
    const size = values.size ** keys.size;
    if (size <= LIMITS.domainBeside) return { text: `${keys.text}.setOfMaps(${values.text})`, from, size };
    const [value, key] = [this.sights.free('v'), this.sights.free('k')];
    const text = `${values.text}.map(${value} => ${keys.text}.mapBy(${key} => ${value}))`;
    return { text, from: `${from}, the same for every key`, size: values.size };
  }

  private product(
    type: Extract<IrType, { kind: 'tup' | 'rec' }>,
    instances: readonly string[],
    depth: number,
    from: string,
  ): DomainPart[] | string {
    const fields = fieldsOf(type);
    const parts: DomainPart[] = [];
    for (const { fieldType } of fields) {
      const part = this.inner(fieldType, instances, depth);
      if (typeof part === 'string') return part;
      parts.push(part);
    }
    const size = parts.reduce((product, part) => product * part.size, 1);
    const texts = parts.map(({ text }) => text);
    const names = fields.map((_, i) => this.sights.free(`f${i + 1}`));
    const value =
      type.kind === 'tup'
        ? `(${names.join(', ')})`
        : `{ ${fields.map(({ fieldName }, i) => `${fieldName}: ${names[i]}`).join(', ')} }`;
    if (type.kind === 'tup' && fields.length > 1)
      return [{ text: `tuples(${texts.join(', ')})`, from, size }];
    const [only] = texts;
    const text =
      texts.length === 1 && only !== undefined
        ? `${only}.map(${names[0]} => ${value})`
        : `tuples(${texts.join(', ')}).map(((${names.join(', ')})) => ${value})`;
    return [{ text, from, size }];
  }

  private variants(
    type: Extract<IrType, { kind: 'sum' }>,
    instances: readonly string[],
    depth: number,
    from: string,
  ): DomainPart[] | string {
    const units: string[] = [];
    const parts: DomainPart[] = [];
    for (const { fieldName, fieldType } of fieldsOf(type)) {
      const label = this.sights.labelOf(fieldName, instances);
      if (label === undefined) return fieldName;
      if (isUnitType(fieldType)) {
        units.push(label);
        continue;
      }
      const inner = this.inner(fieldType, instances, depth);
      if (typeof inner === 'string') return inner;
      const name = this.sights.free('x');
      parts.push({ text: `${inner.text}.map(${name} => ${label}(${name}))`, from, size: inner.size });
    }
    return [...literals(units, from), ...parts];
  }
}

function isPart(part: DomainPart | string): part is DomainPart {
  return typeof part !== 'string';
}

function sizeOf(parts: readonly DomainPart[]): number {
  return parts.reduce((sum, { size }) => sum + size, 0);
}

/** A bound, one below and one above. */
function around(bound: string): string[] {
  const known = /^\(?(-?\d+)\)?$/.exec(bound)?.[1];
  if (known === undefined) return [`${bound} - 1`, bound, `${bound} + 1`];
  const literal = (n: bigint) => (n < 0n ? `(${n})` : `${n}`);
  return [literal(BigInt(known) - 1n), bound, literal(BigInt(known) + 1n)];
}

const SMALL_INTEGERS: DomainPart[] = [{ text: '0.to(2)', from: 'small integers', size: 3 }];

function literals(values: readonly string[], from: string): DomainPart[] {
  const own = [...new Set(values)];
  return own.length === 0 ? [] : [{ text: `Set(${own.join(', ')})`, from, size: own.length }];
}

function union(parts: readonly DomainPart[]): string {
  const [first = 'Set()', ...rest] = [...new Set(parts.map(({ text }) => text))];
  const begin = first.startsWith('match ') ? `(${first})` : first;
  return rest.reduce((text, part) => `${text}.union(${part})`, begin);
}
