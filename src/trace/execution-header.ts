// What an execution trace says of itself, beside its events: checked for the format and its version, and for what
// says how the events are to be read. In a document it may come in any order, but what is needed for reading the
// events must stand before them.
import { isJsonObject, type Json } from '../util/json.js';
import type { JsonObject } from './itf.js';
import { Misfits } from './misfits.js';
import { EXECUTION_TRACE } from './trace-format.js';

export type StateMode = 'full' | 'delta' | 'partial';

/** Actions that are taken without being logged. */
export interface Hidden {
  readonly actions: readonly string[];
  /** How many of them may stand between two events. */
  readonly most: number;
}

export interface ExecutionHeader {
  readonly spec?: string;
  readonly module?: string;
  readonly stateMode?: StateMode;
  /** Whether what the events say was done is what happened. */
  readonly actions?: 'certain' | 'hints';
  readonly hidden?: Hidden;
  /** Whether the events stand in the order in which they happened. */
  readonly order?: 'file';
  /** Index, in the order of the events, of the one whose state follows that of the last one. */
  readonly loop?: number;
}

const VERSION = 1;

export interface HeaderFault {
  readonly code: 'AUR310' | 'AUR311' | 'AUR312';
  readonly message: string;
  readonly hint?: string;
}

/** Whether a member may stand behind the events of a document. */
export function mayFollowEvents(key: string): boolean {
  return key !== 'state_mode' && key !== 'hidden' && key !== 'actions' && key !== 'order';
}

/** The header that a JSON object is; the fault names the first thing that is wrong. */
export function readHeader(json: JsonObject): ExecutionHeader | HeaderFault {
  const fault = formatFault(json);
  if (fault) return fault;
  const misfits = new Misfits();
  const header: ExecutionHeader = {
    ...textsOf(json, misfits),
    ...stateModeOf(json, misfits),
    ...actionsOf(json, misfits),
    ...hiddenOf(json, misfits),
    ...orderOf(json, misfits),
    ...loopOf(json, misfits),
  };
  const [misfit] = misfits.found;
  return misfit ? { code: 'AUR311', message: misfit.reason } : header;
}

export function isHeaderFault(header: ExecutionHeader | HeaderFault): header is HeaderFault {
  return 'code' in header;
}

function formatFault({ format, version }: JsonObject): HeaderFault | undefined {
  if (format !== EXECUTION_TRACE) {
    const message = format === undefined ? 'it has no "format"' : 'its "format" is another';
    return {
      code: 'AUR310',
      message: `not an execution trace: ${message}`,
      hint: `an execution trace begins with {"format": "${EXECUTION_TRACE}", "version": ${VERSION}}; in JSON Lines that is the first line`,
    };
  }
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1)
    return { code: 'AUR311', message: '"version" must be the version of the format, a whole number' };
  if (version <= VERSION) return undefined;
  return {
    code: 'AUR312',
    message: `the trace is written in version ${version} of ${EXECUTION_TRACE}, this aura reads up to version ${VERSION}`,
    hint: 'use a newer aura',
  };
}

function textsOf({ spec, module }: JsonObject, misfits: Misfits): { spec?: string; module?: string } {
  for (const [key, value] of Object.entries({ spec, module }))
    if (value !== undefined && typeof value !== 'string') misfits.add(`"${key}" must be text`);
  return { ...(typeof spec === 'string' && { spec }), ...(typeof module === 'string' && { module }) };
}

function stateModeOf({ state_mode: mode }: JsonObject, misfits: Misfits): { stateMode?: StateMode } {
  if (mode === undefined) return {};
  if (mode === 'full' || mode === 'delta' || mode === 'partial') return { stateMode: mode };
  return refuse(misfits, '"state_mode" must be full, delta or partial');
}

function actionsOf({ actions }: JsonObject, misfits: Misfits): Pick<ExecutionHeader, 'actions'> {
  if (actions === undefined) return {};
  if (actions === 'certain' || actions === 'hints') return { actions };
  return refuse(misfits, '"actions" must be certain or hints');
}

function hiddenOf({ hidden }: JsonObject, misfits: Misfits): { hidden?: Hidden } {
  if (hidden === undefined) return {};
  const { actions, most = 1 } = isJsonObject(hidden) ? hidden : {};
  const names = Array.isArray(actions) ? actions.filter(name => typeof name === 'string') : [];
  if (!Array.isArray(actions) || names.length < actions.length || !isIndex(most))
    return refuse(misfits, '"hidden" must have names of "actions", and in "most" how many of them');
  return { hidden: { actions: names, most } };
}

function orderOf({ order }: JsonObject, misfits: Misfits): Pick<ExecutionHeader, 'order'> {
  if (order === undefined) return {};
  return order === 'file' ? { order } : refuse(misfits, '"order" can only be file');
}

function loopOf({ loop }: JsonObject, misfits: Misfits): { loop?: number } {
  if (loop === undefined) return {};
  return isIndex(loop) ? { loop } : refuse(misfits, '"loop" must be the index of an event');
}

function isIndex(json: Json): json is number {
  return typeof json === 'number' && Number.isSafeInteger(json) && json >= 0;
}

function refuse(misfits: Misfits, reason: string): object {
  misfits.add(reason);
  return {};
}
