// What a report has to be whatever it says: JUnit by its XSD, SARIF by its JSON Schema, workflow commands as the runner
// reads them, Markdown without markup that is not ours.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect } from 'vitest';
import { validateXML } from 'xmllint-wasm';

/** What steers a terminal, or is no UTF-8. */
export const STRAY =
  /[\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff]|(?!\n)\p{Cc}/u;

const XSD = readFileSync(path.join(import.meta.dirname, '../fixtures/report/junit.xsd'), 'utf8');

/** What the XSD has against any of the texts. */
export async function junitViolations(texts: readonly string[]): Promise<readonly string[]> {
  const xml = texts.map((contents, i) => ({ fileName: `report${i}.xml`, contents }));
  const { valid, errors, rawOutput } = await validateXML({ xml, schema: XSD, maxMemoryPages: 4_096 });
  return valid ? [] : [...errors.map(({ message }) => message), rawOutput];
}

// The schema is of draft-04, which differs from what ajv knows only in words that it does not use but for `id`.
const require = createRequire(import.meta.url);
const { id, $schema, ...schema } = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
export const SARIF_DIALECT: readonly unknown[] = [id, $schema];
export const SARIF_SCHEMA = JSON.stringify(schema);

const validate = new Ajv({
  strict: false,
  // One of its patterns has a bracket that is none of Unicode mode's.
  unicodeRegExp: false,
  formats: {
    uri: (text: string) => URL.canParse(text) && /^[\x21-\x7e]*$/.test(text),
    'uri-reference': /^[\w.~:/?#[\]@!$&'()*+,;=%-]*$/,
    'date-time': true,
  },
}).compile(schema);

export function sarifViolations(log: unknown): readonly unknown[] {
  validate(log);
  return validate.errors ?? [];
}

/** The part of a log that tests look into. */
export interface SarifLog {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
    }[];
  }[];
}

export interface WorkflowCommand {
  readonly command: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly message: string;
}

/** A line as the runner reads it; null where it is no command. */
export function readCommand(line: string): WorkflowCommand | null {
  const match = /^::(\w+) ([^\r\n]*?)::([^\r\n]*)$/.exec(line);
  if (match === null) return null;
  const [, command = '', list = '', data = ''] = match;
  const decode = (text: string) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  const property = (text: string) =>
    decode(text).replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%');
  const pairs = list.split(',').map((each): [string, string] => {
    const equals = each.indexOf('=');
    return [each.slice(0, equals), property(each.slice(equals + 1))];
  });
  return { command, properties: new Map(pairs), message: decode(data).replaceAll('%25', '%') };
}

/** Lines of Markdown outside of fences; throws where a fence does not end. */
export function outsideOfFences(text: string): string[] {
  const lines: string[] = [];
  let fence: string | null = null;
  for (const line of text.split('\n')) {
    const ticks: string | undefined = /^(`{3,})(text)?$/.exec(line)?.[1];
    if (fence === null && ticks !== undefined && line.endsWith('text')) fence = ticks;
    else if (fence === null) lines.push(line);
    else if (line === fence) fence = null;
    else expect(ticks === undefined || ticks.length < fence.length || line.endsWith('text')).toBe(true);
  }
  expect(fence).toBeNull();
  return lines;
}

/** What is left of a line of Markdown without spans of code and our own tags. */
export function withoutSpans(line: string): string {
  return line.replace(/`[^`]+`/g, '').replace(/<(\/?details|\/?summary|\/?code)>/g, '');
}

/** The same data with the keys of every object in the opposite order. */
export function withKeysTurned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withKeysTurned);
  if (typeof value !== 'object' || value === null) return value;
  const turned = Object.entries(value).map(([key, each]) => [key, withKeysTurned(each)]);
  return Object.fromEntries(turned.reverse());
}
