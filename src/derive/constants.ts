// A spec whose constants all have values: those that the user gives, and small ones for the rest, such that the
// assumptions of the spec hold. Quint checks the instantiated text; which values make the assumptions true is tried on
// the IR, without asking Quint again for each.
import path from 'node:path';
import { type Bridge, checkSources } from '../bridge/load-spec.js';
import { writeTree } from '../bridge/with-expressions.js';
import { type CompiledSpec, compileExpr, compileSpec } from '../engine/index.js';
import type { IrConst, IrDeclaration, IrExpr, IrImport, IrInstance } from '../model/ir.js';
import { parseQuintLiteral } from '../model/literal.js';
import { resolveScope } from '../model/scope.js';
import type { Spec } from '../model/spec.js';
import { showValue, type Value } from '../model/value.js';
import { must } from '../util/assert.js';
import { type AuraError, auraError } from '../util/errors.js';
import { nearest } from '../util/nearest.js';
import { fail, ok, type Result } from '../util/result.js';
import { type ConstantSite, constantSites, instantiate, type Written } from './constant-sites.js';
import {
  type ChosenConstant,
  chooseValues,
  type KnownSet,
  type Sizes,
  usualSizes,
} from './constant-values.js';
import { withScratch } from './scratch.js';
import { applyEdits, type Edit, errorAt, type Given } from './text-edits.js';
import { fitsType, TypeBook } from './type-book.js';
import { valueExpr } from './value-expr.js';

/** A value that a user gives to a constant or a domain. */
export interface Named extends Given {
  readonly name: string;
  /** Whether a name that the spec lacks is an error: a configuration may serve several specs. */
  readonly strict: boolean;
}

/** A constant that was given a value. */
export interface DerivedConstant {
  readonly name: string;
  /** In Quint. */
  readonly value: string;
  readonly why: string;
}

export interface Instantiated {
  /** For evaluation: its IR has the values, its texts have not. */
  readonly spec: Spec;
  readonly constants: readonly DerivedConstant[];
  /** The module of the user's in which definitions are to be added. */
  readonly module: string;
  /** The main module of the texts once they are edited. */
  readonly driven: string;
  /** What gives the constants their values in the texts. */
  readonly edits: readonly Edit[];
}

type Planned = Omit<Instantiated, 'spec' | 'module'>;

/** Values that are tried to make the assumptions hold. */
const COMBINATIONS_MAX = 4_000;
const INTEGERS: readonly bigint[] = [2n, 1n, 3n, 0n, 4n, 5n, 6n, 8n, 10n];

/** Errors: AUR217 to AUR219, and those of Quint about a value that was given. */
export async function instantiateConstants(
  bridge: Bridge,
  spec: Spec,
  texts: ReadonlyMap<string, string>,
  given: readonly Named[],
): Promise<Result<Instantiated>> {
  const sites = constantSites(spec);
  const unknown = unknownNames(spec, sites, given);
  if (unknown.length > 0) return fail(...unknown);
  const wanted = sites.filter(site => site.constants.some(constant => isOpen(site, constant, given)));
  if (wanted.length === 0)
    return ok({ spec, constants: [], module: spec.main, driven: spec.main, edits: [] });
  const plan = new Plan(spec, texts, wanted, given);
  const first = plan.edits(plan.usual);
  if (!first.ok) return first;
  // Where all values are plain, the IR can be had without asking Quint, who checks everything in the end.
  const checked =
    withValues(spec, plan, plan.usual, first.value.driven) ?? (await plan.check(bridge, first.value));
  if (!checked.ok) return checked;
  const sizes = satisfyAssumptions(checked.value, plan, first.value.driven);
  if (!sizes.ok) return sizes;
  const planned = plan.edits(sizes.value);
  if (!planned.ok) return planned;
  const instantiated = withValues(checked.value, plan, sizes.value, planned.value.driven);
  if (instantiated?.ok === false) return instantiated;
  return ok({ ...planned.value, spec: instantiated?.value ?? checked.value, module: spec.main });
}

function givenFor(site: ConstantSite, { name }: IrConst, given: readonly Named[]): Named | undefined {
  const instance = site.through?.declaration.qualifiedName;
  return given.find(one => one.name === `${instance}::${name}`) ?? given.find(one => one.name === name);
}

function isOpen(site: ConstantSite, constant: IrConst, given: readonly Named[]): boolean {
  return !site.valued.has(constant.name) || givenFor(site, constant, given) !== undefined;
}

function unknownNames(spec: Spec, sites: readonly ConstantSite[], given: readonly Named[]): AuraError[] {
  const known = new Set(
    sites.flatMap(site => {
      const names = site.constants.map(({ name }) => name);
      const instance = site.through?.declaration.qualifiedName;
      return instance === undefined ? names : [...names, ...names.map(name => `${instance}::${name}`)];
    }),
  );
  return given.flatMap(one => {
    if (!one.strict || known.has(one.name)) return [];
    const near = nearest(one.name, known);
    const names = [...known].join(', ');
    const hint =
      near !== undefined ? `did you mean ${near}?` : names === '' ? 'it has none' : `it has ${names}`;
    return [errorAt(one, `${spec.main} has no constant ${one.name}`, 'AUR217', undefined, hint)];
  });
}

