// Random results of a verification, drawn from the schema itself so that no field is forgotten, with the texts that
// trip up formats: control characters, ends of comments and elements, commands, backticks, half characters, floods.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { RunResult } from '../../generated/run-result.js';
import type { VerifyResult } from '../../generated/verify-result.js';
import { must } from '../../src/util/assert.js';

export const HOSTILE: readonly string[] = [
  '',
  ' ',
  '-',
  ']]>',
  '</failure></testcase>',
  '<!-- x --> &amp; &#0; "\'',
  '<script>alert(1)</script>',
  '</details>\n\n# heading',
  '::error file=x,line=1::stolen',
  '%0A::warning::stolen',
  'a | b \\| c ` d `` e ``` f ~~~ g',
  '*bold* _it_ [link](http://example.com) www.example.com @everyone #1 $x$ ![i](j)',
  'two\nlines\r\nand\ta tab',
  '\u0000\u0001\u0008\u000b\u000c\u001f\u007f\u0085\u009b',
  '\u001b[31mred\u001b[0m\u001b]0;title\u0007',
  '\u202eright to left\u2066\u2028\u2029\ufeff',
  '\ufffe\uffff\ud800x\udc00',
  '👩‍👧 𝔘ñïcödé 漢字',
  '{0} {1} {{2}}',
  '/absolute/path.qnt',
  '../outside.qnt',
  'C:\\windows\\path.qnt',
  '__proto__',
  `long ${'Set("abc", "def") '.repeat(400)}end`,
  `${'👩'.repeat(3_000)}`,
  'unbroken'.repeat(2_000),
];

const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.constantFrom('p1', 'holder', 'specs/lock.qnt', 'NoTwoHolders', 'traces/a.jsonl', 'Set(1, 2)'),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'\n\r\t<>&"\'`|\\%:,;{}[]()*_#@$\u0000\u001b\ud800'), maxLength: 12 }),
);

/** The parts of JSON Schema that our schemas use. */
interface Schema {
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface RootSchema extends Schema {
  readonly definitions: Readonly<Record<string, Schema>>;
}

function schemaNamed(name: string): RootSchema {
  const file = path.join(import.meta.dirname, '../../schemas', `${name}.schema.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Lists below this depth are empty: reasons hold reasons. */
const DEEPEST = 9;

function valuesOf(root: RootSchema, schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice('#/definitions/'.length);
    return valuesOf(root, must(root.definitions[name], schema.$ref), depth);
  }
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return fc.oneof(...choices.map(each => valuesOf(root, each, depth)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const types = [must(schema.type, 'type')].flat();
  return fc.oneof(...types.map(type => valuesOfType(root, type, schema, depth)));
}

function valuesOfType(root: RootSchema, type: string, schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const { minimum: min = 0, maximum: max = 1e9 } = schema;
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'string':
      return text;
    case 'integer':
      return fc.oneof(fc.integer({ min, max: min + 5 }), fc.integer({ min, max }));
    case 'number':
      return fc.double({ min, max, noNaN: true });
    case 'array':
      return depth < DEEPEST
        ? fc.array(valuesOf(root, must(schema.items, 'items'), depth + 1), { maxLength: 3 })
        : fc.constant([]);
    case 'object': {
      const fields = Object.entries(schema.properties ?? {});
      return fc.record(
        Object.fromEntries(fields.map(([key, each]) => [key, valuesOf(root, each, depth + 1)])),
      );
    }
    default:
      throw new Error(`no values for ${type}`);
  }
}

const VERIFY_RESULT = schemaNamed('verify-result');
const RUN_RESULT = schemaNamed('run-result');

/** Fields are independent of one another: counts need not add up, nor verdicts agree. */
export const randomResult: fc.Arbitrary<VerifyResult> = valuesOf(VERIFY_RESULT, VERIFY_RESULT, 0).map(
  value => {
    const result: VerifyResult = JSON.parse(JSON.stringify(value));
    return result;
  },
);

/** As {@link randomResult}, of one run. */
export const randomRun: fc.Arbitrary<RunResult> = valuesOf(RUN_RESULT, RUN_RESULT, 0).map(value => {
  const result: RunResult = JSON.parse(JSON.stringify(value));
  return result;
});

export const randomResults = fc.array(randomResult, { maxLength: 3 });
