// Writes execution traces: as JSON Lines, one event a line, or where the file's name ends in `.json` as one document
// with one event a line in it. A long trace is never in memory as a whole, and a file is there complete or not at all.
import type { ExecutionTrace } from '../../generated/execution-trace.js';
import { ok, type Result } from '../util/result.js';
import { writeTexts } from './write-texts.js';

/** The header of a trace: all but the events. */
export type ExecutionTraceHeader = Omit<ExecutionTrace, 'events'>;

/**
 * Writes a trace whose events come one by one as compact JSON. What is known only at their end, such as a `loop`, a
 * document has after them; JSON Lines cannot have it. When the events end in a failure, that is the result and no file
 * is written. Error of its own: AUR006.
 */
export function writeExecutionTrace(
  path: string,
  header: ExecutionTraceHeader,
  events: AsyncIterable<Result<string>>,
  atEnd: () => Readonly<Record<string, number>> = () => ({}),
): Promise<Result<void>> {
  return writeTexts(path, isDocument(path) ? documentTexts(header, events, atEnd) : lines(header, events));
}

/** Whether a trace of that name is written as one document. */
export function isDocument(path: string): boolean {
  return path.endsWith('.json');
}

async function* lines(header: object, events: AsyncIterable<Result<string>>): AsyncGenerator<Result<string>> {
  yield ok(`${JSON.stringify(header)}\n`);
  for await (const event of events) {
    yield event.ok ? ok(`${event.value}\n`) : event;
    if (!event.ok) return;
  }
}

async function* documentTexts(
  header: object,
  events: AsyncIterable<Result<string>>,
  atEnd: () => Readonly<Record<string, number>>,
): AsyncGenerator<Result<string>> {
  yield ok(`${JSON.stringify(header).slice(0, -1)},"events":[`);
  let separator = '\n';
  for await (const event of events) {
    yield event.ok ? ok(`${separator}${event.value}`) : event;
    if (!event.ok) return;
    separator = ',\n';
  }
  const members = Object.entries(atEnd()).map(([key, value]) => `,${JSON.stringify(key)}:${value}`);
  yield ok(`\n]${members.join('')}}\n`);
}
