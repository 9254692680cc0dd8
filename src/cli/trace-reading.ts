// How a trace is read, as options of the commands that read one; the mapping comes from the configuration.
import { type Command, Option } from 'commander';
import type { TraceOrder } from '../trace/event-order.js';
import type { StateMode } from '../trace/execution-header.js';
import type { OpenTraceOptions } from '../trace/open-trace.js';
import { ok, type Result } from '../util/result.js';
import type { LoadedConfig } from './config.js';
import { traceMappingOf } from './trace-mapping.js';

export interface TraceReading {
  order?: TraceOrder;
  stateMode?: StateMode;
  eventsOnly?: boolean;
}

/** The options of {@link TraceReading}. */
export function withReadingOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--order <how>',
        'order of the events of an execution trace (default: as they tell)',
      ).choices(['causal', 'time', 'seq', 'file']),
    )
    .addOption(
      new Option(
        '--state-mode <how>',
        'what the states of its events hold (default: as the first tells)',
      ).choices(['full', 'delta', 'partial']),
    )
    .option('--events-only', 'ignore the states of its events');
}

/** Errors as of {@link traceMappingOf}. */
export function readingOptions(
  config: LoadedConfig,
  { order, stateMode, eventsOnly }: TraceReading,
): Result<Omit<OpenTraceOptions, 'types'>> {
  const mapping = traceMappingOf(config);
  if (!mapping.ok) return mapping;
  return ok({
    mapping: mapping.value,
    ...(order && { order }),
    ...(stateMode && { stateMode }),
    ...(eventsOnly && { eventsOnly }),
  });
}
