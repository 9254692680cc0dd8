// Linear temporal logic straight from its definition, for propositional formulas over the booleans p and q: on lassos
// (Manna and Pnueli 1992, 3.2) and on finite traces (FLTL, Bauer, Leucker, Schallhart 2010, 2.2). Slow and obvious on
// purpose; shares no code with what it is compared with.
import fc from 'fast-check';

export type Ltl =
  | { readonly op: 'p' | 'q' | 'true' }
  /** A variable of the next state, or that it is the same in this one. */
  | { readonly op: 'next p' | 'next q' | 'same p' }
  | { readonly op: 'not' | 'always' | 'eventually'; readonly a: Ltl }
  | { readonly op: 'and' | 'or' | 'implies' | 'iff' | 'leadsTo'; readonly a: Ltl; readonly b: Ltl }
  | { readonly op: 'if'; readonly a: Ltl; readonly b: Ltl; readonly c: Ltl };

/** A state: the values of p and q. */
export type Letter = readonly [p: boolean, q: boolean];

export function randomLtl(depth: number): fc.Arbitrary<Ltl> {
  const leaf: fc.Arbitrary<Ltl> = fc.constantFrom<Ltl>(
    { op: 'p' },
    { op: 'q' },
    { op: 'p' },
    { op: 'q' },
    { op: 'true' },
    { op: 'next p' },
    { op: 'next q' },
    { op: 'same p' },
  );
  if (depth === 0) return leaf;
  const below = randomLtl(depth - 1);
  return fc.oneof(
    { weight: 1, arbitrary: leaf },
    { weight: 5, arbitrary: fc.record({ op: fc.constantFrom('not', 'always', 'eventually'), a: below }) },
    {
      weight: 4,
      arbitrary: fc.record({
        op: fc.constantFrom('and', 'or', 'implies', 'iff', 'leadsTo'),
        a: below,
        b: below,
      }),
    },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('if' as const), a: below, b: below, c: below }) },
  );
}

/** As an expression of Quint. */
export function quintOf(f: Ltl): string {
  switch (f.op) {
    case 'next p':
      return 'next(p)';
    case 'next q':
      return 'next(q)';
    case 'same p':
      return '(next(p) == p)';
    case 'not':
    case 'always':
    case 'eventually':
      return `${f.op}(${quintOf(f.a)})`;
    case 'if':
      return `(if (${quintOf(f.a)}) ${quintOf(f.b)} else ${quintOf(f.c)})`;
    case 'and':
    case 'or':
    case 'implies':
    case 'iff':
    case 'leadsTo':
      return `${f.op}(${quintOf(f.a)}, ${quintOf(f.b)})`;
    default:
      return f.op;
  }
}

function partsOf(f: Ltl): readonly Ltl[] {
  return 'c' in f ? [f.a, f.b, f.c] : 'b' in f ? [f.a, f.b] : 'a' in f ? [f.a] : [];
}

export function temporalOperators(f: Ltl): number {
  const own = f.op === 'always' || f.op === 'eventually' ? 1 : f.op === 'leadsTo' ? 2 : 0;
  return partsOf(f).reduce((sum, part) => sum + temporalOperators(part), own);
}

export function uses(f: Ltl, op: Ltl['op']): boolean {
  return f.op === op || partsOf(f).some(part => uses(part, op));
}

