// Values of a type that the current state holds, as Quint expressions over the variables: elements of sets and lists,
// keys and values of maps, fields of records, what variants carry. Because they are expressions over the state, a domain
// made of them grows as states are explored: an id that one action creates is an argument of the next.
import type { IrType } from '../model/ir.js';
import { isUnitType, typeText } from '../model/type-text.js';
import type { Sights } from './sights.js';
import { bareName, fieldsOf, type TypeBook } from './type-book.js';

/** An expression: of one value, or of a set of values. */
type Source = { readonly one: string } | { readonly many: string };

/** Sets of the values of `wanted` that variables hold. */
export class Projections {
  private lambdas = 0;

  constructor(
    private readonly book: TypeBook,
    private readonly sights: Sights,
  ) {}

  /**
   * Expressions of type `Set[wanted]`. A type with an alias is looked for by its name first, then by its structure where
   * no other alias is in the way.
   */
  of(wanted: IrType, instances: readonly string[]): { readonly text: string; readonly variable: string }[] {
    const alias = this.book.alias(wanted);
    const key = this.book.key(wanted);
    const plain = (type: IrType) => type.kind !== 'const' && this.book.key(type) === key;
    const passes: ((type: IrType) => boolean)[] = [
      ...(alias === undefined ? [] : [(type: IrType) => this.book.alias(type) === alias]),
      // `Set[Guardian]` before any set of texts.
      (type: IrType) => type.kind !== 'const' && typeText(type) === typeText(wanted),
      plain,
      (type: IrType) => this.book.key(type) === key,
    ];
    const isScalar = ['bool', 'int', 'str'].includes(this.book.open(wanted).kind);
    for (const fits of isScalar && alias === undefined ? [plain] : passes) {
      const found = this.sights.variables
        .filter(variable => isPrefix(variable.instances, instances))
        .flatMap(({ name, type }) =>
          this.inside(type, { one: name }, fits, instances).map(text => ({ text, variable: name })),
        );
      if (found.length > 0) return found;
    }
    return [];
  }

  private inside(
    type: IrType,
    at: Source,
    fits: (type: IrType) => boolean,
    instances: readonly string[],
  ): string[] {
    if (fits(type)) return ['one' in at ? `Set(${at.one})` : at.many];
    const below = (inner: IrType, source: Source) => this.inside(inner, source, fits, instances);
    const opened = this.book.open(type);
    switch (opened.kind) {
      case 'set':
        return below(opened.elem, { many: 'one' in at ? at.one : `${at.many}.flatten()` });
      case 'list':
        return below(
          opened.elem,
          this.flat(at, x => this.lambda(i => `${x}.indices().map(${i} => ${x}[${i}])`)),
        );
      case 'fun':
        return [
          ...below(
            opened.arg,
            this.flat(at, x => `${x}.keys()`),
          ),
          ...below(
            opened.res,
            this.flat(at, x => this.lambda(k => `${x}.keys().map(${k} => ${x}.get(${k}))`)),
          ),
        ];
      case 'rec':
        return fieldsOf(opened).flatMap(({ fieldName, fieldType }) =>
          below(
            fieldType,
            this.each(at, x => `${x}.${fieldName}`),
          ),
        );
      case 'tup':
        return fieldsOf(opened).flatMap(({ fieldType }, i) =>
          below(
            fieldType,
            this.each(at, x => `${x}._${i + 1}`),
          ),
        );
      case 'sum':
        return this.variants(opened, at, fits, instances);
      default:
        return [];
    }
  }

  private variants(
    sum: Extract<IrType, { kind: 'sum' }>,
    at: Source,
    fits: (type: IrType) => boolean,
    instances: readonly string[],
  ): string[] {
    const variants = fieldsOf(sum);
    return variants.flatMap(({ fieldName, fieldType }) => {
      if (isUnitType(fieldType)) return [];
      const label = bareName(this.sights.labelOf(fieldName, instances) ?? fieldName);
      const others = variants.length > 1 ? ' | _ => Set()' : '';
      const payloads = this.flat(at, x =>
        this.lambda(v => `match ${x} { | ${label}(${v}) => Set(${v})${others} }`),
      );
      return this.inside(fieldType, payloads, fits, instances);
    });
  }

  private lambda(text: (name: string) => string): string {
    this.lambdas++;
    return text(this.sights.free(`x${this.lambdas}`));
  }

  private each(at: Source, read: (text: string) => string): Source {
    if ('one' in at) return { one: read(at.one) };
    return { many: this.lambda(x => `${at.many}.map(${x} => ${read(x)})`) };
  }

  /** `read` gives a set for one value; the union of those sets. */
  private flat(at: Source, read: (text: string) => string): Source {
    if ('one' in at) return { many: read(at.one) };
    return { many: this.lambda(x => `${at.many}.map(${x} => ${read(x)}).flatten()`) };
  }
}

/** Whether what stands behind the instances of `a` is the same copy that something behind `b` works on. */
function isPrefix(a: readonly string[], b: readonly string[]): boolean {
  return a.every((name, i) => name === b[i]);
}
