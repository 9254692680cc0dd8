// Maps.
import { must } from '../../util/assert.js';
import { js, rt } from '../codegen.js';
import { loopOver } from '../loops.js';
import type { Operator } from './operator.js';
import { looping, partial, total } from './simple.js';

export const MAPS: readonly Operator[] = [
  {
    name: 'Map',
    arity: { atLeast: 0 },
    doc: 'The map of the operands, which are pairs; of several with one key the last wins.',
    code: args => js`${rt('mapOfPairs')}([${args}])`,
  },
  partial({ name: 'get', arity: 2, doc: 'The value at a key; QNT507 when there is none.' }, 'mapGet'),
  partial(
    { name: 'set', arity: 3, doc: 'The map with another value at a key that it has; QNT507 otherwise.' },
    'mapSetKey',
  ),
  partial(
    {
      name: 'setBy',
      arity: 3,
      doc: 'The map with the value at a key replaced by its image; QNT507 when there is none.',
    },
    'mapSetBy',
  ),
  total({ name: 'put', arity: 3, doc: 'The map with a value at a key, new or not.' }, 'mapPut'),
  {
    name: 'keys',
    arity: 1,
    doc: 'The set of the keys.',
    code: ([map]) => js`new ${rt('FSet')}(${must(map, 'map')}.keys)`,
  },
  looping(
    { name: 'mapBy', arity: 2, doc: 'The map from the elements of a set to their images.' },
    'mapBy',
    (emitter, app) =>
      loopOver(emitter, app, 'set', element => ({
        before: js`const keys = [], vals = [];`,
        each: value => js`vals.push(${value}); keys.push(${element});`,
        after: js`return new ${rt('MapVal')}(keys, vals);`,
      })),
  ),
  partial({ name: 'setToMap', arity: 1, doc: 'The map of a set of pairs.' }, 'setToMap'),
];
