// Arithmetic on integers without bound, and their comparison.

import type { Operator } from './operator.js';
import { infixOf, partial, total } from './simple.js';

export const INTEGERS: readonly Operator[] = [
  { ...total({ name: 'iadd', arity: 2, doc: 'Sum.' }, 'iadd'), cheap: true },
  { ...total({ name: 'isub', arity: 2, doc: 'Difference.' }, 'isub'), cheap: true },
  { ...total({ name: 'imul', arity: 2, doc: 'Product.' }, 'imul'), cheap: true },
  partial(
    { name: 'idiv', arity: 2, doc: 'Quotient, truncated towards zero; QNT503 when the divisor is 0.' },
    'idiv',
  ),
  partial(
    { name: 'imod', arity: 2, doc: 'Remainder with the sign of the dividend; QNT501 when the divisor is 0.' },
    'imod',
  ),
  partial({ name: 'ipow', arity: 2, doc: 'Power; QNT503 for 0^0 and for a negative exponent.' }, 'ipow'),
  { ...total({ name: 'iuminus', arity: 1, doc: 'Negation.' }, 'iuminus'), cheap: true },
  infixOf({ name: 'ilt', arity: 2, doc: 'Less than.' }, '<'),
  infixOf({ name: 'ilte', arity: 2, doc: 'Less than or equal.' }, '<='),
  infixOf({ name: 'igt', arity: 2, doc: 'Greater than.' }, '>'),
  infixOf({ name: 'igte', arity: 2, doc: 'Greater than or equal.' }, '>='),
];
