// Scenarios as text through Handlebars templates. Ours is read back after rendering and must give the scenario
// that was meant; a user's own template may make any format.
import Handlebars from 'handlebars';
import type { Scenario } from '../../generated/scenario.js';
import { type AuraError, auraError, excerptAt } from '../util/errors.js';
import { readText } from '../util/files.js';
import { LIMITS } from '../util/limits.js';
import { fail, ok, type Result } from '../util/result.js';
import { tomlKey, tomlText } from './toml-text.js';

/** What a template sees. */
export interface TemplateView {
  readonly auraVersion: string;
  readonly specFile: string;
  readonly module: string;
  readonly scenario: Scenario;
  /** One-line texts by key of the scenario. */
  readonly comments: Readonly<Record<string, string>>;
}

export interface Template {
  /** Ending of the files it makes, with its dot: that of the template's own name before `.hbs`. */
  readonly extension: string;
  render(view: TemplateView): Result<string>;
}

/** Errors: AUR003 to AUR005 for the file, AUR501 with the template's line when it cannot be parsed. */
export async function loadTemplate(file: string): Promise<Result<Template>> {
  const text = await readText(file, LIMITS.templateBytes);
  if (!text.ok) return text;
  const handlebars = createHandlebars();
  try {
    handlebars.parse(text.value);
  } catch (error) {
    return fail(templateError(file, text.value, error));
  }
  const compiled = handlebars.compile(text.value, { noEscape: true, strict: true });
  const render = (view: TemplateView): Result<string> => {
    try {
      return ok(compiled({ ...view, comments: oneLine(view.comments) }));
    } catch (error) {
      return fail(templateError(file, text.value, error));
    }
  };
  return ok({ extension: /(\.[A-Za-z0-9]+)\.(hbs|handlebars)$/.exec(file)?.[1] ?? '.toml', render });
}

function createHandlebars(): typeof Handlebars {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('toml', (value: unknown, call: HelperCall) => tomlText(present(value, call)));
  handlebars.registerHelper('tomlKey', (key: unknown) => tomlKey(String(key)));
  handlebars.registerHelper('json', (value: unknown, call: HelperCall) =>
    JSON.stringify(present(value, call)),
  );
  handlebars.registerHelper('given', (value: unknown) => value !== undefined);
  return handlebars;
}

/** What Handlebars hands to a helper last: where in the template it is called. */
interface HelperCall {
  readonly loc: { readonly start: { readonly line: number; readonly column: number } };
}

// Strict mode overlooks the arguments of helpers: a misspelled name would leave a hole in the file.
function present(value: unknown, { loc: { start } }: HelperCall): unknown {
  if (value !== undefined) return value;
  throw new Error(`it asks for a value that this scenario does not have - ${start.line}:${start.column}`);
}

// A comment must not end its line: what follows would be read as TOML.
function oneLine(comments: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(comments).map(([key, text]) => [key, text.replace(/[\p{Cc}]+/gu, ' ')]),
  );
}

// Handlebars says where in words: "Parse error on line 3", or "... - 3:5".
function templateError(file: string, text: string, error: unknown): AuraError {
  const message = error instanceof Error ? error.message : String(error);
  const place = /on line (\d+)/.exec(message) ?? /- (\d+):(\d+)/.exec(message);
  const line = Number(place?.[1] ?? 1);
  const location = { file, line, column: Number(place?.[2] ?? 0) + 1 };
  const [first = ''] = message.split('\n').slice(-1);
  return auraError('AUR501', `the template does not work: ${first.trim()}`, {
    location,
    excerpt: excerptAt(text, location),
  });
}
