// The structural comparison of a type of the spec with a type of Rust. What it asks is whether serde's JSON of every
// Rust value can be read as a value of the spec's type, and whether the names agree on the way. Types that are
// counterparts by name are compared once, on their own, and trusted where they are used.
import type { IrType } from '../model/ir.js';
import { typeText } from '../model/type-text.js';
import { LIMITS } from '../util/limits.js';
import { compareFields, compareItems, compareVariants, writtenItems } from './compare-members.js';
import { type Counterpart, type Counterparts, mappingHint } from './counterparts.js';
import { membersOf, variantsOf } from './rust-members.js';
import { type RustProgram, rustName } from './rust-program.js';
import { type Bound, isExternal, type Shape, type View, viewOf } from './rust-view.js';
import type { EnumSerde } from './serde.js';
import { AGREES, type Comparing, type Findings, inside, mismatch, note, type Site, skip } from './site.js';
import { optionPayload, type SpecTypeDef, type SpecTypes } from './spec-types.js';

export class Comparison implements Comparing {
  private steps = 0;
  private readonly seen = new Set<string>();

  constructor(
    readonly spec: SpecTypes,
    readonly rust: RustProgram,
    private readonly counterparts: Counterparts,
  ) {}

  /** Whether it stopped before its end. */
  get exhausted(): boolean {
    return this.steps > LIMITS.typeComparisons;
  }

  readonly use = (site: Site): Findings => {
    this.steps++;
    if (this.exhausted) return AGREES;
    const view = viewOf(this.rust, site.rust);
    const def = this.spec.definitionOf(site.type, site.place.module);
    const settled = def && this.settledByName(site, def, view);
    if (settled !== undefined) return settled;
    if (def !== undefined && this.wasSeen(def, view)) return AGREES;
    return this.body(this.spec.withoutName(def ? { ...site, typeName: def.name } : site), view);
  };

  /** Compares what a type is, whatever its name. */
  body(site: Site, view: View = viewOf(this.rust, site.rust)): Findings {
    const { type } = site;
    const { shape } = view;
    // What the spec leaves open takes every type: uninterpreted types and names that lead nowhere.
    if (type.kind === 'const' || type.kind === 'app' || type.kind === 'oper') return AGREES;
    if (type.kind === 'var') return this.parameter(site, type.name, shape);
    if (shape.kind === 'opaque') return skip(site, shape.reason, skipHint(site));
    if (shape.kind === 'parameter') return skip(site, 'a type parameter that the spec does not have');
    const below = (part: IrType, step: string, rust: Bound) =>
      this.use(inside(this.spec, site, part, step, rust));
    switch (type.kind) {
      case 'bool':
        return shape.kind === 'bool' ? AGREES : this.wrongType(site, view);
      case 'int':
        return this.int(site, view);
      case 'str':
        return this.str(site, view);
      case 'set':
      case 'list':
        return shape.kind === type.kind
          ? below(type.elem, '[element]', shape.elem)
          : this.wrongType(site, view);
      case 'fun':
        if (shape.kind !== 'map') return this.wrongType(site, view);
        return [
          ...this.mapKey(site, shape.key),
          ...below(type.arg, '[key]', shape.key),
          ...below(type.res, '[value]', shape.value),
        ];
      case 'tup':
        return this.tuple(site, view);
      case 'rec':
        return this.record(site, view);
      case 'sum': {
        const payload = optionPayload(type);
        if (payload !== undefined && shape.kind === 'option')
          return [...this.nested(site, shape.elem), ...below(payload, '.Some', shape.elem)];
        return this.sum(site, view);
      }
    }
  }

  /** What names alone decide; undefined when they decide nothing. */
  private settledByName(site: Site, def: SpecTypeDef, view: View): Findings | undefined {
    if (view.shape.kind === 'parameter') return undefined;
    const { counterparts } = this.counterparts.ofType(def);
    const external = ({ bound }: Counterpart) => isExternal(this.rust, bound);
    for (const counterpart of counterparts) {
      const { def: rustDef, bound } = counterpart;
      if (rustDef !== undefined && view.defs.includes(rustDef))
        return def.params.length === 0 && rustDef.params.length === 0 ? AGREES : undefined;
      const name = bound.type.kind === 'path' ? bound.type.segments.at(-1) : undefined;
      if (name !== undefined && view.names.includes(name) && external(counterpart)) return AGREES;
    }
    // An alias, or a type of the standard library, is no name of its own: its structure decides.
    const demanded = counterparts.filter(
      each => each.rule === 'mapping' && (each.def ? each.def.kind !== 'alias' : external(each)),
    );
    if (demanded.length === 0 || demanded.length < counterparts.length) return undefined;
    const names = demanded.map(({ bound }) => bound.type.text).join(' or ');
    const expected = `${names}, to which \`${def.name}\` is mapped`;
    return mismatch(site, 'mapping', expected, foundText(site, view));
  }

  // Guards against what Rust types can do and types of the spec cannot: to contain themselves.
  private wasSeen(def: SpecTypeDef, { defs }: View): boolean {
    const [first] = defs;
    if (first === undefined || first.params.length > 0 || def.params.length > 0) return false;
    const key = `${def.module}::${def.name} ${first.scope.file} ${rustName(first)}`;
    if (this.seen.has(key)) return true;
    this.seen.add(key);
    return false;
  }

