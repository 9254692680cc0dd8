// Annotations in doc comments: lines `/// @key value`.

export type Annotations = ReadonlyMap<string, string>;

/** `@property ThresholdSafety` gives `property -> ThresholdSafety`; a later line of one key wins. */
export function parseAnnotations(doc: string): Annotations {
  const found = new Map<string, string>();
  for (const [, key = '', value = ''] of doc.matchAll(/^\s*@([a-z]+)\b[ \t]*(.*)$/gm))
    found.set(key, value.trim());
  return found;
}

/** The doc comment without its annotation lines, on one line. */
export function proseOf(doc: string): string {
  return doc
    .split('\n')
    .filter(line => !/^\s*@[a-z]+\b/.test(line))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}
