// Which variable or action a name in a trace means. Tools qualify names differently: of a variable of an instance one
// writes `main::inst::x`, another `inst::x` or `x`. So a name matches where one of the two ends in the other, the
// longest match wins, and what fits two names means neither.
import { nearest } from '../util/nearest.js';

export type NameMatch =
  | { readonly kind: 'one'; readonly name: string }
  | { readonly kind: 'several'; readonly names: readonly string[] }
  | { readonly kind: 'none'; readonly near: string | undefined };

export function matchName(name: string, known: Iterable<string>): NameMatch {
  const names = [...known];
  if (names.includes(name)) return { kind: 'one', name };
  const common = (other: string) =>
    other.endsWith(`::${name}`) ? name.length : name.endsWith(`::${other}`) ? other.length : 0;
  const longest = Math.max(0, ...names.map(common));
  const [first, ...others] = names.filter(other => longest > 0 && common(other) === longest);
  if (first !== undefined && others.length === 0) return { kind: 'one', name: first };
  if (first !== undefined) return { kind: 'several', names: [first, ...others] };
  return { kind: 'none', near: nearestName(name, names) };
}

/** The nearest name, or else the nearest last part of one. */
function nearestName(name: string, names: readonly string[]): string | undefined {
  const last = (text: string) => text.slice(text.lastIndexOf(':') + 1);
  const near = nearest(name, names);
  if (near !== undefined) return near;
  const part = nearest(last(name), names.map(last));
  return part === undefined ? undefined : names.find(one => last(one) === part);
}

/** Why a name means nothing, for people: `noun` is what it should be one of. */
export function whyNoMatch(
  name: string,
  match: Exclude<NameMatch, { kind: 'one' }>,
  noun: string,
): { readonly message: string; readonly hint?: string } {
  if (match.kind === 'several')
    return { message: `${name} may be any of ${match.names.join(', ')}`, hint: 'write more of its name' };
  const message = `the spec has no ${noun} ${name}`;
  return match.near === undefined ? { message } : { message, hint: `did you mean ${match.near}?` };
}
