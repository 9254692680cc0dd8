// Records against structs, sums against enums, tuples against tuples: members by the names under which serde writes
// them. A name that differs only in case or underscores, or only by a rename, is one mismatch of names, not one
// member missing and another too many.
import { isUnitType, rowFields, typeText } from '../model/type-text.js';
import type { Location } from '../util/errors.js';
import { nearest } from '../util/nearest.js';
import type { Member, Payload, VariantView } from './rust-members.js';
import type { Bound } from './rust-view.js';
import { AGREES, type Comparing, type Findings, inside, mismatch, note, type Site, skip } from './site.js';

/** What has members on the Rust side, for reports. */
export interface Owner {
  readonly name: string;
  readonly location: Location;
}

/** The fields of a record against those of a struct or a variant. */
export function compareFields(
  comparing: Comparing,
  site: Site,
  members: readonly Member[],
  owner: Owner,
): Findings {
  const { fields, open } =
    site.type.kind === 'rec' ? rowFields(site.type.fields) : { fields: [], open: true };
  const written = members.filter(({ role }) => role === 'written');
  const unknown = members.find(({ role }) => role === 'unknown');
  const { missing, extra } = compareNames(
    fields.map(({ fieldName }) => fieldName),
    written,
  );
  const expected = fields.flatMap(({ fieldName, fieldType }) => {
    const member = written.find(({ name }) => name === fieldName);
    const rust = member?.bound ?? unknown?.bound ?? site.rust;
    const below = inside(comparing.spec, site, fieldType, `.${fieldName}`, rust);
    if (member) return compareField(comparing, below, member);
    const near = missing.get(fieldName);
    if (unknown && !near) return skip(below, 'it may be in what is flattened');
    return missingMember(below, 'field', { name: fieldName, near, all: members, extra, owner });
  });
  const others = extra.flatMap(({ name, bound, location }) => {
    const hint = 'add it to the record of the spec, or keep it out of the JSON with #[serde(skip)]';
    const below = { ...site, path: `${site.path}.${name}` };
    const found = `\`${name}: ${bound.type.text}\``;
    return mismatch(below, 'extra field', 'no such field', found, { hint, rustLocation: location });
  });
  return open ? expected : [...expected, ...others];
}

function compareField({ use }: Comparing, site: Site, { foreign, mayBeAbsent }: Member): Findings {
  if (foreign !== undefined) return skip(site, foreign);
  const found = use(site);
  return mayBeAbsent
    ? [...note(site, 'may be absent', 'serde leaves the field out for some values'), ...found]
    : found;
}

/** The variants of a sum against those of an enum. */
export function compareVariants(
  comparing: Comparing,
  site: Site,
  variants: readonly VariantView[],
  owner: Owner,
): Findings {
  const { fields, open } =
    site.type.kind === 'sum' ? rowFields(site.type.fields) : { fields: [], open: true };
  const written = variants.filter(({ hidden }) => !hidden);
  const { missing, extra } = compareNames(
    fields.map(({ fieldName }) => fieldName),
    written,
  );
  const expected = fields.flatMap(({ fieldName, fieldType }) => {
    const variant = written.find(({ name }) => name === fieldName);
    const below = inside(comparing.spec, site, fieldType, `.${fieldName}`, site.rust);
    if (variant) return comparePayload(comparing, below, variant);
    const near = missing.get(fieldName);
    return missingMember(below, 'variant', { name: fieldName, near, all: variants, extra, owner });
  });
  const others = extra.flatMap(({ name, location }) => {
    const details = { hint: 'add it to the sum type of the spec', rustLocation: location };
    const below = { ...site, path: `${site.path}.${name}` };
    return mismatch(below, 'extra variant', 'no such variant', `\`${name}\``, details);
  });
  return open ? expected : [...expected, ...others];
}

