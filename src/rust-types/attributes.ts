// Attributes of Rust items as data: `#[serde(rename = "x", skip)]` becomes names with values or with attributes
// inside. `cfg_attr` counts as if its condition held, because serde is often behind a feature. What an attribute means
// is not decided here, but for `cfg(test)`.
import type { Node } from '@vscode/tree-sitter-wasm';
import type { Location } from '../util/errors.js';
import { allChildren, locationOf, namedChildren } from './tree-sitter.js';

export interface Attribute {
  /** Last segment of its path. */
  readonly name: string;
  /** Behind `=`. */
  readonly value?: string;
  /** In parentheses. */
  readonly inner: readonly Attribute[];
  readonly location: Location;
}

/** From `attribute_item` nodes. */
export function readAttributes(items: readonly Node[], file: string): Attribute[] {
  return items
    .flatMap(namedChildren)
    .filter(node => node.type === 'attribute')
    .flatMap(node => expanded(topAttribute(node, file)));
}

function topAttribute(node: Node, file: string): Attribute {
  const [path, ...rest] = namedChildren(node);
  const name = path?.text.split('::').at(-1)?.trim() ?? '';
  const args = rest.find(child => child.type === 'token_tree');
  return { name, inner: args ? readList(args, file) : [], location: locationOf(node, file) };
}

function expanded(attribute: Attribute): Attribute[] {
  if (attribute.name !== 'cfg_attr') return [attribute];
  const [condition, ...attributes] = attribute.inner;
  return condition && demandsTest(condition) ? [] : attributes.flatMap(expanded);
}

function readList(tree: Node, file: string): Attribute[] {
  const found: Attribute[] = [];
  let part: Node[] = [];
  for (const token of [...allChildren(tree).slice(1, -1), undefined]) {
    if (token !== undefined && token.type !== ',') part.push(token);
    else {
      const attribute = readOne(part, file);
      if (attribute) found.push(attribute);
      part = [];
    }
  }
  return found;
}

// Keywords such as `default` are names here.
function readOne(tokens: readonly Node[], file: string): Attribute | undefined {
  const first = tokens[0];
  if (first === undefined || !/^\w+$/.test(first.text)) return undefined;
  const last = tokens.at(-1);
  const isAssigned = tokens.some(token => token.type === '=');
  return {
    name: first.text,
    ...(isAssigned && last && { value: literalText(last) }),
    inner: last?.type === 'token_tree' ? readList(last, file) : [],
    location: locationOf(first, file),
  };
}

function literalText(node: Node): string {
  if (!node.type.endsWith('string_literal')) return node.text;
  return namedChildren(node)
    .map(part => (part.type === 'escape_sequence' ? unescaped(part.text) : part.text))
    .join('');
}

const ESCAPES = new Map([
  ['\\n', '\n'],
  ['\\t', '\t'],
  ['\\r', '\r'],
  ['\\0', '\0'],
]);

function unescaped(text: string): string {
  const hex = /^\\(?:x|u\{)([0-9a-fA-F_]+)\}?$/.exec(text)?.[1];
  if (hex === undefined) return ESCAPES.get(text) ?? text.slice(1);
  const code = Number.parseInt(hex.replaceAll('_', ''), 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : text;
}

/** Whether the attributes keep an item out of every build but those of tests. */
export function isTestOnly(attributes: readonly Attribute[]): boolean {
  return attributes.some(({ name, inner }) => name === 'cfg' && inner.some(demandsTest));
}

function demandsTest({ name, inner }: Attribute): boolean {
  return name === 'test' || (name === 'all' && inner.some(demandsTest));
}
