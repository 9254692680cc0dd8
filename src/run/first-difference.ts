// Where two runs that should be one went apart: the first event that differs, found by reading their traces side by side.
import { createReadStream } from 'node:fs';
import readline from 'node:readline';
import type { RunDifference } from '../../generated/run-result.js';
import type { Story } from './story.js';

/** The first event that differs; null where all traces are the same. */
export async function firstDifference(first: Story, second: Story): Promise<RunDifference | null> {
  const most = Math.max(first.watches.length, second.watches.length);
  for (let i = 0; i < most; i++) {
    const [one, other] = [first.watches[i]?.watching, second.watches[i]?.watching];
    const found = await compare(linesOf(one?.file), linesOf(other?.file));
    if (found !== undefined) return { trace: one?.name ?? other?.name ?? '', ...found };
  }
  return null;
}

/** Lines of a trace without its header. */
async function* linesOf(file: string | undefined): AsyncGenerator<string> {
  if (file === undefined) return;
  let isHeader = true;
  for await (const line of readline.createInterface({ input: createReadStream(file) })) {
    if (!isHeader) yield line;
    isHeader = false;
  }
}

async function compare(
  one: AsyncGenerator<string>,
  other: AsyncGenerator<string>,
): Promise<Omit<RunDifference, 'trace'> | undefined> {
  for (let event = 0; ; event++) {
    const [a, b] = [await one.next(), await other.next()];
    if (a.done && b.done) return undefined;
    const [first, second] = [a.done ? null : a.value, b.done ? null : b.value];
    if (first === second) continue;
    await one.return(undefined);
    await other.return(undefined);
    return { event, first, second };
  }
}
