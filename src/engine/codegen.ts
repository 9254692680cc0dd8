// Text of JavaScript that is safe by construction. Code is made only by the `js` template: text of the spec that is
// put into it becomes a quoted literal, never code, and names of the spec reach code only through `mangled`.
import { assert } from '../util/assert.js';

/** A piece of JavaScript. */
export class Code {
  constructor(readonly text: string) {}
}

type Part = Code | readonly Code[] | string | number | bigint | boolean;

/** Joins code and literals: strings are quoted, numbers and booleans written out, arrays joined by commas. */
export function js(texts: TemplateStringsArray, ...parts: readonly Part[]): Code {
  return new Code(texts.reduce((text, next, i) => text + rendered(parts[i - 1]) + next));
}

function rendered(part: Part | undefined): string {
  if (part instanceof Code) return part.text;
  if (typeof part === 'string') return quoted(part);
  if (typeof part === 'bigint') return `${part}n`;
  if (typeof part === 'number') {
    assert(Number.isSafeInteger(part), `not an integer literal: ${part}`);
    return part.toString();
  }
  if (typeof part === 'boolean') return part ? 'true' : 'false';
  return (part ?? []).map(code => code.text).join(', ');
}

/** A string literal that survives in any script: JSON text is one, except for the two separators of lines. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/**
 * A JavaScript identifier for a name of the spec. The id makes it unique; what remains of the name is for people.
 */
export function mangled(name: string, id: number | string): Code {
  const safe = name.replaceAll(/[^A-Za-z0-9_]/g, '_').slice(0, 40);
  return new Code(`${/^[A-Za-z_]/.test(safe) ? safe : `_${safe}`}$${id}`);
}

/** The name of a function of the runtime, which the head of the emitted module binds. */
export function rt(name: string): Code {
  assert(/^[A-Za-z]+$/.test(name), `not a runtime name: ${name}`);
  return new Code(name);
}

/** Emitted text for people: two spaces a level, no empty lines. Braces inside string literals do not count. */
export function indented(text: string): string {
  let depth = 0;
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const code = line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
    const closing = /^\s*[}\])]+/.exec(code)?.[0].replaceAll(/[^}]/g, '').length ?? 0;
    lines.push(`${'  '.repeat(Math.max(0, depth - closing))}${line.trim()}`);
    depth += code.replaceAll(/[^{]/g, '').length - code.replaceAll(/[^}]/g, '').length;
  }
  return `${lines.join('\n')}\n`;
}
