// Text of a spec or a trace made fit to be shown: nothing in it may steer a terminal, end a line, turn the direction
// of writing or be forbidden in XML, and nothing may flood the page. Every reporter passes foreign text through here
// before it adds the escapes of its own format.

const HIDDEN =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]/gu;

const SHORT = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * `text` on one line, with control characters, lone surrogates, marks of direction and what XML 1.0 forbids written
 * as `\n`, `\x1b` or `\u202e`.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, char => {
    const code = char.charCodeAt(0);
    const hex = code.toString(16);
    return SHORT.get(char) ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`);
  });
}

/** At most `max` UTF-16 units: of a longer text the beginning and the end. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = Math.max(2, max - 1);
  const head = Math.ceil(kept * 0.6);
  return `${text.slice(0, between(text, head))}…${text.slice(between(text, text.length - kept + head, 1))}`;
}

/** {@link visible} and {@link shorten} in one: how a name or a value is shown. */
export function shown(text: string, max: number): string {
  return shorten(visible(text), max);
}

/**
 * Two values to be compared, each at most `max` units: where they are longer, what both begin and end with goes
 * first, so that the part that differs stays.
 */
export function shortenPair(a: string, b: string, max: number): readonly [a: string, b: string] {
  if (a.length <= max && b.length <= max) return [a, b];
  // Little enough for the first character that differs to stand before the middle, where `shorten` may cut.
  const context = Math.max(0, Math.floor(max / 4) - 1);
  const least = Math.min(a.length, b.length);
  let prefix = 0;
  while (prefix < least && a[prefix] === b[prefix]) prefix++;
  let suffix = 0;
  while (suffix < least - prefix && a.at(-1 - suffix) === b.at(-1 - suffix)) suffix++;
  const from = Math.max(0, between(a, prefix) - context);
  const cut = Math.max(0, suffix - context);
  const part = (text: string) => {
    const start = between(text, from);
    const middle = text.slice(start, between(text, text.length - cut, 1));
    return shorten(`${start > 0 ? '…' : ''}${middle}${cut > 0 ? '…' : ''}`, max);
  };
  return [part(a), part(b)];
}

/** A place to cut at or beside `at` that does not part a surrogate pair. */
function between(text: string, at: number, onward: 1 | -1 = -1): number {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff ? at + onward : at;
}

/** `1 trace`, `2 traces`, `0 properties`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** The first of `items`, and how many more there are as an item of its own. */
export function atMost(items: readonly string[], max: number): string[] {
  return items.length <= max ? [...items] : [...items.slice(0, max), `and ${items.length - max} more`];
}

/** `words` in lines of at most `width`, unless a word alone is longer. */
export function wrap(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export function indent(lines: readonly string[], by: number): string[] {
  return lines.map(line => ' '.repeat(by) + line);
}
