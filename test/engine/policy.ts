// The documented policy of random choice (docs/engine.md) as exact probabilities, written a second time and by other
// means than the engine: an attempt at an action is the distribution of its outcomes, and what is missing to 1 is the
// probability that it fails.

/** Probabilities of outcomes; they add up to 1, less the probability of failure. */
export type Attempt = ReadonlyMap<string, number>;

export const FAILS: Attempt = new Map();

export function leadsTo(outcome: string | number): Attempt {
  return new Map([[String(outcome), 1]]);
}

/** `then` where the condition holds. */
export function when(condition: boolean, then: Attempt): Attempt {
  return condition ? then : FAILS;
}

/** The branches in random order, until one succeeds. */
export function any(...branches: readonly Attempt[]): Attempt {
  return mixed(
    branches.map((branch, i) => {
      const others = any(...branches.filter((_, j) => j !== i));
      return sum([branch, 1], [others, failure(branch)]);
    }),
  );
}

/**
 * One of the elements, which are in canonical order. When the body fails and the set may be tried again, the next
 * one, round and round, until all have been tried.
 */
export function oneOf<T>(items: readonly T[], again: boolean, body: (item: T) => Attempt): Attempt {
  const bodies = items.map(body);
  return mixed(
    bodies.map((first, i) => inTurn(again ? [...bodies.slice(i), ...bodies.slice(0, i)] : [first])),
  );
}

/** The outcomes with the probability of failure, under the name `none`. */
export function withFailure(attempt: Attempt): Attempt {
  const missing = failure(attempt);
  return missing < 1e-12 ? attempt : new Map([...attempt, ['none', missing]]);
}

function failure(attempt: Attempt): number {
  return 1 - [...attempt.values()].reduce((sum, probability) => sum + probability, 0);
}

function inTurn(attempts: readonly Attempt[]): Attempt {
  const [first, ...rest] = attempts;
  if (first === undefined) return FAILS;
  return sum([first, 1], [inTurn(rest), failure(first)]);
}

function mixed(attempts: readonly Attempt[]): Attempt {
  return sum(...attempts.map((attempt): [Attempt, number] => [attempt, 1 / attempts.length]));
}

function sum(...weighted: readonly (readonly [Attempt, number])[]): Attempt {
  const all = new Map<string, number>();
  for (const [attempt, weight] of weighted)
    for (const [outcome, probability] of attempt)
      all.set(outcome, (all.get(outcome) ?? 0) + probability * weight);
  return all;
}