/** On the word that goes back to `loop` after its last letter, from position `i` on. */
export function holdsOnLasso(f: Ltl, word: readonly Letter[], loop: number, i = 0): boolean {
  const after = (j: number) => (j + 1 < word.length ? j + 1 : loop);
  const at = (j: number): Letter => word[j] ?? [false, false];
  const onward = (): number[] => {
    const positions: number[] = [];
    for (let j = i, n = 0; n <= word.length; n++, j = after(j)) positions.push(j);
    return positions;
  };
  const here = (g: Ltl, j = i): boolean => holdsOnLasso(g, word, loop, j);
  switch (f.op) {
    case 'p':
      return at(i)[0];
    case 'q':
      return at(i)[1];
    case 'true':
      return true;
    case 'next p':
      return at(after(i))[0];
    case 'next q':
      return at(after(i))[1];
    case 'same p':
      return at(after(i))[0] === at(i)[0];
    case 'not':
      return !here(f.a);
    case 'and':
      return here(f.a) && here(f.b);
    case 'or':
      return here(f.a) || here(f.b);
    case 'implies':
      return !here(f.a) || here(f.b);
    case 'iff':
      return here(f.a) === here(f.b);
    case 'if':
      return here(f.a) ? here(f.b) : here(f.c);
    case 'always':
      return onward().every(j => here(f.a, j));
    case 'eventually':
      return onward().some(j => here(f.a, j));
    case 'leadsTo':
      return onward().every(j => !here(f.a, j) || here({ op: 'eventually', a: f.b }, j));
  }
}

type Around = 'always' | 'eventually' | 'nothing';

/**
 * On the word as it is, or of its negation when `wanted` is false. What needs the letter after the last one is true
 * below an always, false below an eventually, and otherwise false as it stands and true when negated.
 */
export function holdsOnFinite(
  f: Ltl,
  word: readonly Letter[],
  wanted = true,
  i = 0,
  around: Around = 'nothing',
): boolean {
  const at = (j: number): Letter => word[j] ?? [false, false];
  const onward = word.map((_, j) => j).slice(i);
  const here = (g: Ltl, value: boolean, j = i, inside = around) => holdsOnFinite(g, word, value, j, inside);
  const next = (test: () => boolean): boolean =>
    i + 1 < word.length ? test() === wanted : around === 'nothing' ? !wanted : around === 'always';
  switch (f.op) {
    case 'p':
      return at(i)[0] === wanted;
    case 'q':
      return at(i)[1] === wanted;
    case 'true':
      return wanted;
    case 'next p':
      return next(() => at(i + 1)[0]);
    case 'next q':
      return next(() => at(i + 1)[1]);
    case 'same p':
      return next(() => at(i + 1)[0] === at(i)[0]);
    case 'not':
      return here(f.a, !wanted);
    case 'and':
      return wanted ? here(f.a, true) && here(f.b, true) : here(f.a, false) || here(f.b, false);
    case 'or':
      return wanted ? here(f.a, true) || here(f.b, true) : here(f.a, false) && here(f.b, false);
    case 'implies':
      return here({ op: 'or', a: { op: 'not', a: f.a }, b: f.b }, wanted);
    case 'iff': {
      const [a, b] = [f.a, f.b];
      return here({ op: 'and', a: { op: 'implies', a, b }, b: { op: 'implies', a: b, b: a } }, wanted);
    }
    case 'if': {
      const yes: Ltl = { op: 'implies', a: f.a, b: f.b };
      return here({ op: 'and', a: yes, b: { op: 'or', a: f.a, b: f.c } }, wanted);
    }
    case 'always':
    case 'eventually': {
      const everywhere = (f.op === 'always') === wanted;
      return everywhere
        ? onward.every(j => here(f.a, wanted, j, 'always'))
        : onward.some(j => here(f.a, wanted, j, 'eventually'));
    }
    case 'leadsTo':
      return here({ op: 'always', a: { op: 'implies', a: f.a, b: { op: 'eventually', a: f.b } } }, wanted);
  }
}

export const LETTERS: readonly Letter[] = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
];

/** Every lasso that begins with `word` and has at most `more` letters beyond it. */
export function* extensions(
  word: readonly Letter[],
  more: number,
): Generator<{ readonly word: readonly Letter[]; readonly loop: number }> {
  for (let loop = 0; loop < word.length; loop++) yield { word, loop };
  if (more === 0) return;
  for (const letter of LETTERS) yield* extensions([...word, letter], more - 1);
}
