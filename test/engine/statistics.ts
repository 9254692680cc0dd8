// Pearson's chi-square tests on counts of outcomes. Outcomes that are too rare for the chi-square distribution to hold
// (fewer than 5 expected) are thrown together. What is a difference is said once, by SIGNIFICANCE.
export type Counts = ReadonlyMap<string, number>;

/**
 * Counts that chance makes this unlikely are taken for different. With at most a thousand comparisons the chance of
 * an alarm that is false is below 1e-6 for the whole suite; the seeds are fixed, so that it is decided for good.
 */
export const SIGNIFICANCE = 1e-9;

const LEAST_EXPECTED = 5;

function total(counts: Counts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

interface Cell {
  readonly observed: number;
  readonly expected: number;
}

/** How likely counts at least this far from the exact probabilities are by chance. */
export function fitOf(counts: Counts, exact: Counts): number {
  const n = total(counts);
  if ([...counts.keys()].some(outcome => (exact.get(outcome) ?? 0) === 0)) return 0;
  const cells = [...exact].map(([outcome, probability]): Cell[] => [
    { observed: counts.get(outcome) ?? 0, expected: n * probability },
  ]);
  return tailOf(cells);
}

/** How likely it is by chance that two samples of the same distribution are at least this far apart. */
export function likenessOf(one: Counts, other: Counts): number {
  const sizes = [total(one), total(other)] as const;
  const cells = [...new Set([...one.keys(), ...other.keys()])].map((outcome): Cell[] => {
    const observed = [one.get(outcome) ?? 0, other.get(outcome) ?? 0] as const;
    const share = (observed[0] + observed[1]) / (sizes[0] + sizes[1]);
    return [
      { observed: observed[0], expected: sizes[0] * share },
      { observed: observed[1], expected: sizes[1] * share },
    ];
  });
  return tailOf(cells);
}

function tailOf(outcomes: readonly (readonly Cell[])[]): number {
  const groups = withoutRare(outcomes);
  const distance = groups
    .flat()
    .reduce((sum, { observed, expected }) => sum + (observed - expected) ** 2 / expected, 0);
  return groups.length < 2 ? 1 : chiSquareTail(distance, groups.length - 1);
}

/** Each outcome has one cell in every sample; the rarest are added up until enough of each is expected. */
function withoutRare(outcomes: readonly (readonly Cell[])[]): (readonly Cell[])[] {
  const least = (cells: readonly Cell[]) => Math.min(...cells.map(({ expected }) => expected));
  const groups: (readonly Cell[])[] = [];
  let rare: readonly Cell[] | undefined;
  for (const cells of [...outcomes].sort((a, b) => least(a) - least(b))) {
    rare = rare === undefined ? cells : added(rare, cells);
    if (least(rare) < LEAST_EXPECTED) continue;
    groups.push(rare);
    rare = undefined;
  }
  return rare === undefined ? groups : [...groups, rare];
}

function added(some: readonly Cell[], others: readonly Cell[]): Cell[] {
  return some.map(({ observed, expected }, sample) => ({
    observed: observed + (others[sample]?.observed ?? 0),
    expected: expected + (others[sample]?.expected ?? 0),
  }));
}

/**
 * The probability that a chi-square variable is at least `x`: by the recurrence in the degrees of freedom,
 * Q(k + 2) = Q(k) + (x/2)^(k/2) e^(-x/2) / Gamma(k/2 + 1), from those of one and of two.
 */
export function chiSquareTail(x: number, degrees: number): number {
  const half = x / 2;
  let k = degrees % 2 === 0 ? 2 : 1;
  let tail = k === 2 ? Math.exp(-half) : complementaryError(Math.sqrt(half));
  // The term of the recurrence for k, which grows by half / (k / 2 + 1) at each step.
  let term = k === 2 ? half * Math.exp(-half) : Math.sqrt(half) * Math.exp(-half) * (2 / Math.sqrt(Math.PI));
  for (; k < degrees; k += 2) {
    tail += term;
    term *= half / (k / 2 + 1);
  }
  return Math.min(1, tail);
}

// Chebyshev fit of Numerical Recipes (Press et al., section 6.2): relative error below 1.2e-7 everywhere.
function complementaryError(z: number): number {
  const t = 1 / (1 + z / 2);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  return t * Math.exp(-z * z + coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0));
}
