// Operators that Quint's own evaluators refuse: temporal formulas, which are evaluated over traces elsewhere, and
// those that only model checkers know. They compile, and fail when they are reached.
import { js, rt } from '../codegen.js';
import type { Operator } from './operator.js';

function refused(name: string, arity: number, doc: string): Operator {
  const message = `Runtime does not support the built -in operator '${name}'`;
  return { name, arity, doc, code: (_, at) => js`${rt('fail')}("QNT501", ${message}, ${at})` };
}

export const UNSUPPORTED: readonly Operator[] = [
  refused('always', 1, 'Temporal: in this state and all later ones.'),
  refused('eventually', 1, 'Temporal: in this state or a later one.'),
  refused('next', 1, 'Temporal: the value in the next state.'),
  refused('enabled', 1, 'Temporal: whether an action can happen.'),
  refused('orKeep', 2, 'Temporal: an action, or nothing that is named changes.'),
  refused('mustChange', 2, 'Temporal: an action that changes what is named.'),
  refused('weakFair', 2, 'Temporal: weak fairness of an action.'),
  refused('strongFair', 2, 'Temporal: strong fairness of an action.'),
  refused('leadsTo', 2, 'Temporal: whenever the first, then later the second.'),
  refused('allLists', 1, 'All lists over a set, which is infinite.'),
  refused('chooseSome', 1, 'Some element of a set, the same for the same set.'),
  refused('apalache::generate', 1, 'A set of at most this size, for the Apalache model checker.'),
  refused('q::test', 6, "Runs the simulator, in Quint's REPL."),
  refused('q::testOnce', 5, "Runs the simulator once, in Quint's REPL."),
];