/** What is written into which import, for given sizes. */
class Plan {
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

export function placeText({ place }: Given): string {
  return place.line === 1 && place.file.startsWith('--') ? 'the command line' : `${place.file}:${place.line}`;
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

function itemsOf(value: Value): readonly Value[] {
  return typeof value === 'object' && value.kind === 'set' ? value.items : [];
}

// ---- assumptions --------------------------------------------------------------

/** Sizes for which every assumption holds, tried in a fixed order. */
function satisfyAssumptions(spec: Spec, plan: Plan, driven: string): Result<Sizes> {
  const broken = brokenAssumptions(spec);
  if (broken.length === 0) return ok(plan.usual);
  const names = integersOf(
    spec,
    plan,
    broken.map(({ expr }) => expr),
  );
  let tried = 0;
  for (const participants of [3, 4, 5, 2, 1])
    for (const byzantine of [1, 0])
      for (const integers of combinations(names)) {
        if (tried++ >= COMBINATIONS_MAX) break;
        const sizes = { participants, byzantine, integers };
        const changed = withValues(spec, plan, sizes, driven);
        if (changed?.ok && brokenAssumptions(changed.value).length === 0) return ok(sizes);
      }
  return fail(
    ...broken.map(({ name, id }) => {
      const location = spec.ir.spans.get(id);
      return auraError('AUR219', `no small values of the constants make the assumption ${name} hold`, {
        ...(location && { location }),
        hint: "give the constants values with --const 'N=...', or in [quint.constants]",
      });
    }),
  );
}

interface Assumption {
  readonly name: string;
  readonly id: number;
  readonly expr: IrExpr;
}

function brokenAssumptions(spec: Spec): Assumption[] {
  const compiled = compileSpec(spec);
  return compiled.ok ? brokenIn(compiled.value) : [];
}

function brokenIn(compiled: CompiledSpec): Assumption[] {
  return compiled.scope.reachableSites().flatMap(site =>
    site.module.declarations.flatMap((def): Assumption[] => {
      if (def.kind !== 'assume') return [];
      const held = compileExpr(compiled, { expr: def.assumption, site })(new Map());
      return held.ok && held.value === true ? [] : [{ name: def.name, id: def.id, expr: def.assumption }];
    }),
  );
}

/** Integer constants without a given value that the assumptions mention, in the order of the spec. */
function integersOf(spec: Spec, plan: Plan, exprs: readonly IrExpr[]): string[] {
  const mentioned = new Set<number>();
  const visit = (expr: IrExpr): void => {
    if (expr.kind === 'name' || expr.kind === 'app') {
      const entry = spec.ir.table.get(expr.id);
      if (entry !== undefined && !mentioned.has(entry.id)) {
        mentioned.add(entry.id);
        if (entry.kind === 'def') visit(entry.expr);
      }
    }
    if (expr.kind === 'app') expr.args.forEach(visit);
    else if (expr.kind === 'lambda') visit(expr.expr);
    else if (expr.kind === 'let') {
      visit(expr.opdef.expr);
      visit(expr.expr);
    }
  };
  exprs.forEach(visit);
  const chosen = plan.sites.flatMap(site => plan.chosen(site, plan.usual).chosen);
  const integers = chosen.filter(
    ({ constant, value }) => typeof value === 'bigint' && mentioned.has(constant.id),
  );
  return [...new Set(integers.map(({ constant }) => constant.name))];
}

/** First the sizes as they are, then values for the constants, small ones first. */
function* combinations(names: readonly string[]): Generator<ReadonlyMap<string, bigint>> {
  yield new Map();
  if (names.length === 0) return;
  const total = INTEGERS.length ** Math.min(names.length, 4);
  for (let number = 0; number < total; number++) {
    let rest = number;
    const values = new Map<string, bigint>();
    for (const name of names.slice(0, 4)) {
      values.set(name, must(INTEGERS[rest % INTEGERS.length], 'a small integer'));
      rest = Math.floor(rest / INTEGERS.length);
    }
    yield values;
  }
}

/**
 * The spec with values in its instances; undefined where a value has to be left to Quint and is not there yet. An import
 * that gave no values becomes an instance, and a main module with constants gets one below it.
 */
function withValues(spec: Spec, plan: Plan, sizes: Sizes, driven: string): Result<Spec> | undefined {
  const sites = new Map<number, ReadonlyMap<string, Value>>();
  for (const site of plan.sites) {
    const own = plan.values(site, sizes);
    if (own === undefined) return undefined;
    sites.set(site.through?.declaration.id ?? -1, own);
  }
  const changed = (declaration: IrDeclaration): IrDeclaration => {
    if (declaration.kind !== 'instance' && declaration.kind !== 'import') return declaration;
    const own = sites.get(declaration.id);
    return own === undefined ? declaration : instanceOf(declaration, own);
  };
  const modules = spec.ir.modules.map(module => ({
    ...module,
    declarations: module.declarations.map(changed),
  }));
  const mine = sites.get(-1);
  if (mine !== undefined && modules.every(({ name }) => name !== driven)) {
    const source: IrImport = { kind: 'import', id: -1, protoName: spec.main, defName: '*' };
    modules.push({ id: -2, name: driven, declarations: [instanceOf(source, mine)] });
  }
  return ok({ ...spec, main: driven, ir: { ...spec.ir, modules } });
}

function instanceOf(declaration: IrImport | IrInstance, values: ReadonlyMap<string, Value>): IrInstance {
  const { kind, id, protoName, qualifiedName, fromSource } = declaration;
  const kept = kind === 'instance' ? declaration.overrides.filter(([{ name }]) => !values.has(name)) : [];
  const added = [...values].map(([name, value], i) => [{ id: -100 - i, name }, valueExpr(value)] as const);
  const isPlain = kind === 'import' && declaration.defName === undefined;
  const name = qualifiedName ?? (isPlain ? protoName : undefined);
  return {
    kind: 'instance',
    id,
    protoName,
    overrides: [...kept, ...added],
    identityOverride: false,
    ...(name !== undefined && { qualifiedName: name }),
    ...(fromSource !== undefined && { fromSource }),
  };
}
