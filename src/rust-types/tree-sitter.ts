// The one place that knows the Rust parser: tree-sitter with its grammar of Rust, both as WebAssembly. It is loaded
// when the first file is parsed, so that no other command pays for it. Its tree is complete even where the text is
// broken: whoever walks it must ask for errors first (syntaxErrors).
import { createRequire } from 'node:module';
import type { Node, Tree } from '@vscode/tree-sitter-wasm';
import { must } from '../util/assert.js';
import type { Location } from '../util/errors.js';

/** Parses Rust; the tree is to be deleted when it has been read. */
export type ParseRust = (text: string) => Tree;

let loading: Promise<ParseRust> | undefined;

export function loadRustParser(): Promise<ParseRust> {
  loading ??= load();
  return loading;
}

async function load(): Promise<ParseRust> {
  // A CommonJS module whose named exports Node cannot see.
  const { default: treeSitter } = await import('@vscode/tree-sitter-wasm');
  await treeSitter.Parser.init();
  const grammar = createRequire(import.meta.url).resolve(
    '@vscode/tree-sitter-wasm/wasm/tree-sitter-rust.wasm',
  );
  const language = await treeSitter.Language.load(grammar);
  const parser = new treeSitter.Parser().setLanguage(language);
  return text => must(parser.parse(text), 'a tree');
}

export function namedChildren(node: Node): Node[] {
  return node.namedChildren.filter(child => child !== null);
}

export function allChildren(node: Node): Node[] {
  return node.children.filter(child => child !== null);
}

export function fieldOf(node: Node, name: string): Node | undefined {
  return node.childForFieldName(name) ?? undefined;
}

export function isComment(node: Node): boolean {
  return node.type === 'line_comment' || node.type === 'block_comment';
}

export function locationOf(node: Node, file: string): Location {
  const { startPosition: start, endPosition: end } = node;
  return {
    file,
    line: start.row + 1,
    column: start.column + 1,
    endLine: end.row + 1,
    endColumn: end.column + 1,
  };
}

/** The text of a node on one line, cut to what a report can show. */
export function shortText(node: Node): string {
  const text = node.text.replace(/\s+/g, ' ');
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** A name without the `r#` that lets a keyword be one. */
export function plainName(text: string): string {
  return text.startsWith('r#') ? text.slice(2) : text;
}
