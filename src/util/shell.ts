// Words of a command line that can be pasted into a shell.

/** The word as it is where that is safe, in single quotes otherwise. */
export function quoted(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