  private parameter(site: Site, name: string, shape: Shape): Findings {
    const index = site.place.params.indexOf(name);
    const differs = shape.kind === 'parameter' && index >= 0 && shape.index !== index;
    return differs ? mismatch(site, 'type', `the type parameter ${name}`, site.rust.type.text) : AGREES;
  }

  private int(site: Site, view: View): Findings {
    const { shape } = view;
    if (shape.kind !== 'int') return this.wrongType(site, view);
    if (shape.bounds === 'none') return AGREES;
    const limit = shape.bounds === 'fixed' ? 'has a fixed width' : 'has no negative numbers';
    return note(site, 'narrower', `${view.inner.text} ${limit}, an int of the spec has no bounds`);
  }

  private str(site: Site, view: View): Findings {
    const { shape } = view;
    if (shape.kind === 'str') return AGREES;
    if (shape.kind === 'char')
      return note(site, 'narrower', 'a char holds one character, a str of the spec any number');
    if (!isNames(shape)) return this.wrongType(site, view);
    return note(site, 'names as text', `serde writes the variants of ${view.inner.text} as text`);
  }

  private mapKey(site: Site, key: Bound): Findings {
    const { shape } = viewOf(this.rust, key);
    if (WRITABLE_KEYS.has(shape.kind) || isNames(shape)) return AGREES;
    return note(site, 'map key', `serde_json writes no map with keys of type ${key.type.text}`);
  }

  private nested(site: Site, elem: Bound): Findings {
    if (viewOf(this.rust, elem).shape.kind !== 'option') return AGREES;
    return note(site, 'narrower', 'serde writes Some(None) and None of nested options alike');
  }

  private tuple(site: Site, view: View): Findings {
    const { shape } = view;
    const location = site.rust.type.location;
    const owner = { name: foundText(site, view), location };
    if (shape.kind === 'tuple') return compareItems(this, site, shape.items, owner);
    if (shape.kind !== 'struct' || shape.def.fields.kind === 'named') return this.wrongType(site, view);
    return compareItems(this, site, writtenItems(this.members(shape)), owner);
  }

  private record(site: Site, view: View): Findings {
    const { shape } = view;
    if (shape.kind !== 'struct' || shape.def.fields.kind === 'tuple') return this.wrongType(site, view);
    const owner = { name: shape.def.name, location: shape.def.location };
    return compareFields(this, site, this.members(shape), owner);
  }

  private sum(site: Site, view: View): Findings {
    const { shape, inner } = view;
    const variants = variantsOf(this.rust, shape, site.rust.type.location);
    if (variants === undefined) return this.wrongType(site, view);
    const location = shape.kind === 'enum' ? shape.def.location : inner.location;
    const tagging = shape.kind === 'enum' ? taggingNote(site, shape.def.serde) : AGREES;
    return [...tagging, ...compareVariants(this, site, variants, { name: inner.text, location })];
  }

  private members({ def, env }: Extract<Shape, { kind: 'struct' }>) {
    return membersOf(this.rust, def.fields, def.scope, env);
  }

  private wrongType(site: Site, view: View): Findings {
    const text = typeText(site.type);
    const expected = shortened(site.typeName === undefined ? text : `${site.typeName} = ${text}`);
    return mismatch(site, 'type', expected, foundText(site, view), { hint: hintFor(site, view.shape) });
  }
}

function taggingNote(site: Site, { tagging }: EnumSerde): Findings {
  if (tagging.kind === 'external') return AGREES;
  if (tagging.kind === 'adjacent' && tagging.tag === 'tag' && tagging.content === 'value') return AGREES;
  const form = tagging.kind === 'untagged' ? 'without tags' : `with the tag in "${tagging.tag}"`;
  const readable = `serde's default or with tag = "tag", content = "value"`;
  return note(site, 'tagging', `serde writes it ${form}; traces are read in ${readable}`);
}

const LONGEST_TEXT = 100;

function shortened(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 3)}...` : text;
}

const WRITABLE_KEYS: ReadonlySet<Shape['kind']> = new Set([
  'int',
  'str',
  'char',
  'bool',
  'opaque',
  'parameter',
]);

/** Whether serde writes every value of an enum as its name. */
function isNames(shape: Shape): boolean {
  return (
    shape.kind === 'enum' &&
    shape.def.serde.tagging.kind === 'external' &&
    shape.def.variants.every(({ fields }) => fields.kind === 'unit')
  );
}

function foundText({ rust }: Site, { inner }: View): string {
  const { text } = rust.type;
  return inner.text === text || inner.kind === 'parameter' ? text : `${text} = ${inner.text}`;
}

function skipHint({ typeName }: Site): string | undefined {
  return typeName && mappingHint(typeName);
}

function hintFor({ type }: Site, shape: Shape): string | undefined {
  if (shape.kind === 'option') return 'a value that may be missing is `Some(a) | None` in the spec';
  if (type.kind === 'set' && shape.kind === 'list') return 'a list has an order and may repeat elements';
  if (type.kind === 'list' && shape.kind === 'set') return 'a set has no order and no repetitions';
  if (shape.kind === 'struct' && shape.def.fields.kind === 'named' && type.kind !== 'rec')
    return 'serde writes a struct with named fields as an object, unless it is #[serde(transparent)]';
  return undefined;
}
