// A world under a schedule: a node acts only where a step of the schedule says so, and epochs pass only where one does.
// Between its steps the world runs: messages travel, timers fire, faults come and go. A step is taken as soon as its node
// takes it, and is over when the mapping has seen it.
import { must } from '../util/assert.js';
import { type Data, type Fields, isList, type NodeId } from './data.js';
import { happenNext, passEpoch } from './happen.js';
import { restart, takeDown } from './nodes.js';
import type { LocalAction } from './participant.js';
import type { Placement } from './protocol.js';
import { filterDue } from './queue.js';
import { loseForGood } from './transport.js';
import { act, think } from './turns.js';
import {
  BY_SCHEDULE,
  type Kernel,
  nodeOf,
  type SimulatedEvent,
  schedule,
  viewOf,
  type World,
} from './world.js';

export interface Patience {
  /** Virtual time after which a step that is not taken counts as refused, ms. */
  readonly patienceMs: number;
  /** Earliest virtual time of the step, ms. */
  readonly at?: number;
}

export type Invoked =
  | { readonly accepted: true; readonly events: readonly SimulatedEvent[] }
  | { readonly accepted: false; readonly reason: string; readonly events: readonly SimulatedEvent[] };

/** From here on nobody acts by himself, and no epoch passes by itself. */
export function toScheduled({ world, run }: Kernel): void {
  if (world.scheduled) return;
  world.scheduled = true;
  filterDue(world.queue, ({ kind }) => kind !== 'think' && kind !== 'epoch');
  for (const node of world.nodes) {
    node.thinking = false;
    node.waiting = node.waiting.filter(({ kind }) => kind !== 'think');
  }
  run.thinking = 0;
}

/** From here on the world runs freely. */
export function toFree(kernel: Kernel): void {
  const { world } = kernel;
  if (!world.scheduled) return;
  world.scheduled = false;
  schedule(world, world.time + world.timing.epoch_ms, { kind: 'epoch' });
  for (const id of world.nodes.keys()) think(kernel, id);
}

/** Takes a step of the schedule; words that say why not, where that fails. */
export function follow(kernel: Kernel, step: LocalAction, { patienceMs, at }: Patience): string | undefined {
  const { world } = kernel;
  if (at !== undefined) runTo(kernel, at);
  const until = world.time + patienceMs;
  let from = world.out.length;
  const goOn = (): boolean =>
    isUnderWay(world) && must(world.queue[0], 'an item').at <= until && happenNext(kernel);
  let reason = 'nobody takes it';
  for (;;) {
    from = world.out.length;
    const placement = kernel.protocol.place(step, viewOf(kernel));
    const refusal = placement === undefined ? 'no participant has such a step' : take(kernel, placement);
    if (refusal === undefined) break;
    reason = refusal;
    if (!goOn()) return reason;
  }
  while (!isRecorded(world, from, step)) if (!goOn()) return 'it was begun and did not come to its end';
  return undefined;
}

/** Lets the world run up to a time. */
function runTo(kernel: Kernel, at: number): void {
  const { world } = kernel;
  while ((world.queue[0]?.at ?? Infinity) <= at) happenNext(kernel);
  world.time = Math.max(world.time, at);
}

/** Whether anything but a fault is to come. */
function isUnderWay({ queue, underWay }: World): boolean {
  return (
    queue.length > 0 && (underWay > 0 || queue.some(({ kind }) => kind === 'timer' || kind === 'notice'))
  );
}

/** Does what a placement says; words that say why not. */
function take(kernel: Kernel, placement: Placement): string | undefined {
  switch (placement.kind) {
    case 'act': {
      const { node, step } = placement;
      const name = nameOf(kernel, node);
      const { view, pausedBy } = nodeOf(kernel.world, node);
      if (!view.up) return `${name} is down`;
      if (pausedBy.length > 0) return `${name} is paused`;
      return act(kernel, node, step) ? undefined : `${name} refuses it`;
    }
    case 'epoch':
      passEpoch(kernel);
      return undefined;
    case 'crash': {
      const { node } = placement;
      if (!nodeOf(kernel.world, node).view.up) return `${nameOf(kernel, node)} is down already`;
      takeDown(kernel, node, BY_SCHEDULE, true);
      return undefined;
    }
    case 'restart': {
      const { node } = placement;
      return restart(kernel, node) ? undefined : `${nameOf(kernel, node)} does not come back`;
    }
    case 'lose': {
      const { from, to, body } = placement;
      const wanted = normal(body);
      const sent = Object.values(kernel.world.transmissions).find(
        ({ message, delivered }) =>
          !delivered && message.from === from && message.to === to && normal(message.body) === wanted,
      );
      if (sent === undefined) return 'no such message is under way';
      loseForGood(kernel, sent);
      return undefined;
    }
  }
}

function nameOf({ run }: Kernel, node: NodeId): string {
  return run.names[node] ?? `node ${node}`;
}

/** Whether the step is among the events from `from` on, with at least the parameters that are known of it. */
function isRecorded({ out }: World, from: number, { action, params }: LocalAction): boolean {
  return out.slice(from).some(event => event.action === action && fits(params, event.params ?? {}));
}

function fits(wanted: Fields, got: Fields): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const other = got[name];
    return other === undefined || normal(value) === normal(other);
  });
}

/** One text for all ways in which a value may be written (docs/execution-trace.md), without the order of lists. */
function normal(data: Data): string {
  if (data === null) return '[]';
  if (typeof data !== 'object') return String(data);
  if (isList(data)) return `[${data.map(normal).sort().join()}]`;
  if (Object.keys(data).length === 2 && typeof data.tag === 'string' && data.value !== undefined) {
    const inner = normal(data.value);
    return inner === '[]' ? data.tag : `[${[data.tag, inner].sort().join()}]`;
  }
  return `[${Object.entries(data)
    .map(([key, value]) => `[${[key, normal(value)].sort().join()}]`)
    .sort()
    .join()}]`;
}
