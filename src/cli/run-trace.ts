// The trace of a run as text, for who wants to watch: the specs it was held against, and its events, one a line.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TraceEvent } from '../../generated/execution-trace.js';
import type { RunResult } from '../../generated/run-result.js';

/** Events of one trace that are shown; the file has all. */
const SHOWN_MAX = 2_000;

export function runTraceLines({ phases }: RunResult, folder: string | undefined): string[] {
  return phases.flatMap(phase =>
    phase.protocols.flatMap(({ type, trace, verdict }) => {
      const title = `${phase.name === null ? '' : `${phase.name}: `}${type}, ${verdict}`;
      if (trace === null || folder === undefined) return [title];
      const file = path.join(folder, trace);
      return [`${title}: ${file}`, ...(existsSync(file) ? eventLines(file) : [])];
    }),
  );
}

function eventLines(file: string): string[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(1);
  const shown = lines.slice(0, SHOWN_MAX).map(line => {
    const event: TraceEvent = JSON.parse(line);
    return `  ${eventLine(event)}`;
  });
  return lines.length > SHOWN_MAX ? [...shown, `  and ${lines.length - SHOWN_MAX} more`] : shown;
}

function eventLine({ seq, time, node, action, params, state, message, fault }: TraceEvent): string {
  const place = `${String(seq ?? '').padStart(5)} ${String(time ?? '').padStart(7)} ms ${node ?? ''}`;
  const args = Object.entries(params ?? {}).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const what = action === undefined ? [] : [`${action}(${args.join(', ')})`];
  const sent =
    message === undefined ? [] : [`${message.kind} ${message.id} ${message.from} -> ${message.to}`];
  const injected = fault === undefined ? [] : [`fault ${JSON.stringify(fault)}`];
  const changed = state === undefined ? [] : [`changes ${Object.keys(state).join(', ') || 'nothing'}`];
  return [place, ...what, ...sent, ...injected, ...(action === 'init' ? [] : changed)].join('  ');
}
