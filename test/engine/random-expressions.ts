// Random well-typed Quint expressions. A tape of numbers decides everything, so fast-check can shrink them; when the
// tape is at its end only leaves are made. Sizes are kept small by construction: neither evaluator should work long.
// Left out on purpose are the questions on which the two evaluators are known to differ (see docs/engine.md): folds
// over sets whose result depends on the order, operators that are called within their own argument, and empty lazy
// sets that are compared without being listed.
import fc from 'fast-check';

type Type =
  | { readonly kind: 'int' | 'bool' | 'str' | 'opt' | 'rec' }
  | { readonly kind: 'set'; readonly of: Type }
  | { readonly kind: 'list'; readonly of: Type }
  | { readonly kind: 'map'; readonly of: Type }
  | { readonly kind: 'tup'; readonly left: Type; readonly right: Type };

/** Definitions that the expressions use. */
export const RANDOM_PRELUDE = `
  type Opt = Some(int) | None
  pure def half(x: int): int = x / 2
  pure def join(s: Set[int], t: Set[int]): Set[int] = s.union(t).filter(x => x != 3)
  pure def both(f: int => int, x: int): int = f(f(x))
`;

const INT: Type = { kind: 'int' };
const BOOL: Type = { kind: 'bool' };
const STR: Type = { kind: 'str' };
const LEAF_TYPES: readonly Type[] = [INT, BOOL, STR, { kind: 'opt' }, { kind: 'rec' }];

interface Local {
  readonly name: string;
  readonly type: Type;
}

class Maker {
  private at = 0;
  private names = 0;
  private applying = false;

  constructor(private readonly tape: readonly number[]) {}

  make(type: Type, depth: number, locals: readonly Local[]): string {
    const fitting = locals.filter(local => same(local.type, type));
    const useLocal = fitting.length > 0 && this.below(3) === 0;
    const local = useLocal ? fitting[this.below(fitting.length)] : undefined;
    if (local !== undefined) return local.name;
    if (depth <= 0 || this.at >= this.tape.length) return this.leaf(type);
    const shared = this.below(12);
    if (shared === 0)
      return `(if (${this.make(BOOL, depth - 1, locals)}) ${this.make(type, depth - 1, locals)} else ${this.make(type, depth - 1, locals)})`;
    if (shared === 1) return this.letIn(type, depth, locals);
    if (shared === 2)
      return `[${this.make(type, depth - 1, locals)}, ${this.make(type, depth - 1, locals)}][${this.below(3)}]`;
    if (shared === 3) return `{ x: ${this.make(type, depth - 1, locals)}, y: 1 }.x`;
    if (shared === 4) return `(${this.make(type, depth - 1, locals)}, 1)._1`;
    return this.ofType(type, depth, locals);
  }

  type(depth: number): Type {
    const n = depth > 0 ? this.below(9) : this.below(5);
    if (n === 5) return { kind: 'set', of: this.type(depth - 1) };
    if (n === 6) return { kind: 'list', of: this.type(depth - 1) };
    if (n === 7) return { kind: 'map', of: this.type(depth - 1) };
    if (n === 8) return { kind: 'tup', left: this.type(depth - 1), right: this.type(depth - 1) };
    return LEAF_TYPES[n] ?? INT;
  }

  private below(n: number): number {
    return (this.tape[this.at++] ?? 0) % n;
  }

  private fresh(): string {
    this.names++;
    return `v${this.names}`;
  }

  private letIn(type: Type, depth: number, locals: readonly Local[]): string {
    const name = this.fresh();
    const bound = this.type(1);
    const value = this.make(bound, depth - 1, locals);
    // In braces, or a body that starts with a bracket would be taken for an index into the value.
    return `{ val ${name} = ${value} { ${this.make(type, depth - 1, [...locals, { name, type: bound }])} } }`;
  }

  private lambda(from: Type, to: Type, depth: number, locals: readonly Local[]): string {
    const name = this.fresh();
    return `${name} => ${this.make(to, depth - 1, [...locals, { name, type: from }])}`;
  }

