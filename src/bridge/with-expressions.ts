// Expressions that a user gives beside a spec, such as an invariant on the command line. They become definitions at the
// end of the main module, in a copy of the sources, and Quint checks the whole: so they see what the module sees, and
// what is wrong with them comes from Quint.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Spec } from '../model/spec.js';
import { must } from '../util/assert.js';
import { type AuraError, auraError, excerptAt } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import { type Bridge, checkSources } from './load-spec.js';
import { readSources } from './sources.js';

export interface SpecWithExpressions {
  readonly spec: Spec;
  /** The definitions that the expressions became, in their order, as the main module names them. */
  readonly names: readonly string[];
  /** The same error, placed inside the expression where it lies in one. */
  inside(error: AuraError): AuraError;
}

export interface Expression {
  readonly text: string;
  /** What it is checked as: a value of a state, or a formula over a trace. */
  readonly kind: 'val' | 'temporal';
}

/**
 * The spec with one definition more for each expression. Line breaks in an expression count as spaces. `sources` are the
 * texts of the spec where they are not those of its files.
 *
 * Errors: AUR102 with places inside the expression, whose file is then its own text.
 */
export async function withExpressions(
  bridge: Bridge,
  spec: Spec,
  expressions: readonly Expression[],
  sources?: ReadonlyMap<string, string>,
): Promise<Result<SpecWithExpressions>> {
  if (expressions.length === 0) return ok({ spec, names: [], inside: error => error });
  const read = sources === undefined ? await readSources(spec.file) : ok(sources);
  if (!read.ok) return read;
  const insertion = insert(
    spec,
    read.value,
    expressions.map(({ text, kind }) => ({ kind, text: text.replace(/\s+/g, ' ').trim() })),
  );
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'aura-expr-'));
  try {
    const run = await writeTree(scratch, spec.file, insertion.texts);
    const checked = await checkSources(bridge, spec.file, insertion.texts, spec.main, run);
    if (!checked.ok) return fail(...checked.errors.map(error => insideExpression(error, insertion)));
    return ok({
      spec: checked.value,
      names: insertion.pieces.map(({ name }) => name),
      inside: error => insideExpression(error, insertion),
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Insertion {
  readonly texts: ReadonlyMap<string, string>;
  /** Where the expressions stand, as errors will name it; columns from 1. */
  readonly file: string;
  readonly line: number;
  readonly pieces: readonly { readonly name: string; readonly expression: string; readonly column: number }[];
}

function insert(
  spec: Spec,
  texts: ReadonlyMap<string, string>,
  expressions: readonly Expression[],
): Insertion {
  let definitions = '';
  const pieces = expressions.map(({ text: expression, kind }, i) => {
    const name = `aura_expression_${i}`;
    definitions += `${kind} ${name} = `;
    const column = definitions.length;
    definitions += `${expression} `;
    return { name, expression, column };
  });
  const { column: first, ...inserted } = insertDefinitions(spec, texts, definitions);
  return { ...inserted, pieces: pieces.map(piece => ({ ...piece, column: first + piece.column })) };
}

/**
 * The texts of a spec with definitions at the end of its main module, all on the line of the closing brace, so that
 * every other place of the file keeps its line. `column` is that of their first character, from 1.
 */
export function insertDefinitions(
  spec: Spec,
  texts: ReadonlyMap<string, string>,
  definitions: string,
): Pick<Insertion, 'texts' | 'file' | 'line'> & { readonly column: number } {
  const main = must(
    spec.ir.modules.find(({ name }) => name === spec.main),
    'the main module',
  );
  const span = must(spec.ir.spans.get(main.id), 'the place of the main module');
  const key = path.relative(path.dirname(spec.file), span.file);
  const lines = must(texts.get(key), 'the text of the main module').split('\n');
  const line = must(lines[span.endLine - 1], 'the last line of the main module');
  const brace = line.lastIndexOf('}', span.endColumn - 1);
  const before = line.slice(0, brace);
  lines[span.endLine - 1] = `${before} ${definitions} ${line.slice(brace)}`;
  const changed = new Map([...texts, [key, lines.join('\n')]]);
  return { texts: changed, file: span.file, line: span.endLine, column: before.length + 2 };
}

/**
 * Writes the texts of a spec below `scratch`; the path of the main file is returned. Imports may lead above the folder
 * of the spec, so the copy stands as deep as they reach.
 */
export async function writeTree(
  scratch: string,
  file: string,
  texts: ReadonlyMap<string, string>,
): Promise<string> {
  const climbs = [...texts.keys()].map(name => name.split(path.sep).filter(part => part === '..').length);
  const base = path.join(scratch, ...Array.from({ length: Math.max(...climbs) }, () => 'd'));
  for (const [name, text] of texts) {
    const target = path.join(base, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }
  return path.join(base, path.basename(file));
}

function insideExpression(error: AuraError, { file, line, pieces }: Insertion): AuraError {
  const { location } = error;
  if (
    location === undefined ||
    location.line !== line ||
    path.normalize(location.file) !== path.normalize(file)
  )
    return error;
  const piece = pieces.findLast(({ column }) => column <= location.column);
  if (piece === undefined) return error;
  const column = Math.min(location.column - piece.column, piece.expression.length) + 1;
  const endColumn =
    location.endColumn === undefined
      ? {}
      : { endColumn: Math.min(location.endColumn - piece.column, piece.expression.length) + 1 };
  const inside = { file: piece.expression, line: 1, column, ...endColumn };
  return auraError(error.code, error.message, {
    location: inside,
    excerpt: excerptAt(piece.expression, inside),
    ...(error.origin !== undefined && { origin: error.origin }),
  });
}
