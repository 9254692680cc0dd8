// Type nodes of the Rust parser to RustType. References, lifetimes and parentheses vanish, since no value shows them;
// what no value can be compared with becomes opaque, with its reason.
import type { Node } from '@vscode/tree-sitter-wasm';
import type { Location } from '../util/errors.js';
import { LIMITS } from '../util/limits.js';
import type { RustType } from './rust-syntax.js';
import { allChildren, fieldOf, isComment, namedChildren, plainName, shortText } from './tree-sitter.js';

const OPAQUE = new Map([
  ['pointer_type', 'a raw pointer'],
  ['function_type', 'a function'],
  ['dynamic_type', 'a trait object'],
  ['abstract_type', 'an `impl` type'],
  ['bounded_type', 'a trait object'],
  ['never_type', 'the type without values'],
  ['macro_invocation', 'a macro, which is not expanded'],
]);

/** `locate` tells the place of a node. */
export function readType(node: Node, locate: (node: Node) => Location, depth = 0): RustType {
  const place = { text: shortText(node), location: locate(node) };
  const opaque = (reason: string): RustType => ({ kind: 'opaque', reason, ...place });
  const inner = (child: Node | undefined) =>
    child === undefined ? opaque('nothing is there') : readType(child, locate, depth + 1);
  if (depth > LIMITS.rustTypeDepth) return opaque(`it nests deeper than ${LIMITS.rustTypeDepth} levels`);
  switch (node.type) {
    case 'primitive_type':
    case 'type_identifier':
    case 'identifier':
    case 'scoped_type_identifier': {
      const segments = pathOf(node);
      return segments === undefined
        ? opaque('an associated type')
        : { kind: 'path', segments, args: [], ...place };
    }
    case 'generic_type': {
      const head = fieldOf(node, 'type');
      const segments = head && pathOf(head);
      const args = typeArguments(fieldOf(node, 'type_arguments')).map(inner);
      return segments === undefined
        ? opaque('an associated type')
        : { kind: 'path', segments, args, ...place };
    }
    case 'reference_type':
      return inner(fieldOf(node, 'type'));
    case 'array_type':
      return { kind: 'list', elem: inner(fieldOf(node, 'element')), ...place };
    case 'unit_type':
      return { kind: 'tuple', items: [], ...place };
    case 'tuple_type': {
      const items = namedChildren(node).filter(child => !isComment(child));
      // The grammar gives `(T)` and `(T,)` the same node.
      if (items.length === 1 && !allChildren(node).some(child => child.type === ',')) return inner(items[0]);
      return { kind: 'tuple', items: items.map(inner), ...place };
    }
    default:
      return opaque(OPAQUE.get(node.type) ?? 'no type that aura knows');
  }
}

/** Arguments that fill type parameters: all but lifetimes and bindings of associated types. */
function typeArguments(node: Node | undefined): Node[] {
  if (node === undefined) return [];
  return namedChildren(node).filter(
    child => !isComment(child) && child.type !== 'lifetime' && child.type !== 'type_binding',
  );
}

/** The segments of a path; undefined where one of them is more than a name. */
export function pathOf(node: Node): string[] | undefined {
  switch (node.type) {
    case 'identifier':
    case 'type_identifier':
    case 'primitive_type':
      return [plainName(node.text)];
    case 'crate':
    case 'self':
    case 'super':
      return [node.text];
    case 'scoped_identifier':
    case 'scoped_type_identifier': {
      const [path, name] = [fieldOf(node, 'path'), fieldOf(node, 'name')];
      const before = path === undefined ? [] : pathOf(path);
      return before && name && [...before, plainName(name.text)];
    }
    default:
      return undefined;
  }
}
