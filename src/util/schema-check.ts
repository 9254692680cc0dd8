// Checks plain data against one of our JSON Schemas and says in words what is wrong: the one place that knows ajv.
// ajv is loaded when the first check is asked for, so that commands that read nothing stay quick. Violations carry
// paths, not places: only the reader of the file knows where a path stands.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorObject } from 'ajv';
import { assert } from './assert.js';
import { isJsonObject, parseJson } from './json.js';
import { LIMITS } from './limits.js';
import { nearest } from './nearest.js';
import { packageRoot } from './package-root.js';
import type { TomlPath } from './toml-places.js';

/** One thing that is wrong with checked data. */
interface Violation {
  readonly path: TomlPath;
  /** What to point at: the key at `path` or its value. */
  readonly part: 'key' | 'value';
  readonly message: string;
  readonly hint?: string;
}

type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly violations: readonly Violation[];
      /** Whether these are all. */
      readonly complete: boolean;
    };

export type SchemaCheck<T> = (data: unknown) => Checked<T>;

/**
 * Compiles `schemas/<name>.schema.json`. `T` is the type made from the same schema in `generated/`. Compiling takes
 * some 20 ms: keep the result. Violations come in the order in which ajv meets them.
 */
export async function loadSchemaCheck<T>(name: string): Promise<SchemaCheck<T>> {
  const { Ajv } = await import('ajv');
  const file = path.join(packageRoot(), 'schemas', `${name}.schema.json`);
  const schema = parseJson(await readFile(file, 'utf8'));
  assert(isJsonObject(schema), `${file} is not an object`);
  const options = { verbose: true, allowUnionTypes: true };
  const checkAll = new Ajv({ ...options, allErrors: true }).compile<T>(schema);
  const checkToFirst = new Ajv(options).compile<T>(schema);
  return data => {
    // ajv copies its list of errors for each that it adds: all errors of a large file would take it hours.
    const small = countValues(data, LIMITS.schemaValues) < LIMITS.schemaValues;
    const check = small ? checkAll : checkToFirst;
    if (check(data)) return { ok: true, value: data };
    return { ok: false, violations: explain(check.errors ?? []), complete: small };
  };
}

/** How many values there are in `data`, itself included; counts no further than `enough`. */
function countValues(data: unknown, enough: number): number {
  let count = 1;
  if (typeof data !== 'object' || data === null) return count;
  for (const item of Object.values(data)) {
    if (count >= enough) break;
    count += countValues(item, enough - count);
  }
  return count;
}

/** A path in the notation of a TOML header, without positions in lists: `scenario.network.drop_rate`. */
function showPath(path: TomlPath): string {
  return path.filter(part => typeof part === 'string').join('.');
}

function explain(errors: readonly ErrorObject[]): Violation[] {
  const alternatives = new Set(
    errors.filter(each => each.keyword === 'anyOf').map(each => each.instancePath),
  );
  const answered = answeredPaths(errors);
  return errors
    .filter(error =>
      error.keyword === 'anyOf'
        ? !answered.has(error.instancePath)
        : // A branch for another kind of value only says that the value is not of its kind.
          !(error.keyword === 'type' && alternatives.has(error.instancePath)),
    )
    .map(violationOf);
}

/** Where a branch of an `anyOf` has said what is wrong with a value of its kind, so that the `anyOf` need not. */
function answeredPaths(errors: readonly ErrorObject[]): ReadonlySet<string> {
  const answered = new Set<string>();
  for (const { instancePath, keyword } of errors) {
    if (keyword === 'anyOf') continue;
    if (keyword !== 'type') answered.add(instancePath);
    for (let end = instancePath.lastIndexOf('/'); end > 0; end = instancePath.lastIndexOf('/', end - 1))
      answered.add(instancePath.slice(0, end));
  }
  return answered;
}

function violationOf(error: ErrorObject): Violation {
  const at = pathOf(error.instancePath);
  const subject = `\`${showPath(at)}\``;
  const value = (message: string, hint?: string): Violation => ({
    path: at,
    part: 'value',
    message: `${subject} ${message}`,
    ...(hint === undefined ? {} : { hint }),
  });
  const { params } = error;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(error, at, String(params.additionalProperty));
    case 'required':
      return {
        path: at,
        part: 'value',
        message: `${missingPlace(at)}\`${String(params.missingProperty)}\` is missing`,
      };
    case 'type':
      return value(
        `must be ${describeType(params.type)}, not ${describeValue(error.data)}`,
        descriptionOf(error),
      );
    case 'enum':
      return notListed(error, value);
    case 'const':
      return value(`must be ${JSON.stringify(params.allowedValue)}`);
    case 'minLength':
      return value('must not be empty');
    case 'minItems':
      return value(`must have at least ${String(params.limit)} entries`, descriptionOf(error));
    case 'maxItems':
    case 'additionalItems':
      return value(`must have at most ${String(params.limit)} entries`, descriptionOf(error));
    case 'minimum':
      return value(`must be at least ${String(params.limit)}`);
    case 'maximum':
      return value(`must be at most ${String(params.limit)}`);
    case 'exclusiveMinimum':
      return value(`must be greater than ${String(params.limit)}`);
    default:
      return value('has not the right form', descriptionOf(error));
  }
}

function unknownKey(error: ErrorObject, table: TomlPath, key: string): Violation {
  const known = isRecord(error.parentSchema?.properties) ? Object.keys(error.parentSchema.properties) : [];
  const near = nearest(key, known);
  const where = table.length > 0 ? ` in \`${showPath(table)}\`` : '';
  return {
    path: [...table, key],
    part: 'key',
    message: `unknown key \`${key}\`${where}`,
    hint: near === undefined ? `known keys: ${known.join(', ')}` : `did you mean \`${near}\`?`,
  };
}

function notListed(error: ErrorObject, value: (message: string, hint?: string) => Violation): Violation {
  const allowed: unknown = error.params.allowedValues;
  const names = Array.isArray(allowed) ? allowed.map(String) : [];
  const near = typeof error.data === 'string' ? nearest(error.data, names) : undefined;
  const message = `must be one of ${names.join(', ')}, not ${describeValue(error.data)}`;
  return value(message, near === undefined ? undefined : `did you mean "${near}"?`);
}

function missingPlace(table: TomlPath): string {
  return table.length > 0 ? `in \`${showPath(table)}\`: ` : '';
}

/** A JSON Pointer as a path. It writes indices and keys alike; digits are taken for an index. */
function pathOf(pointer: string): TomlPath {
  return pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map(part => (/^\d+$/.test(part) ? Number(part) : part));
}

function describeType(type: unknown): string {
  const names: Record<string, string> = {
    integer: 'a whole number',
    number: 'a number',
    string: 'a string',
    boolean: 'true or false',
    array: 'a list',
    object: 'a table',
  };
  return [type]
    .flat()
    .map(each => names[String(each)] ?? String(each))
    .join(' or ');
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a table';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function descriptionOf(error: ErrorObject): string | undefined {
  const description: unknown = error.parentSchema?.description;
  return typeof description === 'string' ? description : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
