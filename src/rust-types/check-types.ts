// The types of a spec against those of a Rust program: each type of the spec with the Rust type that stands for it,
// each variable and constant with the field or the constant that holds it. A pure function of what was read; what
// cannot be compared is named, never passed over.
import type { CheckTypesResult, MatchedType, SkippedType } from '../../generated/check-types-result.js';
import type { IrType } from '../model/ir.js';
import type { Model } from '../model/model.js';
import { auraError, type Location } from '../util/errors.js';
import { LIMITS } from '../util/limits.js';
import { nearest } from '../util/nearest.js';
import { fail, ok, type Result } from '../util/result.js';
import { Comparison } from './comparison.js';
import { Counterparts, type Found, type TypeMapping } from './counterparts.js';
import { RustProgram } from './rust-program.js';
import type { RustDef, RustItems } from './rust-syntax.js';
import { isExternal, viewOf } from './rust-view.js';
import { AGREES, type Finding, type Findings, type Site } from './site.js';
import {
  optionPayload,
  placeIn,
  type SpecPlace,
  type SpecTypeDef,
  SpecTypes,
  type SpecValue,
} from './spec-types.js';
import { StateHolders } from './state-holders.js';

type TypesChecked = Pick<CheckTypesResult, 'matched' | 'mismatches' | 'notes' | 'skipped' | 'only_in_rust'>;

/**
 * Compares all types of the spec.
 *
 * Errors: AUR721 for Rust aliases that are defined by themselves, AUR723 when the comparison is too long.
 */
export function checkTypes(
  model: Model,
  items: RustItems,
  mappings: readonly TypeMapping[],
): Result<TypesChecked> {
  const rust = new RustProgram(items);
  const cycles = rust.aliasCycles();
  if (cycles.length > 0) return fail(...cycles);
  const check = new Check(new SpecTypes(model), rust, new Counterparts(rust, mappings));
  for (const def of check.spec.definitions) check.type(def);
  for (const value of check.spec.values) check.value(value);
  if (check.comparison.exhausted)
    return fail(
      auraError('AUR723', `comparing the types takes more than ${LIMITS.typeComparisons} steps`, {
        hint: 'map the types that nest most: what is mapped is compared once',
      }),
    );
  const { matched, skipped, used, findings } = check;
  const skippedRust = items.skipped.map(each => ({ side: 'rust' as const, hint: null, ...each }));
  return ok({
    matched,
    mismatches: findings.flatMap(({ kind, entry }) => (kind === 'mismatch' ? [entry] : [])),
    notes: findings.flatMap(({ kind, entry }) => (kind === 'note' ? [entry] : [])),
    skipped: [
      ...skipped,
      ...findings.flatMap(({ kind, entry }) => (kind === 'skipped' ? [entry] : [])),
      ...check.strayMappings(mappings),
      ...skippedRust,
    ],
    only_in_rust: rust.definitions
      .filter(def => !used.has(def))
      .map(def => ({ name: def.name, kind: def.kind, location: { ...def.location } })),
  });
}

class Check {
  readonly comparison: Comparison;
  readonly matched: MatchedType[] = [];
  readonly skipped: SkippedType[] = [];
  readonly findings: Finding[] = [];
  /** Rust definitions that stand for something of the spec. */
  readonly used = new Set<RustDef>();
  private readonly holders: StateHolders;

  constructor(
    readonly spec: SpecTypes,
    private readonly rust: RustProgram,
    private readonly counterparts: Counterparts,
  ) {
    this.comparison = new Comparison(spec, rust, counterparts);
    this.holders = new StateHolders(spec.main, rust, counterparts, this.used);
  }

  type(def: SpecTypeDef): void {
    const { name, type, location } = def;
    const found = this.counterparts.ofType(def);
    if (found.counterparts.length > 0)
      this.match({ name, kind: 'type', location }, found, type, placeIn(def));
    else if (type && optionPayload(type)?.kind === 'var')
      this.matched.push({ ...STANDARD, spec: name, spec_location: { ...location } });
    else this.skip(name, found, location);
  }

  value({ name, kind, module, location, type }: SpecValue): void {
    const found = this.counterparts.mapped(name, module) ?? this.holders.find(name, kind, module);
    if (found.counterparts.length > 0)
      this.match({ name, kind, location }, found, type, { module, definition: location, params: [] });
    else this.skip(name, found, location);
  }

  /** Mappings of names that the spec does not have. */
  strayMappings(mappings: readonly TypeMapping[]): SkippedType[] {
    const { definitions, values, modules } = this.spec;
    const names = [...definitions, ...values].flatMap(({ name, module }) => [name, `${module}::${name}`]);
    const known = new Set([...names, ...modules]);
    return mappings
      .filter(({ quint }) => !known.has(quint))
      .map(({ quint, rust }) => {
        const near = nearest(quint, known);
        const hint = near === undefined ? null : `did you mean \`${near}\`?`;
        const location = { ...rust.location };
        return { side: 'mapping', name: quint, reason: 'the spec has nothing of this name', hint, location };
      });
  }

  private match(
    { name, kind, location }: Pick<SpecValue, 'name' | 'location'> & { kind: MatchedType['kind'] },
    { counterparts }: Found,
    type: IrType | undefined,
    place: SpecPlace,
  ): void {
    for (const { bound, def, rule, label } of counterparts) {
      if (def) this.used.add(def);
      const external = isExternal(this.rust, bound);
      const at = (type && this.spec.locate(type, location)) ?? location;
      const found =
        type === undefined || external
          ? AGREES
          : this.compare(kind, { path: name, type, place, location: at, rust: bound });
      for (const each of found) this.findings.push(each);
      // The findings say why there was nothing to compare.
      if (found.length > 0 && viewOf(this.rust, bound).shape.kind === 'opaque') continue;
      const differs = found.some(each => each.kind === 'mismatch');
      this.matched.push({
        spec: name,
        kind,
        rust: label,
        rule,
        outcome: differs ? 'differs' : type === undefined || external ? 'trusted' : 'agrees',
        spec_location: { ...location },
        rust_location: external ? null : { ...bound.type.location },
      });
    }
  }

  // The body of a definition must not be taken for the name of that definition.
  private compare(kind: MatchedType['kind'], site: Site): Findings {
    const isBody = kind === 'type' && site.type.kind !== 'const' && site.type.kind !== 'app';
    return isBody ? this.comparison.body({ ...site, typeName: site.path }) : this.comparison.use(site);
  }

  private skip(name: string, { reason = '', hint }: Found, location: Location): void {
    this.skipped.push({ side: 'spec', name, reason, hint: hint ?? null, location: { ...location } });
  }
}

/** The entry of a type `Some(a) | None` without a counterpart of its own. */
const STANDARD = {
  kind: 'type',
  rust: 'Option',
  rule: 'built in',
  outcome: 'agrees',
  rust_location: null,
} as const;
