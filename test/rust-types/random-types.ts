// Random type definitions as a spec and as a Rust program: one tree, two printers. The Rust one draws among the many
// ways in which a program may write the same type. A mutation changes the tree of the Rust side in one place and
// knows under which path the difference must be found.
import fc from 'fast-check';
import { buildModel } from '../../src/model/build-model.js';
import type { IrRow, IrType, IrTypeDef } from '../../src/model/ir.js';
import type { Model } from '../../src/model/model.js';
import { must } from '../../src/util/assert.js';
import type { Random } from '../../src/util/random.js';

export type Tree =
  | { readonly kind: 'int' | 'bool' | 'str' | 'float' }
  | { readonly kind: 'ref'; readonly name: string }
  | { readonly kind: 'set' | 'list' | 'option'; readonly parts: readonly Part[] }
  | { readonly kind: 'map' | 'tuple' | 'record' | 'sum'; readonly parts: readonly Part[] };

/** `name` is that of a field or a variant; a variant without a payload has no type. */
export interface Part {
  readonly name: string;
  readonly type?: Tree;
}

export interface Definition {
  readonly name: string;
  readonly type: Tree;
}

const FIELDS = ['ballot', 'last_value', 'who', 'x', 'is_ready', 'type', 'round_trip_ms'];
const VARIANTS = ['Idle', 'Prepare', 'AcceptAll', 'Nack', 'Done'];

const named = (names: readonly string[], type: fc.Arbitrary<Tree | undefined>, least = 1) =>
  fc
    .uniqueArray(fc.constantFrom(...names), { minLength: least, maxLength: 4 })
    .chain(chosen =>
      fc
        .tuple(...chosen.map(() => type))
        .map(types => chosen.map((name, i): Part => ({ name, ...(types[i] && { type: types[i] }) }))),
    );

function treeArbitrary(refs: readonly string[], depth: number): fc.Arbitrary<Tree> {
  const leaves: fc.Arbitrary<Tree>[] = [
    fc.constantFrom<Tree>({ kind: 'int' }, { kind: 'bool' }, { kind: 'str' }),
    ...(refs.length === 0 ? [] : [fc.constantFrom(...refs).map((name): Tree => ({ kind: 'ref', name }))]),
  ];
  if (depth === 0) return fc.oneof(...leaves);
  const inner = treeArbitrary(refs, depth - 1);
  const one = fc.constantFrom('set' as const, 'list' as const, 'option' as const);
  return fc.oneof(
    ...leaves,
    fc.tuple(one, inner).map(([wanted, type]): Tree => {
      // An option of an option is one option in JSON and in no one's program.
      const kind = wanted === 'option' && type.kind === 'option' ? 'list' : wanted;
      return { kind, parts: [{ name: kind === 'option' ? '.Some' : '[element]', type }] };
    }),
    fc.tuple(inner, inner).map(([key, value]): Tree => {
      const parts = [
        { name: '[key]', type: key },
        { name: '[value]', type: value },
      ];
      return { kind: 'map', parts };
    }),
    fc.array(inner, { minLength: 2, maxLength: 3 }).map((types): Tree => {
      return { kind: 'tuple', parts: types.map((type, i) => ({ name: `._${i + 1}`, type })) };
    }),
    named(FIELDS, inner).map((parts): Tree => ({ kind: 'record', parts })),
  );
}

function definitionArbitrary(name: string, refs: readonly string[]): fc.Arbitrary<Definition> {
  const tree = treeArbitrary(refs, 2);
  const sum = named(VARIANTS, fc.option(tree, { nil: undefined })).map(
    (parts): Tree => ({ kind: 'sum', parts }),
  );
  return fc.oneof(tree, sum).map(type => ({ name, type }));
}

const NAMES = ['Ballot', 'Vote', 'Message', 'Quorum'];

/** A few definitions; each may refer to those before it. */
export const definitionsArbitrary: fc.Arbitrary<readonly Definition[]> = fc.tuple(
  ...NAMES.map((name, i) => definitionArbitrary(name, NAMES.slice(0, i))),
);

// ---- as a spec ----

const MODULE = 'random';

/** A model of a module that defines the types and nothing else. */
export function modelOf(definitions: readonly Definition[]): Model {
  let id = 0;
  const fresh = () => ++id;
  const declarations = definitions.map(
    ({ name, type }): IrTypeDef => ({ kind: 'typedef', id: fresh(), name, type: irType(type, fresh) }),
  );
  const spans = new Map(
    Array.from({ length: id }, (_, i) => {
      const span = { file: 'random.qnt', line: i + 1, column: 1, endLine: i + 1, endColumn: 2 };
      return [i + 1, span] as const;
    }),
  );
  const modules = [{ id: 0, name: MODULE, declarations }];
  const ir = { modules, table: new Map(), types: new Map(), effects: new Map(), spans };
  const spec = { file: 'random.qnt', main: MODULE, sources: [], quintVersion: '0', hash: '', ir };
  return buildModel(spec);
}

