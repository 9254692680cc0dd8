// Values of a spec as the plain data of a simulated world. Nothing is lost: what JSON cannot hold exactly has the form that
// docs/execution-trace.md gives it.
import type { Value } from '../model/value.js';
import type { Data, Fields } from '../simulate/data.js';
import { encodePlainValue } from '../trace/plain-encode.js';

/** Values by name. */
export function plainFields(values: ReadonlyMap<string, Value>): Fields {
  return Object.fromEntries([...values].map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: Value): Data {
  const data: Data = JSON.parse(encodePlainValue(value));
  return data;
}
