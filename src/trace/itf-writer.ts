// Writes ITF traces: one state a line, so that two traces can be compared by eye and with diff, and always the same
// bytes for the same trace. A long trace is never in memory as a whole, and a file is there complete or not at all.
import type { State } from '../model/value.js';
import { assert } from '../util/assert.js';
import { canonicalJson } from '../util/json.js';
import { compareText } from '../util/order.js';
import { ok, type Result } from '../util/result.js';
import type { ItfFrame, ItfState, ItfTrace } from './itf.js';
import { encodeItfValue } from './itf-encode.js';
import { writeTexts } from './write-texts.js';

/** The text that {@link writeItf} writes. */
export function writeItfText(trace: ItfTrace): string {
  return `${headText(trace)}${trace.states.map(stateEncoder(trace)).join('')}${tailText(trace, trace.states.length)}`;
}

/** Writes a whole trace to a file. Error: AUR006. */
export function writeItf(path: string, trace: ItfTrace): Promise<Result<void>> {
  return writeItfStates(path, trace, all(trace.states));
}

async function* all(states: readonly ItfState[]): AsyncGenerator<Result<ItfState>> {
  for (const state of states) yield ok(state);
}

/**
 * Writes a trace whose states come one by one, and after them, where it is not in `frame`, the `loop`. When they end in
 * a failure, that is the result and no file is written. Error of its own: AUR006.
 */
export function writeItfStates(
  path: string,
  frame: ItfFrame,
  states: AsyncIterable<Result<ItfState>>,
  loop: () => number | undefined = () => frame.loop,
): Promise<Result<void>> {
  return writeTexts(path, itfTexts(frame, states, loop));
}

async function* itfTexts(
  frame: ItfFrame,
  states: AsyncIterable<Result<ItfState>>,
  loop: () => number | undefined,
): AsyncGenerator<Result<string>> {
  yield ok(headText(frame));
  const encode = stateEncoder(frame);
  let count = 0;
  for await (const state of states) {
    yield state.ok ? ok(encode(state.value, count++)) : state;
    if (!state.ok) return;
  }
  const index = loop();
  yield ok(tailText({ ...frame, ...(index !== undefined && { loop: index }) }, count));
}

function headText({ meta, params, vars }: ItfFrame): string {
  const members = [`"vars":${JSON.stringify(vars)}`];
  if (params) members.unshift(member('params', JSON.stringify(params)));
  if (meta) members.unshift(member('#meta', canonicalJson(meta)));
  return `{${members.join(',')},"states":[`;
}

function tailText({ loop, extra }: ItfFrame, count: number): string {
  assert(loop === undefined || loop < count, `loop ${loop} of a trace of ${count} states`);
  const members = Object.keys(extra ?? {})
    .sort(compareText)
    .map(key => member(key, canonicalJson(extra?.[key] ?? null)));
  if (loop !== undefined) members.unshift(member('loop', String(loop)));
  return `${count === 0 ? ']' : '\n]'}${members.map(text => `,${text}`).join('')}}\n`;
}

/** The text of the state of an index, with the separator before it. */
function stateEncoder(frame: ItfFrame): (state: ItfState, index: number) => string {
  const known = new Set([...frame.vars, ...(frame.params ?? [])]);
  return (state, index) => {
    checkVariables(frame, known, state.values, index);
    return `${index === 0 ? '' : ','}\n${encodeItfState(state)}`;
  };
}

// A state that is not whole is not ITF; who makes traces keeps what was not observed in a `#meta` instead.
function checkVariables(frame: ItfFrame, known: ReadonlySet<string>, values: State, index: number): void {
  for (const name of frame.vars) assert(values.has(name), `states[${index}] to be written lacks ${name}`);
  for (const name of values.keys())
    assert(known.has(name), `states[${index}] to be written has the unknown ${name}`);
}

function encodeItfState({ meta, values }: ItfState): string {
  const members = [...values]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => member(name, encodeItfValue(value)));
  if (meta) members.unshift(member('#meta', canonicalJson(meta)));
  return `{${members.join(',')}}`;
}

function member(name: string, text: string): string {
  return `${JSON.stringify(name)}:${text}`;
}