function irType(tree: Tree, fresh: () => number): IrType {
  return { ...irNode(tree, fresh), id: fresh() };
}

const UNIT: IrType = { kind: 'tup', fields: { kind: 'row', fields: [], other: { kind: 'empty' } } };

function irNode(tree: Tree, fresh: () => number): IrType {
  const row = (parts: readonly Part[], nameOf: (name: string) => string): IrRow => ({
    kind: 'row',
    fields: parts.map(({ name, type }) => ({
      fieldName: nameOf(name),
      fieldType: type ? irType(type, fresh) : UNIT,
    })),
    other: { kind: 'empty' },
  });
  switch (tree.kind) {
    case 'int':
    case 'bool':
    case 'str':
      return { kind: tree.kind };
    case 'ref':
      return { kind: 'const', name: tree.name };
    case 'set':
    case 'list':
      return { kind: tree.kind, elem: irType(partOf(tree, 0), fresh) };
    case 'option':
      return { kind: 'sum', fields: row([{ name: 'Some', type: partOf(tree, 0) }, { name: 'None' }], same) };
    case 'map':
      return { kind: 'fun', arg: irType(partOf(tree, 0), fresh), res: irType(partOf(tree, 1), fresh) };
    case 'tuple':
      return { kind: 'tup', fields: row(tree.parts, name => String(Number(name.slice(2)) - 1)) };
    case 'record':
      return { kind: 'rec', fields: row(tree.parts, same) };
    case 'sum':
      return { kind: 'sum', fields: row(tree.parts, same) };
    case 'float':
      throw new Error('a spec has no floats');
  }
}

function same(name: string): string {
  return name;
}

function partOf(tree: Extract<Tree, { parts: readonly Part[] }>, i: number): Tree {
  return must(tree.parts[i]?.type, 'a part');
}

// ---- as Rust ----

/** The definitions as a Rust file, in one of many ways. */
export function rustText(definitions: readonly Definition[], random: Random): string {
  const items: string[] = [];
  let anonymous = 0;
  const pick = <T>(...choices: readonly T[]): T => must(choices[random.below(choices.length)], 'a choice');
  const wrapped = (text: string) => pick(text, text, text, `Box<${text}>`, `std::sync::Arc<${text}>`);
  const field = ({ name, type }: Part, prefix: string) => {
    const bare = name === 'type' ? 'r#type' : name;
    const written = pick(bare, bare, `#[serde(rename = "${name}")] renamed_${name}`);
    return `${written.replace(/(?=(r#)?\w+$)/, prefix)}: ${use(must(type, 'a field'))},`;
  };
  const named = (parts: readonly Part[], prefix: string) =>
    `{ ${parts.map(part => field(part, prefix)).join(' ')} }`;
  const use = (tree: Tree): string => wrapped(inline(tree));
  const inline = (tree: Tree): string => {
    switch (tree.kind) {
      case 'int':
        return pick('i8', 'u16', 'i32', 'u64', 'i128', 'usize', 'num_bigint::BigInt', 'std::num::NonZeroU32');
      case 'bool':
        return 'bool';
      case 'str':
        return pick('String', "&'static str", "std::borrow::Cow<'static, str>", 'Box<str>');
      case 'float':
        return 'f64';
      case 'ref':
        return tree.name;
      case 'set':
        return `${pick('HashSet', 'std::collections::BTreeSet', 'indexmap::IndexSet')}<${use(partOf(tree, 0))}>`;
      case 'list': {
        const element = use(partOf(tree, 0));
        return pick(`Vec<${element}>`, `VecDeque<${element}>`, `[${element}; 4]`, `&'static [${element}]`);
      }
      case 'option':
        return `Option<${use(partOf(tree, 0))}>`;
      case 'map':
        return `${pick('HashMap', 'BTreeMap', 'IndexMap')}<${use(partOf(tree, 0))}, ${use(partOf(tree, 1))}>`;
      case 'tuple':
        return `(${tree.parts.map(({ type }) => use(must(type, 'a part'))).join(', ')})`;
      case 'record': {
        anonymous++;
        const name = `Anonymous${anonymous}Record`;
        items.push(`struct ${name} ${named(tree.parts, 'pub ')}`);
        return name;
      }
      case 'sum':
        throw new Error('a sum has a name');
    }
  };
  const variant = ({ name, type }: Part): string => {
    if (type?.kind === 'tuple' && pick(true, false))
      return `${name}(${type.parts.map(part => use(must(part.type, 'a part'))).join(', ')})`;
    if (type?.kind === 'record' && pick(true, false)) return `${name} ${named(type.parts, '')}`;
    return type === undefined ? name : `${name}(${use(type)})`;
  };
  const define = ({ name, type }: Definition): string => {
    if (type.kind === 'sum') return `pub enum ${name} { ${type.parts.map(variant).join(', ')} }`;
    if (type.kind === 'record') return `pub struct ${name} ${named(type.parts, 'pub ')}`;
    if (type.kind === 'tuple' && pick(true, false))
      return `struct ${name}(${type.parts.map(part => use(must(part.type, 'a part'))).join(', ')});`;
    return pick(
      `type ${name} = ${use(type)};`,
      `struct ${name}(pub ${use(type)});`,
      `struct ${name}(${use(type)}, #[serde(skip)] u8);`,
      `#[serde(transparent)] struct ${name} { inner: ${use(type)} }`,
    );
  };
  for (const definition of definitions) items.push(define(definition));
  return `use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};\nuse indexmap::IndexMap;\n${items.join('\n')}\n`;
}

