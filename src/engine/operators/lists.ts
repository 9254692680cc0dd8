// Lists, indexed from 0.
import { must } from '../../util/assert.js';
import { js, rt } from '../codegen.js';
import { foldOver, loopOver } from '../loops.js';
import type { Operator } from './operator.js';
import { looping, partial } from './simple.js';

export const LISTS: readonly Operator[] = [
  {
    name: 'List',
    arity: { atLeast: 0 },
    doc: 'The list of the operands.',
    code: args => js`new ${rt('Lst')}([${args}])`,
  },
  partial(
    {
      name: 'range',
      arity: 2,
      doc: 'The list of integers from the first operand up to but without the second.',
    },
    'rangeList',
  ),
  partial({ name: 'nth', arity: 2, doc: 'The element at an index; QNT510 outside.' }, 'listNth'),
  partial(
    { name: 'replaceAt', arity: 3, doc: 'The list with another element at an index; QNT510 outside.' },
    'listReplace',
  ),
  partial({ name: 'head', arity: 1, doc: 'The first element; QNT505 when empty.' }, 'listHead'),
  partial({ name: 'tail', arity: 1, doc: 'All but the first element; QNT505 when empty.' }, 'listTail'),
  partial(
    {
      name: 'slice',
      arity: 3,
      doc: 'The elements from one index up to but without another; QNT506 outside.',
    },
    'listSlice',
  ),
  {
    name: 'length',
    arity: 1,
    cheap: true,
    doc: 'The number of elements.',
    code: ([list]) => js`${must(list, 'list')}.items.length`,
  },
  {
    name: 'append',
    arity: 2,
    doc: 'The list with one more element at its end.',
    code: ([list, value]) =>
      js`new ${rt('Lst')}([...${must(list, 'list')}.items, ${must(value, 'element')}])`,
  },
  {
    name: 'concat',
    arity: 2,
    doc: 'The elements of the first list and then of the second.',
    code: ([a, b]) => js`new ${rt('Lst')}([...${must(a, 'list')}.items, ...${must(b, 'list')}.items])`,
  },
  {
    name: 'indices',
    arity: 1,
    cheap: true,
    doc: 'The set of the indices.',
    code: ([list]) => js`new ${rt('Interval')}(0, ${must(list, 'list')}.items.length - 1)`,
  },
  looping(
    { name: 'select', arity: 2, doc: 'The elements that satisfy the predicate.' },
    'listSelect',
    (emitter, app) =>
      loopOver(emitter, app, 'list', element => ({
        before: js`const kept = [];`,
        each: value => js`if (${value}) kept.push(${element});`,
        after: js`return new ${rt('Lst')}(kept);`,
      })),
  ),
  looping(
    { name: 'foldl', arity: 3, doc: 'Combines the elements from the left.' },
    'listFoldl',
    (emitter, app) => foldOver(emitter, app, 'list', false),
  ),
  looping(
    { name: 'foldr', arity: 3, doc: 'Combines the elements from the right.' },
    'listFoldr',
    (emitter, app) => foldOver(emitter, app, 'list', true),
  ),
];
