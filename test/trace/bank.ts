// A small spec as readers of traces see it, and what the tests of execution traces share: traces as text, their
// observations, and the errors of bad ones.
import type { IrType } from '../../src/model/ir.js';
import { showValue } from '../../src/model/value.js';
import type { Observation, ObservedFrame } from '../../src/trace/observation.js';
import { type OpenTraceOptions, observeBytes } from '../../src/trace/open-trace.js';
import type { SpecTypes } from '../../src/trace/spec-types.js';
import { NO_MAPPING, type TraceMapping } from '../../src/trace/trace-mapping.js';
import type { AuraError } from '../../src/util/errors.js';
import { ok, type Result } from '../../src/util/result.js';
import { rowOf, UNIT_TYPE } from './random-values.js';
import { inChunks, valueIn } from './support.js';

const INT: IrType = { kind: 'int' };
const STR: IrType = { kind: 'str' };
const OPTION_STR: IrType = {
  kind: 'sum',
  fields: rowOf([
    ['Some', STR],
    ['None', UNIT_TYPE],
  ]),
};

/** Variables `balance: str -> int`, `last: Option[str]` and `main::inst::total: int`; actions `pay`, `rest` and `audit`. */
export const BANK: SpecTypes = {
  vars: new Map<string, IrType>([
    ['balance', { kind: 'fun', arg: STR, res: INT }],
    ['last', OPTION_STR],
    ['main::inst::total', INT],
  ]),
  env: new Map(),
  actions: new Map([
    ['init', new Map()],
    [
      'pay',
      new Map<string, IrType>([
        ['from', STR],
        ['amount', INT],
      ]),
    ],
    ['rest', new Map()],
    ['inst::audit', new Map<string, IrType>([['who', OPTION_STR]])],
  ]),
};

export const HEADER = '{"format":"aura-execution-trace","version":1}';

/** JSON Lines of these events. */
export function linesOf(events: readonly object[], header: object = {}): string {
  const head = { format: 'aura-execution-trace', version: 1, ...header };
  return [head, ...events].map(line => `${JSON.stringify(line)}\n`).join('');
}

/** The same as one document. */
export function documentOf(events: readonly object[], header: object = {}): string {
  return JSON.stringify({ format: 'aura-execution-trace', version: 1, ...header, events }, null, 2);
}

export function mapping(parts: Partial<TraceMapping>): TraceMapping {
  return { ...NO_MAPPING, ...parts };
}

export interface Observed {
  readonly moments: readonly Observation[];
  readonly frame: ObservedFrame;
}

export async function observe(
  content: string | Uint8Array,
  options: OpenTraceOptions = { types: BANK },
  cuts: readonly number[] = [],
): Promise<Result<Observed>> {
  const trace = observeBytes(inChunks(content, cuts), 'trace', options);
  const moments: Observation[] = [];
  for await (const moment of trace) {
    if (!moment.ok) return moment;
    moments.push(moment.value);
  }
  return ok({ moments, frame: trace.frame() });
}

export async function observed(
  content: string,
  options: OpenTraceOptions = { types: BANK },
): Promise<Observed> {
  return valueIn(await observe(content, options));
}

/** The first error of a trace that is bad. */
export async function errorIn(
  content: string | Uint8Array,
  options: OpenTraceOptions = { types: BANK },
): Promise<AuraError> {
  const result = await observe(content, options);
  const [error] = result.ok ? [] : result.errors;
  if (error === undefined) throw new Error(`no error in ${String(content).slice(0, 300)}`);
  return error;
}

/** What is known in each moment, as text. */
export function knownIn({ moments }: Observed): string[] {
  return moments.map(({ known }) =>
    [...known].map(([name, value]) => `${name}=${showValue(value)}`).join(' '),
  );
}

/** What each moment tells, as text. */
export function toldIn({ moments }: Observed): string[] {
  return moments.map(({ told }) =>
    told
      .map(({ variable, key, value }) =>
        key === undefined
          ? `${variable}=${showValue(value)}`
          : `${variable}[${showValue(key)}]=${showValue(value)}`,
      )
      .join(' '),
  );
}

/** What was done in each moment, as text. */
export function doneIn({ moments }: Observed): string[] {
  return moments.map(({ actions }) =>
    actions === undefined
      ? '?'
      : actions
          .map(
            ({ name, values }) =>
              `${name}(${[...values].map(([k, v]) => `${k}: ${showValue(v)}`).join(', ')})`,
          )
          .join(' then '),
  );
}
