// Where constants get their values: the imports that instantiate a module, and those that should and do not. A value is
// written into the import itself, so that everything downstream of Quint sees an ordinary instance; a main module that
// declares constants gets a module below it that instantiates it.
import path from 'node:path';
import type { IrConst, IrImport, IrInstance, IrModule, QuintIr } from '../model/ir.js';
import type { Spec } from '../model/spec.js';
import { must } from '../util/assert.js';
import { type Edit, type Given, type Segment, spanText } from './text-edits.js';

/** One import through which constants of a module get values; without `through` the main module itself. */
export interface ConstantSite {
  readonly module: IrModule;
  readonly through: { readonly declaration: IrImport | IrInstance; readonly importer: IrModule } | undefined;
  /** All constants of the module. */
  readonly constants: readonly IrConst[];
  /** Those that have a value already. */
  readonly valued: ReadonlySet<string>;
}

/** Every site that the main module reaches, in the order of the imports. */
export function constantSites({ ir, main }: Spec): ConstantSite[] {
  const byName = new Map(ir.modules.map(module => [module.name, module]));
  const sites: ConstantSite[] = [];
  const visited = new Set<string>();
  const visit = (module: IrModule): void => {
    if (visited.has(module.name)) return;
    visited.add(module.name);
    for (const declaration of module.declarations) {
      if (declaration.kind !== 'import' && declaration.kind !== 'instance') continue;
      const target = byName.get(declaration.protoName);
      if (target === undefined) continue;
      const constants = constantsOf(target, ir);
      if (constants.length > 0 && !(declaration.kind === 'instance' && declaration.identityOverride)) {
        const valued = declaration.kind === 'instance' ? declaration.overrides.map(([{ name }]) => name) : [];
        sites.push({
          module: target,
          through: { declaration, importer: module },
          constants,
          valued: new Set(valued),
        });
      }
      visit(target);
    }
  };
  const root = must(byName.get(main), 'the main module');
  const own = constantsOf(root, ir);
  if (own.length > 0) sites.push({ module: root, through: undefined, constants: own, valued: new Set() });
  visit(root);
  return sites;
}

// Quint orders declarations by what they depend on; people know them by where they stand.
function constantsOf(module: IrModule, { spans }: QuintIr): IrConst[] {
  const found = module.declarations.flatMap(def => (def.kind === 'const' ? [def] : []));
  const at = ({ id }: IrConst) => spans.get(id) ?? { line: 0, column: 0 };
  return found.sort((a, b) => at(a).line - at(b).line || at(a).column - at(b).column);
}

/** What is to be written for a constant. */
export interface Written {
  readonly name: string;
  readonly text: string | Given;
  /** Whether the text uses names of the module that declares the constant. */
  readonly usesNames: boolean;
}

/** Names for modules that are added. */
export interface ModuleNames {
  readonly driven: string;
  reserve(wanted: string): string;
}

/** The edits that give the constants of a site their values. */
export function instantiate(
  spec: Spec,
  texts: ReadonlyMap<string, string>,
  site: ConstantSite,
  written: readonly Written[],
  names: ModuleNames,
): Edit[] {
  const folder = path.dirname(spec.file);
  const fileOf = (id: number) =>
    path.relative(folder, must(spec.ir.spans.get(id), 'the place of a declaration').file);
  const named = written.filter(({ usesNames }) => usesNames);
  const holder = named.length === 0 ? undefined : names.reserve(`${site.module.name}_values`);
  const holderText: Segment[] =
    holder === undefined
      ? []
      : [
          `module ${holder} { import ${site.module.name}.* `,
          ...named.flatMap(({ name, text }): Segment[] => [`pure val ${valueName(name)} = `, text, ' ']),
          '} ',
        ];
  const overrides = written.flatMap(({ name, text, usesNames }, i): Segment[] => [
    `${i === 0 ? '' : ', '}${name} = `,
    usesNames ? `${holder}::${valueName(name)}` : text,
  ]);
  const holderImport = holder === undefined ? '' : `import ${holder} `;
  const { through } = site;
  if (through === undefined) {
    const text: Segment[] = [
      '\n',
      ...holderText,
      `module ${names.driven} { ${holderImport}import ${site.module.name}(`,
      ...overrides,
      ').* }\n',
    ];
    return [{ file: fileOf(site.module.id), segments: text }];
  }
  const { declaration, importer } = through;
  const kept = declaration.kind === 'instance' ? keptOverrides(declaration, written) : [];
  const span = must(spec.ir.spans.get(declaration.id), 'the place of an import');
  const source = declaration.fromSource === undefined ? '' : ` from "${declaration.fromSource}"`;
  const segments: Segment[] = [
    `${holderImport}import ${declaration.protoName}(`,
    ...kept.map(([{ name }, { id }]) => `${name} = ${textAt(spec, texts, id)}, `),
    ...overrides,
    `)${suffix(declaration)}${source}`,
  ];
  const edits: Edit[] = [{ file: fileOf(declaration.id), span, segments }];
  if (holder !== undefined) {
    const at = must(spec.ir.spans.get(importer.id), 'the place of a module');
    const before = { ...at, endLine: at.line, endColumn: at.column };
    edits.push({ file: fileOf(importer.id), span: before, segments: holderText });
  }
  return edits;
}

function valueName(constant: string): string {
  return `value_of_${constant}`;
}

function keptOverrides({ overrides }: IrInstance, written: readonly Written[]): IrInstance['overrides'] {
  const changed = new Set(written.map(({ name }) => name));
  return overrides.filter(([{ name }]) => !changed.has(name));
}

function textAt(spec: Spec, texts: ReadonlyMap<string, string>, id: number): string {
  const span = must(spec.ir.spans.get(id), 'the place of an override');
  return must(spanText(span, spec.file, texts), 'the text of a module');
}

function suffix(declaration: IrImport | IrInstance): string {
  if (declaration.qualifiedName !== undefined) return ` as ${declaration.qualifiedName}`;
  return declaration.kind === 'import' && declaration.defName === undefined
    ? ` as ${declaration.protoName}`
    : '.*';
}
