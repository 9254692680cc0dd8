// The command line that verifies one trace again.

import { quoted } from '../util/shell.js';
import { DEFAULT_BUDGET } from '../verify/verify.js';
import type { TraceReading } from './trace-reading.js';

/** What a verdict depends on, as options of `aura quint verify`. */
export interface Verification extends TraceReading {
  spec: string;
  module?: string | undefined;
  const?: readonly string[] | undefined;
  config?: string | undefined;
  invariant?: readonly string[] | undefined;
  temporal?: readonly string[] | undefined;
  conformance?: boolean | undefined;
  init?: string;
  step?: string;
  traceEnd?: 'open' | 'stutter' | undefined;
  budget?: number | undefined;
  propertyChecker?: 'builtin' | 'quint';
  strict?: boolean;
}

/** Options that have their default are left out. */
export function reproducing(trace: string, options: Verification): string {
  const { spec, module, config, init = 'init', step = 'step', budget = DEFAULT_BUDGET } = options;
  const words = ['aura quint verify --spec', quoted(spec), '--trace', quoted(trace)];
  const add = (flag: string, value: string | undefined): void => {
    if (value !== undefined) words.push(flag, quoted(value));
  };
  add('--module', module);
  add('--config', config);
  for (const text of options.const ?? []) add('--const', text);
  for (const text of options.invariant ?? []) add('--invariant', text);
  for (const text of options.temporal ?? []) add('--temporal', text);
  if (options.conformance === false) words.push('--no-conformance');
  add('--init', init === 'init' ? undefined : init);
  add('--step', step === 'step' ? undefined : step);
  add('--trace-end', options.traceEnd === 'stutter' ? 'stutter' : undefined);
  add('--budget', budget === DEFAULT_BUDGET ? undefined : String(budget));
  add('--order', options.order);
  add('--state-mode', options.stateMode);
  if (options.eventsOnly) words.push('--events-only');
  add('--property-checker', options.propertyChecker === 'quint' ? 'quint' : undefined);
  if (options.strict) words.push('--strict');
  return words.join(' ');
}
