// Specs with parts taken out, as a person might have left them: without `step`, without `init`, without the values of the
// constants. Mechanical: definitions are told by how the project formats its specs, and whatever uses what is gone goes too.

export type Part = 'step' | 'init' | 'constants';

export function strip(text: string, parts: readonly Part[]): string {
  let stripped = text;
  for (const part of parts)
    stripped = part === 'constants' ? withoutValues(stripped) : withoutDefinition(stripped, part);
  return stripped;
}

/** `import m(N = 1).*` as `import m.*`. */
function withoutValues(text: string): string {
  return text.replace(/^( {2}import \w+)\([\s\S]*?^ {2}\)(\.\*)$/gm, '$1$2');
}

const DEFINITION = /^ {2}(?:pure )?(action|run|val|def|temporal|const|var|type|assume|import)\b ?(\w*)/;

function withoutDefinition(text: string, name: string): string {
  const blocks = blocksOf(text);
  const gone = new Set([name]);
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const { name: own, text: block } of blocks)
      if (own !== undefined && [...gone].some(one => uses(block, one))) gone.add(own);
  }
  return blocks
    .filter(({ name: own }) => own === undefined || !gone.has(own))
    .map(({ text: block }) => block)
    .join('\n');
}

function uses(block: string, name: string): boolean {
  const code = block.replace(/\/\/.*$/gm, '').replace(/"[^"]*"/g, '');
  return new RegExp(`(?<![.\\w])${name}\\b(?!\\s*:)`).test(code);
}

interface Block {
  /** Undefined for what is no definition. */
  readonly name: string | undefined;
  readonly text: string;
}

function blocksOf(text: string): Block[] {
  const blocks: { name: string | undefined; lines: string[] }[] = [{ name: undefined, lines: [] }];
  for (const line of text.split('\n')) {
    const found = DEFINITION.exec(line);
    const isBetween = /^( {2}\/\/|\}|module|$)/.test(line);
    if (found) {
      const [, kind, name] = found;
      const canGo = kind === 'action' || kind === 'run' || kind === 'val' || kind === 'temporal';
      const doc = blocks.at(-1)?.lines.every(one => /^ {2}\/\/\//.test(one))
        ? (blocks.pop()?.lines ?? [])
        : [];
      blocks.push({ name: canGo ? name : undefined, lines: doc });
    } else if (/^ {2}\/\/\//.test(line) && blocks.at(-1)?.lines.at(-1)?.startsWith('  ///')) {
      // A comment goes on.
    } else if (isBetween) blocks.push({ name: undefined, lines: [] });
    blocks.at(-1)?.lines.push(line);
  }
  const written = blocks.filter(({ lines }) => lines.length > 0);
  return written.map(({ name, lines }) => ({ name, text: lines.join('\n') }));
}
