// The items of a Rust module that define types or constants, module by module. Items that only tests see are left
// out; a macro that may define types is not expanded but listed, as is all else that is not understood.
import type { Node } from '@vscode/tree-sitter-wasm';
import type { AuraError } from '../util/errors.js';
import { LIMITS } from '../util/limits.js';
import { type Attribute, isTestOnly, readAttributes } from './attributes.js';
import { readType } from './read-type.js';
import { readUse } from './read-uses.js';
import type {
  RustConstant,
  RustDef,
  RustField,
  RustFields,
  RustItems,
  RustParam,
  RustScope,
  RustType,
  RustVariant,
  SkippedRust,
} from './rust-syntax.js';
import { SerdeReader } from './serde.js';
import { fieldOf, isComment, locationOf, namedChildren, plainName } from './tree-sitter.js';

/** Collects while one file is read. */
interface Reading extends RustItems {
  readonly definitions: RustDef[];
  readonly constants: RustConstant[];
  readonly skipped: SkippedRust[];
  readonly outside: SkippedRust[];
  readonly errors: AuraError[];
}

/** The items below a `source_file` node; attributes that serde would refuse go to `errors`. */
export function readItems(
  root: Node,
  file: string,
  module: readonly string[],
  errors: AuraError[],
): RustItems {
  const reading: Reading = { definitions: [], constants: [], skipped: [], outside: [], errors };
  readModule(root, file, module, reading);
  return reading;
}

function readModule(node: Node, file: string, module: readonly string[], reading: Reading): void {
  const uses = new Map<string, readonly string[]>();
  const scope: RustScope = { file, module, uses };
  for (const { item, attributes } of attributed(node, file)) {
    if (item.type === 'inner_attribute_item') {
      if (isTestOnly(readAttributes([item], file))) return;
    } else if (!isTestOnly(attributes)) readItem(item, attributes, scope, uses, reading);
  }
}

/** Items with the attributes that stand before them. */
function* attributed(node: Node, file: string): Generator<{ item: Node; attributes: Attribute[] }> {
  let before: Node[] = [];
  for (const item of namedChildren(node)) {
    if (item.type === 'attribute_item') before.push(item);
    else if (!isComment(item) && item.type !== 'visibility_modifier') {
      yield { item, attributes: readAttributes(before, file) };
      before = [];
    }
  }
}

function readItem(
  item: Node,
  attributes: readonly Attribute[],
  scope: RustScope,
  uses: Map<string, readonly string[]>,
  reading: Reading,
): void {
  const skip = (name: string, reason: string, at = item) =>
    reading.skipped.push({ name, reason, location: locationOf(at, scope.file) });
  const name = plainName(fieldOf(item, 'name')?.text ?? '');
  switch (item.type) {
    case 'struct_item':
    case 'enum_item':
    case 'type_item':
      reading.definitions.push(readDefinition(item, name, attributes, scope, reading.errors));
      return;
    case 'const_item':
    case 'static_item': {
      const type = fieldOf(item, 'type');
      if (type === undefined) return;
      const location = locationOf(fieldOf(item, 'name') ?? item, scope.file);
      reading.constants.push({ name, type: typeAt(type, scope.file), scope, location });
      return;
    }
    case 'mod_item': {
      const body = fieldOf(item, 'body');
      if (body === undefined)
        reading.outside.push({
          name: [...scope.module, name].join('::'),
          reason: 'a module in a file that was not given',
          location: locationOf(item, scope.file),
        });
      else if (scope.module.length >= LIMITS.rustTypeDepth) skip(name, 'it is nested too deeply');
      else readModule(body, scope.file, [...scope.module, name], reading);
      return;
    }
    case 'use_declaration':
      readUse(item, uses);
      return;
    case 'union_item':
      skip(name, 'a union');
      return;
    case 'macro_invocation':
    case 'expression_statement': {
      const macro = item.type === 'macro_invocation' ? item : item.firstNamedChild;
      if (macro?.type === 'macro_invocation')
        skip(`${fieldOf(macro, 'macro')?.text ?? ''}!`, 'a macro, which is not expanded', macro);
      return;
    }
    default:
      for (const local of localTypes(item))
        skip(fieldOf(local, 'name')?.text ?? '', 'a type inside a function', local);
  }
}

