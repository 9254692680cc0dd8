// All builtin operators of Quint by name. A test holds this table against Quint's own list.
import { ACTIONS } from './actions.js';
import { BOOLEANS } from './booleans.js';
import { INTEGERS } from './integers.js';
import { LISTS } from './lists.js';
import { MAPS } from './maps.js';
import type { Operator } from './operator.js';
import { RECORDS } from './records.js';
import { SETS } from './sets.js';
import { UNSUPPORTED } from './unsupported.js';

export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  [BOOLEANS, INTEGERS, SETS, LISTS, MAPS, RECORDS, ACTIONS, UNSUPPORTED]
    .flat()
    .map(operator => [operator.name, operator]),
);
