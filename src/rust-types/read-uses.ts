// What `use` declarations bring into a module: local names with their paths. Globs bring names that only the compiler
// knows; a name that comes through one is found by its uniqueness instead (rust-program.ts).
import type { Node } from '@vscode/tree-sitter-wasm';
import { pathOf } from './read-type.js';
import { fieldOf, namedChildren, plainName } from './tree-sitter.js';

/** Adds the names of one `use_declaration`. */
export function readUse(declaration: Node, uses: Map<string, readonly string[]>): void {
  const argument = fieldOf(declaration, 'argument');
  if (argument !== undefined) addTree(argument, [], uses);
}

function addTree(node: Node, before: readonly string[], uses: Map<string, readonly string[]>): void {
  const [path, list, alias] = [fieldOf(node, 'path'), fieldOf(node, 'list'), fieldOf(node, 'alias')];
  switch (node.type) {
    case 'scoped_use_list':
      addTrees(list, [...before, ...((path && pathOf(path)) ?? [])], uses);
      break;
    case 'use_list':
      addTrees(node, before, uses);
      break;
    case 'use_as_clause':
      if (path !== undefined && alias !== undefined) add(plainName(alias.text), path, before, uses);
      break;
    case 'use_wildcard':
      break;
    default:
      add(undefined, node, before, uses);
  }
}

function addTrees(
  list: Node | undefined,
  before: readonly string[],
  uses: Map<string, readonly string[]>,
): void {
  for (const child of list ? namedChildren(list) : []) addTree(child, before, uses);
}

function add(
  name: string | undefined,
  path: Node,
  before: readonly string[],
  uses: Map<string, readonly string[]>,
): void {
  const own = pathOf(path);
  if (own === undefined) return;
  // `a::{self}` is `a`.
  const full = own.length === 1 && own[0] === 'self' && before.length > 0 ? before : [...before, ...own];
  const local = name ?? full.at(-1);
  if (local !== undefined) uses.set(local, full);
}
