// Sets. Intervals, powersets, products and sets of maps stay lazy until somebody needs all their elements.

import type { IrExpr } from '../../model/ir.js';
import { must } from '../../util/assert.js';
import { type Code, js, rt } from '../codegen.js';
import type { Emitter } from '../emitter.js';
import { foldOver, loopOver } from '../loops.js';
import type { Operator } from './operator.js';
import { looping, partial } from './simple.js';

// Membership in the keys of a map is asked of the map.
function membership(emitter: Emitter, set: IrExpr | undefined, element: IrExpr | undefined): Code {
  const [source, value] = [must(set, 'set'), emitter.expr(must(element, 'element'))];
  const isKeys = source.kind === 'app' && source.opcode === 'keys' && !emitter.program.table.has(source.id);
  if (isKeys) return js`${rt('mapHas')}(${emitter.expr(must(source.args[0], 'map'))}, ${value})`;
  return js`${emitter.expr(source)}.has(${value})`;
}

export const SETS: readonly Operator[] = [
  {
    name: 'Set',
    arity: { atLeast: 0 },
    doc: 'The set of the operands.',
    code: args => (args.length === 0 ? rt('EMPTY') : js`${rt('setOfOwned')}([${args}])`),
  },
  {
    name: 'to',
    arity: 2,
    cheap: true,
    doc: 'The integers from the first operand to the second, both included.',
    code: args => js`new ${rt('Interval')}(${args})`,
  },
  {
    name: 'powerset',
    arity: 1,
    cheap: true,
    doc: 'All subsets.',
    code: args => js`new ${rt('Powerset')}(${args})`,
  },
  {
    name: 'tuples',
    arity: { atLeast: 2 },
    cheap: true,
    doc: 'All tuples with one element of each operand.',
    code: args => js`new ${rt('CrossProduct')}([${args}])`,
  },
  {
    name: 'setOfMaps',
    arity: 2,
    cheap: true,
    doc: 'All maps from the first operand to the second.',
    code: args => js`new ${rt('MapSet')}(${args})`,
  },
  {
    name: 'contains',
    arity: 2,
    doc: 'Whether the first operand has the second as an element.',
    expr: (emitter, app) => membership(emitter, app.args[0], app.args[1]),
  },
  {
    name: 'in',
    arity: 2,
    doc: 'Whether the first operand is an element of the second.',
    expr: (emitter, app) => membership(emitter, app.args[1], app.args[0]),
  },
  partial(
    { name: 'subseteq', arity: 2, doc: 'Whether every element of the first operand is one of the second.' },
    'subseteq',
  ),
  partial({ name: 'union', arity: 2, doc: 'The elements of either operand.' }, 'union'),
  partial({ name: 'intersect', arity: 2, doc: 'The elements of both operands.' }, 'intersect'),
  partial(
    { name: 'exclude', arity: 2, doc: 'The elements of the first operand that are none of the second.' },
    'exclude',
  ),
  partial({ name: 'size', arity: 1, doc: 'The number of elements; QNT514 when infinite.' }, 'sizeOf'),
  {
    name: 'isFinite',
    arity: 1,
    doc: "True for every set, as in Quint's evaluators.",
    code: ([set]) => js`(${must(set, 'set')}, true)`,
  },
  looping(
    {
      name: 'exists',
      arity: 2,
      doc: 'Whether the predicate holds for some element; stops at the first in canonical order.',
    },
    'exists',
    (emitter, app) =>
      loopOver(emitter, app, 'set', () => ({
        each: value => js`if (${value}) return true;`,
        after: js`return false;`,
      })),
  ),
  looping(
    {
      name: 'forall',
      arity: 2,
      doc: 'Whether the predicate holds for all elements; stops at the first that it rejects.',
    },
    'forall',
    (emitter, app) =>
      loopOver(emitter, app, 'set', () => ({
        each: value => js`if (!${value}) return false;`,
        after: js`return true;`,
      })),
  ),
  looping(
    { name: 'map', arity: 2, doc: 'The set of the images of the elements.' },
    'mapSet',
    (emitter, app) =>
      loopOver(emitter, app, 'set', () => ({
        before: js`const images = [];`,
        each: value => js`images.push(${value});`,
        after: js`return ${rt('setOfOwned')}(images);`,
      })),
  ),
  looping(
    { name: 'filter', arity: 2, doc: 'The elements that satisfy the predicate.' },
    'filterSet',
    (emitter, app) =>
      loopOver(emitter, app, 'set', element => ({
        before: js`const kept = [];`,
        each: value => js`if (${value}) kept.push(${element});`,
        after: js`return new ${rt('FSet')}(kept);`,
      })),
  ),
  looping(
    {
      name: 'fold',
      arity: 3,
      doc: 'Combines the elements in canonical order, starting from the second operand.',
    },
    'foldSet',
    (emitter, app) => foldOver(emitter, app, 'set', false),
  ),
  partial({ name: 'flatten', arity: 1, doc: 'The union of a set of sets.' }, 'flatten'),
  partial(
    { name: 'getOnlyElement', arity: 1, doc: 'The element of a set of one; QNT505 for any other set.' },
    'onlyElement',
  ),
  partial(
    { name: 'allListsUpTo', arity: 2, doc: 'All lists of the elements up to a length.' },
    'allListsUpTo',
  ),
];
