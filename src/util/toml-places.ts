// Where each key and value of a TOML file stands. The package's compiler gives data without places, so this walks
// the parser's nodes the way the compiler does: a header moves into a table, a doubled header appends one. It
// checks nothing; it is asked only about text that the compiler has accepted.
import type { TomlKeyNode, TomlNode, TomlValueNode } from 'toml/lib/parser.js';
import { must } from './assert.js';

export type TomlPath = readonly (string | number)[];

/** Offsets into the text, of a key and of its value; for a table under a header both are the header's. */
export interface TomlPlace {
  readonly key: number;
  readonly value: number;
  readonly children: Map<string | number, TomlPlace>;
  /** Whether the children are tables under `[[...]]` headers. */
  readonly isTableArray: boolean;
}

/** The tree of all places; its root stands at offset 0. */
export function indexPlaces(nodes: readonly TomlNode[]): TomlPlace {
  const root = placeAt(0, 0);
  let current = root;
  for (const node of nodes) {
    if ('key' in node) addKey(current, node);
    else if (node.type === 'ObjectPath') current = descend(root, node.value, node.offset);
    else current = appendTable(root, node.value, node.offset);
  }
  return root;
}

/** The place of `path`, or of its longest part that exists. A number may also name a key of digits. */
export function findPlace(
  root: TomlPlace,
  path: TomlPath,
): { readonly place: TomlPlace; readonly exact: boolean } {
  let place = root;
  for (const key of path) {
    const next = place.children.get(key) ?? place.children.get(String(key));
    if (next === undefined) return { place, exact: false };
    place = next;
  }
  return { place, exact: true };
}

function placeAt(key: number, value: number, isTableArray = false): TomlPlace {
  return { key, value, children: new Map(), isTableArray };
}

function child(parent: TomlPlace, key: string | number, make: () => TomlPlace): TomlPlace {
  const present = parent.children.get(key);
  if (present !== undefined) return present;
  const made = make();
  parent.children.set(key, made);
  return made;
}

function descend(root: TomlPlace, keys: readonly string[], offset: number): TomlPlace {
  let place = root;
  for (const key of keys) {
    place = child(place, key, () => placeAt(offset, offset));
    if (place.isTableArray)
      place = must(place.children.get(place.children.size - 1), 'the last table of a list');
  }
  return place;
}

function appendTable(root: TomlPlace, keys: readonly string[], offset: number): TomlPlace {
  const parent = descend(root, keys.slice(0, -1), offset);
  const list = child(parent, must(keys.at(-1), 'the last key of a header'), () =>
    placeAt(offset, offset, true),
  );
  return child(list, list.children.size, () => placeAt(offset, offset));
}

function addKey(table: TomlPlace, node: TomlKeyNode): void {
  let place = table;
  for (const key of node.key) place = child(place, key, () => placeAt(node.offset, node.value.offset));
  addValue(place, node.value);
}

function addValue(place: TomlPlace, node: TomlValueNode): void {
  if (node.type === 'InlineTable') for (const entry of node.value) addKey(place, entry);
  if (node.type !== 'Array') return;
  for (const [index, item] of node.value.entries()) {
    addValue(
      child(place, index, () => placeAt(item.offset, item.offset)),
      item,
    );
  }
}
