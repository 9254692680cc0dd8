// The one object through which emitted code sees the runtime: names on the left are what `rt` of codegen.ts may use.
import * as collections from './collections.js';
import { debug } from './debug.js';
import { failEval } from './failure.js';
import * as integers from './integers.js';
import { BOOL_SET, CrossProduct, INT_SET, Interval, MapSet, NAT_SET, Powerset } from './lazy-sets.js';
import { drawn, picker, shuffled } from './picks.js';
import * as records from './records.js';
import { EMPTY_SET, eq, FSet, Lst, MapVal, Rec, setOfOwned, shapeOf, Tup, Variant } from './values.js';

export const RUNTIME = {
  ...collections,
  ...integers,
  ...records,
  BOOL: BOOL_SET,
  INT: INT_SET,
  NAT: NAT_SET,
  EMPTY: EMPTY_SET,
  fail: failEval,
  debug,
  drawn,
  picker,
  shuffled,
  eq,
  setOfOwned,
  shapeOf,
  FSet,
  Interval,
  Powerset,
  CrossProduct,
  MapSet,
  Lst,
  MapVal,
  Tup,
  Rec,
  Variant,
} as const;
