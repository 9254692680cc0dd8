// What is written into which import so that every constant has a value: what the user gives, and for the rest small values
// of given sizes. Whether these values are any good is for the assumptions of the spec to say.
import path from 'node:path';
import { type Bridge, checkSources } from '../bridge/load-spec.js';
import { writeTree } from '../bridge/with-expressions.js';
import { compileExpr, compileSpec } from '../engine/index.js';
import type { IrConst, IrDeclaration } from '../model/ir.js';
import { parseQuintLiteral } from '../model/literal.js';
import { resolveScope } from '../model/scope.js';
import type { Spec } from '../model/spec.js';
import { showValue, type Value } from '../model/value.js';
import { type AuraError, auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import { type ConstantSite, instantiate, type Written } from './constant-sites.js';
import {
  type ChosenConstant,
  chooseValues,
  type KnownSet,
  type Sizes,
  usualSizes,
} from './constant-values.js';
import { itemsOf } from './known-sets.js';
import { withScratch } from './scratch.js';
import { applyEdits, type Edit, type Named, placeText } from './text-edits.js';
import { fitsType, TypeBook } from './type-book.js';

/** A constant that was given a value. */
export interface DerivedConstant {
  readonly name: string;
  /** In Quint. */
  readonly value: string;
  readonly why: string;
}

/** What a plan comes to. */
export interface Planned {
  readonly constants: readonly DerivedConstant[];
  /** The main module of the texts once they are edited. */
  readonly driven: string;
  /** What gives the constants their values in the texts. */
  readonly edits: readonly Edit[];
}

/** What is written into which import, for given sizes. */
export class Plan {
  private readonly book: TypeBook;
  private readonly known: readonly KnownSet[];
  readonly usual: Sizes;

  constructor(
    private readonly spec: Spec,
    private readonly texts: ReadonlyMap<string, string>,
    readonly sites: readonly ConstantSite[],
    private readonly given: readonly Named[],
  ) {
    this.book = new TypeBook(spec.ir);
    this.known = [...knownSets(spec, this.book), ...givenSets(sites, given, this.book)];
    this.usual = usualSizes(sites.flatMap(({ constants }) => constants));
  }

  /** The values that the user gives to these constants, as they are written. */
  givenTo(ids: ReadonlySet<number>): string[] {
    return this.sites.flatMap(site =>
      site.constants.flatMap(constant => {
        const own = ids.has(constant.id) ? givenFor(site, constant, this.given) : undefined;
        return own === undefined ? [] : [`${own.name} = ${own.text.trim()}`];
      }),
    );
  }

  chosen(site: ConstantSite, sizes: Sizes): ReturnType<typeof chooseValues> {
    const open = site.constants.filter(
      constant => isOpen(site, constant, this.given) && givenFor(site, constant, this.given) === undefined,
    );
    return chooseValues(open, this.known, this.book, sizes);
  }

  /** The edits for these sizes, or an error where a constant can have no value. */
  edits(sizes: Sizes): Result<Planned> {
    const { spec, texts } = this;
    const taken = new Set(spec.ir.modules.map(({ name }) => name));
    const reserve = (wanted: string): string => {
      let name = wanted;
      for (let i = 1; taken.has(name); i++) name = `${wanted}_${i}`;
      taken.add(name);
      return name;
    };
    const ownConstants = this.sites.some(({ through }) => through === undefined);
    const driven = ownConstants ? reserve(`${spec.main}_driven`) : spec.main;
    const constants: DerivedConstant[] = [];
    const edits: Edit[] = [];
    for (const site of this.sites) {
      const { chosen, without } = this.chosen(site, sizes);
      const [lacking] = without;
      if (lacking !== undefined) return fail(noValue(spec, lacking, this.book));
      const written = site.constants.flatMap(constant => this.written(site, constant, chosen, constants));
      edits.push(...instantiate(spec, texts, site, written, { driven, reserve }));
    }
    return ok({ driven, constants, edits });
  }

  /** The instantiated spec as Quint sees it. */
  async check(bridge: Bridge, { driven, edits }: Planned): Promise<Result<Spec>> {
    const { spec, texts } = this;
    const edited = applyEdits(texts, edits, path.dirname(spec.file));
    const checked = await withScratch(async scratch => {
      const run = await writeTree(scratch, spec.file, edited.texts);
      return checkSources(bridge, spec.file, edited.texts, driven, run);
    });
    return checked.ok ? checked : fail(...edited.inside(checked.errors));
  }

  /** The values for a site by name; undefined where one that was given has to be left to Quint. */
  values(site: ConstantSite, sizes: Sizes): ReadonlyMap<string, Value> | undefined {
    const values = new Map(
      this.chosen(site, sizes).chosen.map(({ constant, value }) => [constant.name, value]),
    );
    for (const constant of site.constants) {
      const own = givenFor(site, constant, this.given);
      if (own === undefined) continue;
      const value = parseQuintLiteral(own.text);
      if (!value.ok || !fitsType(value.value, constant.typeAnnotation, this.book)) return undefined;
      values.set(constant.name, value.value);
    }
    return values;
  }

  private written(
    site: ConstantSite,
    constant: IrConst,
    chosen: readonly ChosenConstant[],
    told: DerivedConstant[],
  ): Written[] {
    const instance = site.through?.declaration.qualifiedName;
    const name = instance === undefined ? constant.name : `${instance}::${constant.name}`;
    const own = givenFor(site, constant, this.given);
    if (own !== undefined) {
      told.push({ name, value: own.text.trim(), why: `given at ${placeText(own)}` });
      return [{ name: constant.name, text: own, usesNames: usesNames(own.text) }];
    }
    const one = chosen.find(candidate => candidate.constant === constant);
    if (one === undefined) return [];
    const value = showValue(one.value);
    told.push({ name, value, why: one.why });
    return [{ name: constant.name, text: value, usesNames: hasVariant(one.value) }];
  }
}

function givenFor(site: ConstantSite, { name }: IrConst, given: readonly Named[]): Named | undefined {
  const instance = site.through?.declaration.qualifiedName;
  return given.find(one => one.name === `${instance}::${name}`) ?? given.find(one => one.name === name);
}
/** Whether a constant has no value of its own, or another one is given. */
export function isOpen(site: ConstantSite, constant: IrConst, given: readonly Named[]): boolean {
  return !site.valued.has(constant.name) || givenFor(site, constant, given) !== undefined;
}

function noValue(spec: Spec, { name, id, typeAnnotation }: IrConst, book: TypeBook): AuraError {
  const span = spec.ir.spans.get(id);
  return auraError(
    'AUR218',
    `constant ${name} has no value, and aura knows no value of type ${typeName(typeAnnotation)}`,
    {
      ...(span && { location: span }),
      hint: book.names.includes(typeName(typeAnnotation))
        ? `define the type, such as \`type ${typeName(typeAnnotation)} = str\`, or give --const '${name}=...'`
        : `give it one with --const '${name}=...', or in [quint.constants]`,
    },
  );
}

function typeName(type: IrConst['typeAnnotation']): string {
  if (type.kind === 'set') return typeName(type.elem);
  return type.kind === 'const' ? type.name : type.kind;
}

/** Words that every module knows. */
const BUILTIN_WORDS = new Set(['Set', 'Map', 'List', 'Tup', 'Rec', 'true', 'false', 'to']);

function usesNames(text: string): boolean {
  const bare = text.replace(/"[^"]*"/g, '').replace(/\b[A-Za-z_]\w*\s*:(?!:)/g, '');
  return [...bare.matchAll(/\b[A-Za-z_]\w*/g)].some(([word]) => !BUILTIN_WORDS.has(word));
}

function hasVariant(value: Value): boolean {
  if (typeof value !== 'object') return false;
  switch (value.kind) {
    case 'variant':
      return true;
    case 'map':
      return value.entries.some(([key, item]) => hasVariant(key) || hasVariant(item));
    case 'record':
      return value.fields.some(([, item]) => hasVariant(item));
    case 'unserializable':
      return false;
    default:
      return value.items.some(hasVariant);
  }
}

/** Sets that have a value before any constant does. */
function knownSets(spec: Spec, book: TypeBook): KnownSet[] {
  const compiled = compileSpec(spec);
  if (!compiled.ok) return [];
  return resolveScope(spec.ir.modules, spec.main).entries.flatMap(({ name, def, overrides }): KnownSet[] => {
    const expr = def.kind === 'const' ? overrides.get(def.name) : isPure(def) ? def.expr : undefined;
    const annotated = 'typeAnnotation' in def ? def.typeAnnotation : undefined;
    const type = annotated ?? spec.ir.types.get(def.id)?.type;
    const opened = type && book.open(type);
    if (expr === undefined || opened?.kind !== 'set') return [];
    const value = compileExpr(compiled.value, { expr })(new Map());
    const isSet = value.ok && typeof value.value === 'object' && value.value.kind === 'set';
    return isSet ? [{ name, elem: opened.elem, items: itemsOf(value.value) }] : [];
  });
}

/** Sets among the values that are given. */
function givenSets(sites: readonly ConstantSite[], given: readonly Named[], book: TypeBook): KnownSet[] {
  return sites.flatMap(site =>
    site.constants.flatMap((constant): KnownSet[] => {
      const own = givenFor(site, constant, given);
      const type = book.open(constant.typeAnnotation);
      const value = own && parseQuintLiteral(own.text);
      if (!value?.ok || type.kind !== 'set') return [];
      return [{ name: constant.name, elem: type.elem, items: itemsOf(value.value) }];
    }),
  );
}

function isPure(def: IrDeclaration): def is Extract<IrDeclaration, { kind: 'def' }> {
  return def.kind === 'def' && def.qualifier === 'pureval';
}