/** Types that functions define for themselves. */
function localTypes(item: Node): Node[] {
  const functions =
    item.type === 'function_item'
      ? [item]
      : namedChildren(fieldOf(item, 'body') ?? item).filter(child => child.type === 'function_item');
  return functions
    .flatMap(each => each.descendantsOfType(['struct_item', 'enum_item', 'union_item', 'type_item']))
    .filter(node => node !== null);
}

function readDefinition(
  item: Node,
  name: string,
  attributes: readonly Attribute[],
  scope: RustScope,
  errors: AuraError[],
): RustDef {
  const location = locationOf(fieldOf(item, 'name') ?? item, scope.file);
  const serde = new SerdeReader(attributes, errors);
  const body = fieldOf(item, 'body');
  const common = { name, scope, params: readParams(fieldOf(item, 'type_parameters'), scope.file), location };
  if (item.type === 'type_item') {
    const type = typeAt(fieldOf(item, 'type') ?? item, scope.file);
    return { ...common, kind: 'alias', type };
  }
  if (item.type === 'struct_item')
    return {
      ...common,
      kind: 'struct',
      fields: readFields(body, serde.renameCase('rename_all'), scope.file, errors),
      serde: serde.struct(),
    };
  const variants = body === undefined ? [] : readVariants(body, serde, scope.file, errors);
  return { ...common, kind: 'enum', variants, serde: serde.enum() };
}

function typeAt(node: Node, file: string): RustType {
  return readType(node, each => locationOf(each, file));
}

function readParams(node: Node | undefined, file: string): RustParam[] {
  if (node === undefined) return [];
  return namedChildren(node)
    .filter(child => child.type === 'type_parameter' || child.type === 'const_parameter')
    .map(child => {
      const fallback = child.type === 'type_parameter' ? fieldOf(child, 'default_type') : undefined;
      return {
        name: plainName(fieldOf(child, 'name')?.text ?? ''),
        ...(fallback && { fallback: typeAt(fallback, file) }),
      };
    });
}

type RenameCase = ReturnType<SerdeReader['renameCase']>;

function readFields(
  body: Node | undefined,
  fieldCase: RenameCase,
  file: string,
  errors: AuraError[],
): RustFields {
  if (body === undefined) return { kind: 'unit' };
  const fields = [...attributed(body, file)]
    .filter(({ attributes }) => !isTestOnly(attributes))
    .map(({ item, attributes }) => readField(item, new SerdeReader(attributes, errors), fieldCase, file));
  return { kind: body.type === 'field_declaration_list' ? 'named' : 'tuple', fields };
}

// In a tuple the node is the type itself.
function readField(node: Node, serde: SerdeReader, fieldCase: RenameCase, file: string): RustField {
  const location = locationOf(node, file);
  if (node.type !== 'field_declaration')
    return { type: typeAt(node, file), serde: serde.field(undefined, undefined), location };
  const name = plainName(fieldOf(node, 'name')?.text ?? '');
  const type = typeAt(fieldOf(node, 'type') ?? node, file);
  return { name, type, serde: serde.field(name, fieldCase), location };
}

function readVariants(body: Node, serde: SerdeReader, file: string, errors: AuraError[]): RustVariant[] {
  const [variantCase, fieldsCase] = [serde.renameCase('rename_all'), serde.renameCase('rename_all_fields')];
  return [...attributed(body, file)]
    .filter(({ attributes }) => !isTestOnly(attributes))
    .map(({ item, attributes }): RustVariant => {
      const own = new SerdeReader(attributes, errors);
      const name = plainName(fieldOf(item, 'name')?.text ?? '');
      const foreign = own.foreign();
      return {
        name,
        serialName: own.variantName(name, variantCase),
        fields: readFields(fieldOf(item, 'body'), own.renameCase('rename_all') ?? fieldsCase, file, errors),
        skip: own.isSkipped(),
        ...(foreign !== undefined && { foreign }),
        location: locationOf(item, file),
      };
    });
}
