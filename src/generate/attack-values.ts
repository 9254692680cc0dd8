// The values of an attack template: every text that holds an expression is compiled once, when the template is read,
// and rendered for each scenario. A text that is one expression and nothing else stands for the value that it gives;
// any other stays a text. Knows nothing of scenarios.
import type { AuraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import { parseToml, type TomlDocument } from '../util/toml.js';
import type { TomlPath } from '../util/toml-places.js';
import { type AttackView, compileExpression } from './attack-view.js';

/** Gives a value of TOML, with all expressions rendered. */
export type Rendering = (view: AttackView) => Result<unknown>;

/** Key of entries of lists that says whether they are there; it is no part of what they give. */
const WHEN = 'when';

interface RenderedEntry {
  readonly value: unknown;
  /** Its index in the template. */
  readonly index: number;
}

/** Compiles the value at `path`, all below it included. Errors: AUR522 with the place. */
export function compileValue(value: unknown, path: TomlPath, document: TomlDocument): Result<Rendering> {
  if (typeof value === 'string') return compileText(value, path, document);
  if (Array.isArray(value)) return compileParts([...value.entries()], path, document, parts => parts);
  if (typeof value !== 'object' || value === null) return ok(() => ok(value));
  const entries = Object.entries(value).filter(([key]) => key !== WHEN);
  const keys = entries.map(([key]) => key);
  return compileParts(entries, path, document, parts =>
    Object.fromEntries(parts.map((part, i) => [keys[i] ?? '', part])),
  );
}

function compileParts(
  parts: readonly (readonly [string | number, unknown])[],
  path: TomlPath,
  document: TomlDocument,
  together: (parts: unknown[]) => unknown,
): Result<Rendering> {
  const compiled = parts.map(([key, part]) => compileValue(part, [...path, key], document));
  const errors = compiled.flatMap(each => (each.ok ? [] : each.errors));
  if (errors.length > 0) return fail(...errors);
  return ok(view => {
    const values: unknown[] = [];
    for (const each of compiled) {
      if (!each.ok) return each;
      const value = each.value(view);
      if (!value.ok) return value;
      values.push(value.value);
    }
    return ok(together(values));
  });
}

function compileText(text: string, path: TomlPath, document: TomlDocument): Result<Rendering> {
  if (!text.includes('{{')) return ok(() => ok(text));
  const complain = (error: unknown): AuraError =>
    document.errorAt(path, 'value', 'AUR522', `the expression ${wordsOf(error)}`, HINT);
  try {
    const expression = compileExpression(text);
    const whole = /^\{\{[^{}]*\}\}$/.test(text);
    return ok(view => {
      try {
        const rendered = expression(view);
        return ok(whole ? readBack(rendered) : rendered);
      } catch (error) {
        return fail(complain(error));
      }
    });
  } catch (error) {
    return fail(complain(error));
  }
}

const HINT = 'docs/attacks.md lists what expressions may use';

// Handlebars puts the place into its messages, in words and over several lines; ours is that of the value.
function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/^Parse error/.test(message)) return 'cannot be parsed';
  return `does not work: ${message.replace(/ - \d+:\d+$/, '').replace(/\s+/g, ' ')}`;
}

/** Numbers, booleans and lists are what they say; all else is text. */
function readBack(rendered: string): unknown {
  if (!/^(-?[0-9]|\[|true$|false$)/.test(rendered)) return rendered;
  const parsed = parseToml(`value = ${rendered}`, 'an expression', 'AUR522');
  return parsed.ok ? parsed.value.data.value : rendered;
}

/** A list of which entries may be left out. */
export interface CompiledList {
  render(view: AttackView): Result<RenderedEntry[]>;
  /** All entries, also those that are left out for `view`. */
  renderAll(view: AttackView): Result<RenderedEntry[]>;
}

/** Errors: AUR522. */
export function compileList(
  entries: readonly { readonly when?: string }[],
  path: TomlPath,
  document: TomlDocument,
): Result<CompiledList> {
  const compiled = entries.map((entry, index) => ({
    index,
    value: compileValue(entry, [...path, index], document),
    when: compileValue(entry.when ?? 'always', [...path, index, WHEN], document),
  }));
  const errors = compiled.flatMap(({ value, when }) => [
    ...(value.ok ? [] : value.errors),
    ...(when.ok ? [] : when.errors),
  ]);
  if (errors.length > 0) return fail(...errors);
  const renderThose = (view: AttackView, wanted: (when: unknown) => boolean): Result<RenderedEntry[]> => {
    const rendered: RenderedEntry[] = [];
    for (const { index, value, when } of compiled) {
      if (!value.ok || !when.ok) continue;
      const answer = when.value(view);
      if (!answer.ok) return answer;
      if (!wanted(answer.value)) continue;
      const result = value.value(view);
      if (!result.ok) return result;
      rendered.push({ value: result.value, index });
    }
    return ok(rendered);
  };
  return ok({ render: view => renderThose(view, isThere), renderAll: view => renderThose(view, () => true) });
}

function isThere(when: unknown): boolean {
  return !(when === '' || when === 0 || when === false || (Array.isArray(when) && when.length === 0));
}
