// Ways to take a step, ours against Quint's: the same actions to the same states, by picks that do not contradict each
// other. Not all picks have to be told by both: we leave out those that a branch does not read, and Quint forgets
// those that were made before the last `any`.
import { expect } from 'vitest';
import type { Machine, Step } from '../../src/engine/index.js';
import { type State, showValue } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { unwrap } from '../quint.js';
import { type Oracle, stateText, type Way } from './quint-oracle.js';

type Picks = ReadonlyMap<string, string>;

/** By action and state, the different picks that lead there. */
type Ways = Map<string, Map<string, Picks>>;

function note(ways: Ways, { action, picks, state }: Step | Way): void {
  const texts = picks.map(([name, value]): [string, string] => [name, showValue(value)]).sort();
  const where = `${action ?? ''}: ${stateText(state)}`;
  const there = ways.get(where) ?? new Map<string, Picks>();
  ways.set(where, there.set(texts.join(' '), new Map(texts)));
}

/** Expects the same ways from `state`, or to start when it is undefined; our states are returned. */
export function expectSameWays(machine: Machine, quint: Oracle, state?: State): State[] {
  const theirs: Ways = new Map();
  quint.ways(state === undefined ? 'init' : 'step', state, way => note(theirs, way));
  const ours: Ways = new Map();
  const states: State[] = [];
  const visit = (step: Step): undefined => {
    note(ours, step);
    states.push(step.state);
  };
  unwrap(state === undefined ? machine.initialStates(visit) : machine.successors(state, visit));
  expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort());
  for (const [where, picks] of ours) {
    expect(unmatched(picks, must(theirs.get(where), where)), where).toEqual([]);
    expect(unmatched(must(theirs.get(where), where), picks), where).toEqual([]);
  }
  return states;
}

function unmatched(some: ReadonlyMap<string, Picks>, others: ReadonlyMap<string, Picks>): string[] {
  return [...some].flatMap(([text, picks]) =>
    [...others.values()].some(other => agree(picks, other)) ? [] : [text],
  );
}

function agree(some: Picks, others: Picks): boolean {
  return [...some].every(([name, value]) => (others.get(name) ?? value) === value);
}
