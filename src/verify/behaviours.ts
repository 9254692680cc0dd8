// The behaviours that a search found, as a graph, and what all of them say of a property. A path from a start to an
// end is a behaviour; nodes that lead to no end belong to none. An invariant is violated when every path breaks it,
// each at a step of its own, and satisfied when none does: both are found in one pass along the edges.
import type { Result } from '../util/result.js';
import { ok } from '../util/result.js';
import type { Breach } from './invariants.js';
import { isExercised } from './invariants.js';
import type { Invariant } from './property.js';
import type { Node, SearchResult } from './search.js';

export interface Behaviours {
  /** Nodes that lie on a behaviour, before all that they lead to. */
  readonly nodes: readonly Node[];
  readonly starts: ReadonlySet<Node>;
  readonly ends: ReadonlySet<Node>;
  /** Nodes before a node, on behaviours. */
  readonly previous: ReadonlyMap<Node, readonly Node[]>;
}

export function behavioursOf({ starts, ends }: SearchResult): Behaviours {
  const reached = new Set<Node>();
  const before = new Map<Node, Node[]>();
  const open = [...starts];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    for (const next of node.next) {
      const known = before.get(next);
      if (known) known.push(node);
      else before.set(next, [node]);
      open.push(next);
    }
  }
  const alive = new Set<Node>();
  const back = [...ends];
  for (let node = back.pop(); node !== undefined; node = back.pop()) {
    if (alive.has(node)) continue;
    alive.add(node);
    for (const one of before.get(node) ?? []) back.push(one);
  }
  const nodes = [...alive].sort((a, b) => a.rank - b.rank);
  return {
    nodes,
    starts: new Set(starts.filter(node => alive.has(node))),
    ends: new Set(ends),
    previous: new Map(nodes.map(node => [node, before.get(node) ?? []])),
  };
}

/** What all behaviours say of an invariant. */
export type Judgement =
  | { readonly kind: 'allHold'; readonly evaluated: number; readonly vacuous: boolean }
  | { readonly kind: 'allBreak'; readonly breach: Breach }
  | { readonly kind: 'someBreak'; readonly breach: Breach };

/** Errors are those of evaluating the invariant. */
export function judge(behaviours: Behaviours, invariant: Invariant): Result<Judgement> {
  const { nodes, starts, ends, previous } = behaviours;
  const answers = new Map<number, boolean>();
  const unbroken = new Set<Node>();
  let breach: Breach | undefined;
  let exercised = false;
  for (const node of nodes) {
    let holds = answers.get(node.number);
    if (holds === undefined) {
      const answer = invariant.holds(node.state);
      if (!answer.ok) return answer;
      holds = answer.value === true;
      answers.set(node.number, holds);
      if (!exercised) exercised = isExercised(invariant, node.state);
    }
    const before = previous.get(node) ?? [];
    if (!holds) breach ??= { step: stepOf(node), state: node.state, before: before[0]?.state };
    else if (starts.has(node) || before.some(one => unbroken.has(one))) unbroken.add(node);
  }
  if (breach === undefined) return ok({ kind: 'allHold', evaluated: answers.size, vacuous: !exercised });
  const someSurvives = [...ends].some(end => unbroken.has(end));
  return ok(
    someSurvives
      ? { kind: 'someBreak', breach }
      : { kind: 'allBreak', breach: lastChance(behaviours, unbroken) ?? breach },
  );
}

/** The step in which a state is passed: a state between two moments belongs to the step towards the second. */
function stepOf({ moment, depth }: Node): number {
  return moment === undefined ? depth : depth - 1;
}

// The first step by which every behaviour is broken, at a state that breaks the last of them.
function lastChance({ nodes, previous }: Behaviours, unbroken: ReadonlySet<Node>): Breach | undefined {
  const last = nodes.findLast(node => unbroken.has(node));
  const next = last && [...last.next].find(one => previous.has(one) && !unbroken.has(one));
  return last && next && { step: stepOf(next), state: next.state, before: last.state };
}
