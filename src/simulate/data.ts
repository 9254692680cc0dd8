// Plain data: what everything in a simulated world is made of, so that a checkpoint is exact and is nothing but JSON.
// Bytes are lower-case hex, integers beyond 2^53 are decimal digits in text. Types of states and messages are written
// as `type`, not `interface`: only then does TypeScript see that they are data.

export type Data = null | boolean | number | string | readonly Data[] | { readonly [key: string]: Data };

/** Values by name, such as the parameters of an action, in the plain encoding of docs/execution-trace.md. */
export type Fields = { readonly [name: string]: Data };

/** The number of a node in a world, from 0: first the participants of the scenario, then the services of a protocol. */
export type NodeId = number;

function isData(value: unknown): value is Data {
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return true;
  return typeof value === 'object' && Object.values(value ?? {}).every(isData);
}

/** Those of the parameters of a scenario's table that are data; what is absent in the file is absent here. */
export function fieldsOf(table: Readonly<Record<string, unknown>>): Fields {
  const fields: Record<string, Data> = {};
  for (const [name, value] of Object.entries(table)) if (isData(value)) fields[name] = value;
  return fields;
}

/** As `Array.isArray`, which does not tell TypeScript of lists that are read-only. */
export function isList(data: Data | undefined): data is readonly Data[] {
  return Array.isArray(data);
}
