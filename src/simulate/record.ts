// Tells what happens in the world: to the refinement mapping of the protocol, which says what step of the spec it is, and
// to the execution trace, in which each step has the variables that it changed. It decides nothing.
import { type Data, type Fields, isList, type NodeId } from './data.js';
import type { Message, Occurrence } from './protocol.js';
import { type Kernel, type SimulatedEvent, viewOf } from './world.js';

/** Hands an occurrence to the mapping; `node` is where the trace says that it happened. */
export function occur(kernel: Kernel, occurrence: Occurrence, node?: NodeId): void {
  const { protocol, run } = kernel;
  const { history, step } = protocol.record(occurrence, viewOf(kernel));
  run.history = history;
  if (step === undefined) return;
  const projected = protocol.project(viewOf(kernel));
  const state = changes(run.projected, projected);
  run.projected = projected;
  run.steps++;
  trace(kernel, { ...at(kernel, node), action: step.action, params: step.params, state });
}

/** The first event of a protocol: the whole state. */
export function traceInit(kernel: Kernel): void {
  trace(kernel, { action: 'init', state: kernel.run.projected });
}

/** What happens to a message; in verbose traces only. */
export function traceMessage(
  kernel: Kernel,
  kind: 'send' | 'receive' | 'drop' | 'duplicate',
  { id, from, to }: Message,
): void {
  if (!kernel.verbose) return;
  const name = (of: NodeId): string => kernel.run.names[of] ?? String(of);
  const where = kind === 'receive' || kind === 'duplicate' ? to : from;
  trace(kernel, { ...at(kernel, where), message: { id, kind, from: name(from), to: name(to) } });
}

/** A fault that begins or ends; in verbose traces only. */
export function traceFault(kernel: Kernel, fault: Fields): void {
  if (kernel.verbose) trace(kernel, { fault });
}

function at({ run }: Kernel, node: NodeId | undefined): { node?: string } {
  const name = node === undefined ? undefined : run.names[node];
  return name === undefined ? {} : { node: name };
}

function trace({ world }: Kernel, event: Omit<SimulatedEvent, 'seq' | 'time'>): void {
  world.out.push({ seq: world.events++, time: world.time, ...event });
}

/** What is new in `after`. */
function changes(before: Fields, after: Fields): Fields {
  const changed: Record<string, Data> = {};
  for (const [name, value] of Object.entries(after))
    if (!sameData(before[name], value)) changed[name] = value;
  return changed;
}

function sameData(a: Data | undefined, b: Data | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a) || isList(b))
    return (
      isList(a) && isList(b) && a.length === b.length && a.every((item, index) => sameData(item, b[index]))
    );
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => Object.hasOwn(b, key) && sameData(a[key], b[key]))
  );
}