function comparePayload(comparing: Comparing, site: Site, variant: VariantView): Findings {
  const { payload, location, foreign, rustName } = variant;
  if (foreign !== undefined) return skip(site, foreign);
  if (payload.kind === 'one') return comparing.use({ ...site, rust: payload.bound });
  const isUnit = isUnitType(site.type);
  const members = payload.kind === 'none' ? [] : payload.members;
  if (isUnit && payload.kind !== 'named' && members.length === 0) return AGREES;
  const body = comparing.spec.withoutName(site);
  const found = payloadText(rustName, payload);
  if (payload.kind === 'named' && body.type.kind === 'rec')
    return compareFields(comparing, body, members, { name: rustName, location });
  if (payload.kind === 'tuple' && body.type.kind === 'tup' && !isUnit)
    return compareItems(comparing, body, writtenItems(members), { name: found, location });
  const expected = isUnit ? 'no payload' : typeText(body.type);
  return mismatch(site, 'type', expected, found, { rustLocation: location });
}

function payloadText(name: string, payload: Payload): string {
  if (payload.kind === 'none') return `\`${name}\` without a payload`;
  if (payload.kind === 'one') return `\`${name}(${payload.bound.type.text})\``;
  const parts = payload.members.map(
    ({ name: field, bound }) => (field ? `${field}: ` : '') + bound.type.text,
  );
  return payload.kind === 'tuple'
    ? `\`${name}(${parts.join(', ')})\``
    : `\`${name} {${parts.length === 0 ? '' : ` ${parts.join(', ')} `}}\``;
}

export function writtenItems(members: readonly Member[]): Bound[] {
  return members.filter(({ role }) => role === 'written').map(({ bound }) => bound);
}

/** The parts of a tuple, in order. */
export function compareItems(
  comparing: Comparing,
  site: Site,
  items: readonly Bound[],
  owner: Owner,
): Findings {
  const parts = site.type.kind === 'tup' ? rowFields(site.type.fields).fields : [];
  if (parts.length !== items.length) {
    const expected = `${typeText(site.type)} with ${partCount(parts)}`;
    const found = `${owner.name} with ${partCount(items)}`;
    return mismatch(site, 'length', expected, found, { rustLocation: owner.location });
  }
  return parts.flatMap(({ fieldType }, i) =>
    comparing.use(inside(comparing.spec, site, fieldType, `._${i + 1}`, items[i] ?? site.rust)),
  );
}

function partCount({ length }: readonly unknown[]): string {
  return length === 1 ? '1 part' : `${length} parts`;
}

interface Written {
  readonly name: string;
  readonly rustName: string;
  readonly location: Location;
}

/** Names of the spec that serde does not write, each with what is probably meant, and members that are left over. */
function compareNames<W extends Written>(
  expected: readonly string[],
  written: readonly W[],
): { missing: ReadonlyMap<string, W | undefined>; extra: W[] } {
  const missing = new Map<string, W | undefined>();
  let extra = written.filter(({ name }) => !expected.includes(name));
  for (const name of expected.filter(each => !written.some(member => member.name === each))) {
    const near = extra.find(member => member.rustName === name || sameLetters(member.name, name));
    missing.set(name, near);
    extra = extra.filter(member => member !== near);
  }
  return { missing, extra };
}

/** Whether two names differ in case, underscores and hyphens only. */
export function sameLetters(a: string, b: string): boolean {
  const letters = (name: string) => name.replace(/[_-]/g, '').toLowerCase();
  return letters(a) === letters(b);
}

function missingMember(
  site: Site,
  what: 'field' | 'variant',
  {
    name,
    near,
    all,
    extra,
    owner,
  }: {
    name: string;
    near: Written | undefined;
    all: readonly Written[];
    extra: readonly Written[];
    owner: Owner;
  },
): Findings {
  const expected = `the ${what} \`${name}\``;
  if (near !== undefined) {
    const hint = `rename one of them, or give the one in Rust #[serde(rename = "${name}")]`;
    const origin = near.rustName === near.name ? '' : `, as serde writes \`${near.rustName}\``;
    return mismatch(site, 'name', expected, `\`${near.name}\`${origin}`, {
      hint,
      rustLocation: near.location,
    });
  }
  const hidden = all.find(member => member.rustName === name || member.name === name);
  if (hidden !== undefined) {
    const found = `\`${hidden.rustName}\`, which serde skips`;
    return mismatch(site, 'not written', expected, found, { rustLocation: hidden.location });
  }
  const similar = nearest(
    name,
    extra.map(member => member.name),
  );
  const hint = similar && `did you mean \`${similar}\`?`;
  const found = `no such ${what} in \`${owner.name}\``;
  return mismatch(site, `missing ${what}`, expected, found, { hint, rustLocation: owner.location });
}
