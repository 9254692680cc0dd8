// One Rust file to its items. The parser always gives a tree; a file whose types it could not read is refused, with
// every place. What it could not read inside a function does not matter to types and is only listed: the language
// grows faster than the grammar.
import type { Node } from '@vscode/tree-sitter-wasm';
import { type AuraError, auraError, excerptAt, type Location } from '../util/errors.js';
import { LIMITS } from '../util/limits.js';
import { collect, fail, ok, type Result } from '../util/result.js';
import { readItems } from './read-items.js';
import { readType } from './read-type.js';
import type { RustItems, RustType, SkippedRust } from './rust-syntax.js';
import { fieldOf, loadRustParser, locationOf, shortText } from './tree-sitter.js';

/** A Rust file with its text. */
export interface RustFile {
  readonly file: string;
  readonly text: string;
  /** Names of the modules that the path of the file stands for. */
  readonly module: readonly string[];
}

/**
 * The types and constants of a file.
 *
 * Errors: AUR720 for syntax errors where types are defined, AUR724 for attributes that serde does not know.
 */
async function readRust({ file, text, module }: RustFile): Promise<Result<RustItems>> {
  const parse = await loadRustParser();
  const tree = parse(text);
  try {
    const { errors, harmless } = syntaxErrors(tree.rootNode, file, text);
    if (errors.length > 0) return fail(...errors);
    const refused: AuraError[] = [];
    const items = readItems(tree.rootNode, file, module, refused);
    if (refused.length > 0) return fail(...refused);
    return ok({ ...items, skipped: [...items.skipped, ...harmless] });
  } finally {
    tree.delete();
  }
}

/**
 * The types and constants of all files, one after the other. A module in a file that was not given counts as skipped.
 *
 * Errors: those of all files, see {@link readRust}.
 */
export async function readRustFiles(
  files: readonly RustFile[],
  signal?: AbortSignal,
): Promise<Result<RustItems>> {
  const read: Result<RustItems>[] = [];
  for (const file of files) {
    if (signal?.aborted) break;
    read.push(await readRust(file));
  }
  const items = collect(read);
  if (!items.ok) return items;
  const given = new Set(files.map(({ module }) => module.at(-1)));
  const outside = items.value
    .flatMap(each => each.outside)
    .filter(({ name }) => !given.has(name.slice(name.lastIndexOf(':') + 1)));
  return ok({
    definitions: items.value.flatMap(({ definitions }) => definitions),
    constants: items.value.flatMap(({ constants }) => constants),
    skipped: [...items.value.flatMap(({ skipped }) => skipped), ...outside],
    outside: [],
  });
}

/** A type as a configuration writes it at `location`; undefined when it is none. */
export async function readTypeText(text: string, location: Location): Promise<RustType | undefined> {
  const parse = await loadRustParser();
  const tree = parse(`type T = ${text};`);
  try {
    const item = tree.rootNode.firstNamedChild;
    const type = item?.type === 'type_item' ? fieldOf(item, 'type') : undefined;
    if (tree.rootNode.hasError || tree.rootNode.namedChildCount !== 1 || type === undefined) return undefined;
    return readType(type, () => location);
  } finally {
    tree.delete();
  }
}

interface SyntaxErrors {
  readonly errors: AuraError[];
  readonly harmless: SkippedRust[];
}

function syntaxErrors(root: Node, file: string, text: string): SyntaxErrors {
  const found: SyntaxErrors = { errors: [], harmless: [] };
  if (!root.hasError) return found;
  for (const { node, within } of errorNodes(root)) {
    if (found.errors.length >= LIMITS.rustErrors) break;
    const location = locationOf(node, file);
    if (within === undefined) found.errors.push(syntaxError(node, file, text));
    else if (!found.harmless.some(({ location: known }) => known.line === location.line))
      found.harmless.push({
        name: fieldOf(within, 'name')?.text ?? within.type,
        reason: 'a part of it is no Rust that the parser knows; it defines no type',
        location,
      });
  }
  return found;
}

function syntaxError(node: Node, file: string, text: string): AuraError {
  const location = locationOf(node, file);
  const message = node.isMissing
    ? `\`${node.type}\` is missing here`
    : `\`${shortText(node)}\` is not expected here`;
  return auraError('AUR720', message, { location, excerpt: excerptAt(text, location) });
}

/** ERROR and MISSING nodes, outermost first, with the function around them if no type is defined in it. */
function* errorNodes(root: Node): Generator<{ node: Node; within: Node | undefined }> {
  const cursor = root.walk();
  // The functions around the cursor, with their depths.
  let within: { node: Node; depth: number } | undefined;
  try {
    for (;;) {
      const node = cursor.currentNode;
      const depth = cursor.currentDepth;
      if (within !== undefined && depth <= within.depth) within = undefined;
      if (within === undefined && node.type === 'function_item' && node.hasError && !definesTypes(node))
        within = { node, depth };
      const isError = node.isError || node.isMissing;
      if (isError) yield { node, within: within?.node };
      if (node.hasError && !isError && cursor.gotoFirstChild()) continue;
      while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return;
    }
  } finally {
    cursor.delete();
  }
}

// A brace that is missing makes a function swallow what stands below it.
function definesTypes(node: Node): boolean {
  return (
    node.descendantsOfType(['struct_item', 'enum_item', 'union_item', 'type_item', 'mod_item']).length > 0
  );
}