  private leaf(type: Type): string {
    switch (type.kind) {
      case 'int':
        return ['0', '1', '2', '3', '(-1)', '7', '9007199254740991', '(-(2^64))'][this.below(8)] ?? '0';
      case 'bool':
        return this.below(2) === 0 ? 'true' : 'false';
      case 'str':
        return ['"a"', '"b"', '""'][this.below(3)] ?? '""';
      case 'opt':
        return this.below(2) === 0 ? 'None' : `Some(${this.below(3)})`;
      case 'rec':
        return `{ a: ${this.below(3)}, b: ${this.leaf(STR)} }`;
      case 'set':
        return type.of.kind === 'int' && this.below(2) === 0
          ? `${this.below(3)}.to(${this.below(5)})`
          : `Set(${this.leaf(type.of)})`;
      case 'list':
        return `[${this.leaf(type.of)}]`;
      case 'map':
        return `Map(${this.below(2)} -> ${this.leaf(type.of)})`;
      case 'tup':
        return `(${this.leaf(type.left)}, ${this.leaf(type.right)})`;
    }
  }

  private ofType(type: Type, depth: number, locals: readonly Local[]): string {
    const make = (t: Type): string => this.make(t, depth - 1, locals);
    const one = (options: readonly (() => string)[]): string =>
      (options[this.below(options.length)] ?? (() => make(type)))();
    switch (type.kind) {
      case 'int':
        return one(this.ints(make, depth, locals));
      case 'bool':
        return one(this.bools(make, depth, locals));
      case 'str':
        return one([
          () => this.leaf(STR),
          () => `${make({ kind: 'rec' })}.b`,
          () => `${make({ kind: 'list', of: STR })}.head()`,
        ]);
      case 'opt':
        return one([() => `Some(${make(INT)})`, () => 'None']);
      case 'rec':
        return one([
          () => `{ a: ${make(INT)}, b: ${make(STR)} }`,
          () => `${make(type)}.with("a", ${make(INT)})`,
          () => `{ ...${make(type)}, b: ${make(STR)} }`,
        ]);
      case 'set':
        return one(this.sets(type, make, depth, locals));
      case 'list':
        return one(this.lists(type, make, depth, locals));
      case 'map':
        return one(this.maps(type, make, depth, locals));
      case 'tup':
        return `(${make(type.left)}, ${make(type.right)})`;
    }
  }

  private ints(make: (t: Type) => string, depth: number, locals: readonly Local[]): (() => string)[] {
    const ints: Type = { kind: 'set', of: INT };
    const match = (): string => {
      const name = this.fresh();
      const some = this.make(INT, depth - 1, [...locals, { name, type: INT }]);
      return `(match ${make({ kind: 'opt' })} { | Some(${name}) => ${some} | None => ${make(INT)} })`;
    };
    const sum = (list: boolean): string => {
      const [acc, x] = [this.fresh(), this.fresh()];
      const source = make(list ? { kind: 'list', of: INT } : ints);
      const term = this.make(INT, depth - 2, [...locals, { name: x, type: INT }]);
      return `${source}.${list ? 'foldl' : 'fold'}(0, (${acc}, ${x}) => ${acc} + ${term})`;
    };
    return [
      () => `(${make(INT)} + ${make(INT)})`,
      () => `(${make(INT)} - ${make(INT)})`,
      () => `(${make(INT)} * ${make(INT)})`,
      () => `(${make(INT)} / ${make(INT)})`,
      () => `(${make(INT)} % ${make(INT)})`,
      () => `((${make(INT)} % 7)^${this.below(5)})`,
      () => `(-(${make(INT)}))`,
      () => `${make({ kind: 'set', of: this.type(1) })}.size()`,
      () => `${make({ kind: 'list', of: this.type(1) })}.length()`,
      () => `${make({ kind: 'map', of: INT })}.get(${this.below(3)})`,
      () => `${make({ kind: 'rec' })}.a`,
      () => `half(${make(INT)})`,
      () => this.applyTwice(depth, locals),
      () => `${make(ints)}.getOnlyElement()`,
      match,
      () => sum(false),
      () => sum(true),
    ];
  }

  // Not within its own argument: Quint's evaluator keeps one register for a parameter, which the inner call overwrites.
  private applyTwice(depth: number, locals: readonly Local[]): string {
    if (this.applying) return `half(${this.make(INT, depth - 1, locals)})`;
    this.applying = true;
    const text = `both(${this.lambda(INT, INT, depth, locals)}, ${this.make(INT, depth - 1, locals)})`;
    this.applying = false;
    return text;
  }