// ---- mutated ----

export interface Mutant {
  readonly definitions: readonly Definition[];
  /** Where the two sides differ now. */
  readonly path: string;
  readonly kind: string;
}

/** Every way in which one place of the definitions can be changed so that a difference must be seen. */
export function mutantsOf(definitions: readonly Definition[]): Mutant[] {
  return definitions.flatMap((definition, i) =>
    mutationsOf(definition.type, definition.name).map(({ tree, path, kind }) => ({
      definitions: definitions.with(i, { name: definition.name, type: tree }),
      path,
      kind,
    })),
  );
}

interface Mutation {
  readonly tree: Tree;
  readonly path: string;
  readonly kind: string;
}

function mutationsOf(tree: Tree, path: string): Mutation[] {
  // A sum is an enum with a name: it stays one.
  const here: Mutation[] = tree.kind === 'sum' ? [] : [{ tree: { kind: 'float' }, path, kind: 'type' }];
  if (tree.kind === 'int') here.push({ tree: { kind: 'bool' }, path, kind: 'type' });
  if (tree.kind === 'bool') here.push({ tree: { kind: 'str' }, path, kind: 'type' });
  if (tree.kind === 'str') here.push({ tree: { kind: 'int' }, path, kind: 'type' });
  if (!('parts' in tree)) return here;
  if (tree.kind === 'set') here.push({ tree: { ...tree, kind: 'list' }, path, kind: 'type' });
  if (tree.kind === 'list') here.push({ tree: { ...tree, kind: 'set' }, path, kind: 'type' });
  if (tree.kind === 'tuple') {
    const parts = [...tree.parts, { name: '', type: { kind: 'int' } as const }];
    here.push({ tree: { kind: 'tuple', parts }, path, kind: 'length' });
  }
  if (tree.kind === 'record' || tree.kind === 'sum') here.push(...membersChanged(tree, path));
  return [...here, ...partsChanged(tree, path)];
}

function partsChanged(tree: Extract<Tree, { parts: readonly Part[] }>, path: string): Mutation[] {
  return tree.parts.flatMap(({ name, type }, i) => {
    if (type === undefined) return [];
    const below = /^[.[]/.test(name) ? `${path}${name}` : `${path}.${name}`;
    return mutationsOf(type, below).map(({ tree: changed, ...rest }) => ({
      ...rest,
      tree: { ...tree, parts: tree.parts.with(i, { name, type: changed }) },
    }));
  });
}

function membersChanged(tree: Extract<Tree, { parts: readonly Part[] }>, path: string): Mutation[] {
  const what = tree.kind === 'sum' ? 'variant' : 'field';
  const added: Part = tree.kind === 'sum' ? { name: 'Unheard' } : { name: 'unheard', type: { kind: 'int' } };
  const recased = (name: string) => (what === 'variant' ? name.toUpperCase() : `${name}_`);
  return [
    {
      tree: { ...tree, parts: [...tree.parts, added] },
      path: `${path}.${added.name}`,
      kind: `extra ${what}`,
    },
    ...tree.parts.flatMap((part, i): Mutation[] => [
      {
        tree: { ...tree, parts: tree.parts.toSpliced(i, 1) },
        path: `${path}.${part.name}`,
        kind: `missing ${what}`,
      },
      {
        tree: { ...tree, parts: tree.parts.with(i, { ...part, name: recased(part.name) }) },
        path: `${path}.${part.name}`,
        kind: 'name',
      },
      ...(what === 'variant' && part.type === undefined
        ? [
            {
              tree: { ...tree, parts: tree.parts.with(i, { ...part, type: { kind: 'int' } as const }) },
              path: `${path}.${part.name}`,
              kind: 'type',
            },
          ]
        : []),
    ]),
  ];
}
