// Words of a command line that can be pasted into a shell, and always stand on one line.

/** What would end the line, steer a terminal, or turn the direction of writing. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;

/** The word as it is where that is safe, otherwise in single quotes, or as `$'...'` where it has what cannot be seen. */
export function quoted(text: string): string {
  if (!HIDDEN.test(text)) return singleQuoted(text);
  const escaped = [...text.replace(/[\\']/g, '\\$&')].map(char =>
    HIDDEN.test(char) ? escapedChar(char) : char,
  );
  return `$'${escaped.join('')}'`;
}

/** As {@link quoted}, for what reads quotes as a shell does but knows no `$'...'`. */
export function singleQuoted(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function escapedChar(char: string): string {
  const code = char.charCodeAt(0);
  const hex = code.toString(16);
  if (char === '\n') return '\\n';
  if (char === '\r') return '\\r';
  return code < 0x80 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