  private bools(make: (t: Type) => string, depth: number, locals: readonly Local[]): (() => string)[] {
    const ints: Type = { kind: 'set', of: INT };
    const equal = (symbol: string): string => {
      const type = this.type(2);
      return `(${make(type)} ${symbol} ${make(type)})`;
    };
    const membership = (): string => {
      const of = this.type(1);
      return this.below(2) === 0
        ? `${make({ kind: 'set', of })}.contains(${make(of)})`
        : `${make(of)}.in(${make({ kind: 'set', of })})`;
    };
    return [
      () => `(${make(BOOL)} and ${make(BOOL)})`,
      () => `(${make(BOOL)} or ${make(BOOL)})`,
      () => `(${make(BOOL)} implies ${make(BOOL)})`,
      () => `(${make(BOOL)} iff ${make(BOOL)})`,
      () => `not(${make(BOOL)})`,
      () => `(${make(INT)} < ${make(INT)})`,
      () => `(${make(INT)} >= ${make(INT)})`,
      () => equal('=='),
      () => equal('!='),
      membership,
      () => `${make(INT)}.in(${this.below(2) === 0 ? 'Int' : 'Nat'})`,
      () => `Set(${this.leaf(INT)}).union(${make(ints)}).subseteq(${make(ints)})`,
      () => `${make(ints)}.exists(${this.lambda(INT, BOOL, depth, locals)})`,
      () => `${make(ints)}.forall(${this.lambda(INT, BOOL, depth, locals)})`,
    ];
  }

  private sets(
    type: Type & { kind: 'set' },
    make: (t: Type) => string,
    depth: number,
    locals: readonly Local[],
  ): (() => string)[] {
    const { of } = type;
    const from = this.type(1);
    const small = `${this.below(3)}.to(${this.below(4)})`;
    const options = [
      () => `Set(${make(of)}, ${make(of)}, ${make(of)})`,
      () => `${make(type)}.union(${make(type)})`,
      () => `${make(type)}.intersect(${make(type)})`,
      () => `${make(type)}.exclude(${make(type)})`,
      () => `${make(type)}.filter(${this.lambda(of, BOOL, depth, locals)})`,
      () => `${make({ kind: 'set', of: from })}.map(${this.lambda(from, of, depth, locals)})`,
      () => `Set(${make(type)}, ${make(type)}).flatten()`,
    ];
    if (of.kind === 'int')
      options.push(
        () => `(${make(INT)} % 4).to(${make(INT)} % 6)`,
        () => `${make({ kind: 'map', of: INT })}.keys()`,
        () => `${make({ kind: 'list', of: INT })}.indices()`,
        () => `join(${make(type)}, ${make(type)})`,
      );
    if (of.kind === 'tup' && of.left.kind === 'int')
      options.push(() => `tuples(0.to(2), Set(${make(of.right)}))`);
    if (of.kind === 'set' && of.of.kind === 'int') options.push(() => `(${small}).powerset()`);
    if (of.kind === 'map' && of.of.kind === 'int') options.push(() => `Set(1, 2).setOfMaps(0.to(1))`);
    if (of.kind === 'list' && of.of.kind === 'int') options.push(() => `(${small}).allListsUpTo(2)`);
    return options;
  }

  private lists(
    type: Type & { kind: 'list' },
    make: (t: Type) => string,
    depth: number,
    locals: readonly Local[],
  ): (() => string)[] {
    const { of } = type;
    return [
      () => `[${make(of)}, ${make(of)}]`,
      () => `${make(type)}.append(${make(of)})`,
      () => `${make(type)}.concat(${make(type)})`,
      () => `${make(type)}.tail()`,
      () => `${make(type)}.slice(${this.below(2)}, ${this.below(3)})`,
      () => `${make(type)}.replaceAt(${this.below(3)}, ${make(of)})`,
      () => `${make(type)}.select(${this.lambda(of, BOOL, depth, locals)})`,
    ];
  }

  private maps(
    type: Type & { kind: 'map' },
    make: (t: Type) => string,
    depth: number,
    locals: readonly Local[],
  ): (() => string)[] {
    const { of } = type;
    return [
      () => `Map(0 -> ${make(of)}, ${this.below(3)} -> ${make(of)})`,
      () => `${make(type)}.put(${make(INT)}, ${make(of)})`,
      () => `${make(type)}.set(${this.below(2)}, ${make(of)})`,
      () => `${make(type)}.setBy(${this.below(2)}, ${this.lambda(of, of, depth, locals)})`,
      () => `${make({ kind: 'set', of: INT })}.mapBy(${this.lambda(INT, of, depth, locals)})`,
      () => `Set((0, ${make(of)}), (1, ${make(of)})).setToMap()`,
    ];
  }
}

function same(a: Type, b: Type): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Expressions of any type, as text. */
export const expressions: fc.Arbitrary<string> = fc
  .array(fc.nat({ max: 5039 }), { minLength: 20, maxLength: 120 })
  .map(tape => {
    const maker = new Maker(tape);
    return maker.make(maker.type(2), 5, []);
  });
