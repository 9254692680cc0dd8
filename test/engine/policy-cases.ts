// Small choices whose distribution is known exactly, all in one spec: its first state says which of them the step
// makes, so that one run of Quint's program samples them all. Sets are intervals, or made of intervals, which Quint
// visits in order too.
import { type Attempt, any, FAILS, leadsTo, oneOf, when, withFailure } from './policy.js';

interface Case {
  readonly step: string;
  /** `again`: a `nondet` is tried again below the usual bound. */
  readonly exact: (again: boolean) => Attempt;
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

const CASES: readonly Case[] = [
  // The element after a long stretch of useless ones is taken most often.
  {
    step: `{ nondet k = 1.to(6).oneOf() all { k == 2 or k == 3, x' = k } }`,
    exact: again => oneOf(range(1, 6), again, k => when(k === 2 || k === 3, leadsTo(k))),
  },
  // Branches that cannot be taken leave their share to the others, and to themselves when they are tried again.
  {
    step: `any {
      all { x > 0, x' = 1 },
      { nondet k = 2.to(5).oneOf() all { k > 3, x' = k } },
      x' = 6,
      any { x' = 7, x' = 8, all { x > 0, x' = 9 } },
    }`,
    exact: again =>
      any(
        FAILS,
        oneOf(range(2, 5), again, k => when(k > 3, leadsTo(k))),
        leadsTo(6),
        any(leadsTo(7), leadsTo(8), FAILS),
      ),
  },
  // The inner choice is tried again first, and afresh for each element of the outer one.
  {
    step: `{ nondet i = 1.to(3).oneOf()
      nondet j = 1.to(i + 1).oneOf()
      any { all { i + j == 4, x' = 10 * i + j }, all { j == 2, x' = i } } }`,
    exact: again =>
      oneOf(range(1, 3), again, i =>
        oneOf(range(1, i + 1), again, j =>
          any(when(i + j === 4, leadsTo(10 * i + j)), when(j === 2, leadsTo(i))),
        ),
      ),
  },
  // Of several positions the last one moves first.
  {
    step: `{ nondet t = tuples(1.to(3), 1.to(4)).oneOf() all { t._1 + t._2 > 5, x' = 10 * t._1 + t._2 } }`,
    exact: again =>
      oneOf(
        range(1, 3).flatMap(i => range(1, 4).map(j => [i, j] as const)),
        again,
        ([i, j]) => when(i + j > 5, leadsTo(10 * i + j)),
      ),
  },
  // Subsets are counted in binary, the first element being the lowest digit.
  {
    step: `{ nondet s = 1.to(3).powerset().oneOf() all { s.size() == 2, x' = s.fold(0, (a, e) => a + 10 ^ e) } }`,
    exact: again =>
      oneOf(range(0, 7), again, bits => {
        const items = range(1, 3).filter(e => Math.floor(bits / 2 ** (e - 1)) % 2 === 1);
        return when(items.length === 2, leadsTo(items.reduce((sum, e) => sum + 10 ** e, 0)));
      }),
  },
  // One position for each key.
  {
    step: `{ nondet f = 1.to(2).setOfMaps(1.to(3)).oneOf() all { f.get(1) < f.get(2), x' = 10 * f.get(1) + f.get(2) } }`,
    exact: again =>
      oneOf(
        range(1, 3).flatMap(i => range(1, 3).map(j => [i, j] as const)),
        again,
        ([i, j]) => when(i < j, leadsTo(10 * i + j)),
      ),
  },
  // A set of a hundred elements is not tried again.
  {
    step: `any { { nondet k = 1.to(100).oneOf() all { k <= 25, x' = 1 } }, all { x > 0, x' = 2 } }`,
    exact: () =>
      any(
        oneOf(range(1, 100), false, k => when(k <= 25, leadsTo(1))),
        FAILS,
      ),
  },
];

/** Outcomes of the whole spec: the number of the case and the value of `x`, or `none` where the step fails. */
export function exactly(again: boolean): Attempt {
  return oneOf([...CASES.keys()], false, number => {
    const exact = withFailure(CASES[number]?.exact(again) ?? FAILS);
    return new Map([...exact].map(([outcome, probability]) => [`${number} ${outcome}`, probability]));
  });
}

export const POLICY_SPEC = `module policy {
  var which: int
  var x: int
  action init = { nondet number = 0.to(${CASES.length - 1}).oneOf() all { which' = number, x' = 0 } }
  action step = all {
    which' = which,
    ${CASES.map(({ step }, number) => `if (which == ${number}) ${step}`).join('\n    else ')}
    else x' = x
  }
}
`;
