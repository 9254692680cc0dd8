// What the items of the queue do when their time has come. Everything that happens in a world by itself comes through
// here, one item at a time.
import { must } from '../util/assert.js';
import type { NodeId } from './data.js';
import { inject, undo } from './faults.js';
import { popDue } from './queue.js';
import { occur } from './record.js';
import { arrive, attempt, release } from './transport.js';
import { act, readyOf, tell } from './turns.js';
import { drawsOf, type Item, type Kernel, nodeOf, schedule } from './world.js';

/** The probability that a node takes what it would like best, where it is ready for several steps. */
const PREFERS = 0.75;

/** Takes the next item; false when there is none. */
export function happenNext(kernel: Kernel): boolean {
  const { world } = kernel;
  const item = popDue(world.queue);
  if (item === undefined) return false;
  world.time = item.at;
  const node = concerns(kernel, item);
  if (node !== undefined && nodeOf(world, node).pausedBy.length > 0) nodeOf(world, node).waiting.push(item);
  else happen(kernel, item);
  return true;
}

/** A new epoch: first the spec's clock, then all that run. */
export function passEpoch(kernel: Kernel): void {
  const { world, run } = kernel;
  run.epoch++;
  occur(kernel, { kind: 'epoch', epoch: run.epoch });
  for (const [id, node] of world.nodes.entries()) {
    if (!node.view.up) continue;
    if (node.pausedBy.length === 0) tell(kernel, id, { kind: 'epoch' });
    else node.waiting.push({ at: world.time, order: world.order++, kind: 'notice', node: id });
  }
}

function happen(kernel: Kernel, item: Item): void {
  const { world } = kernel;
  switch (item.kind) {
    case 'arrive': {
      const message = arrive(kernel, item);
      if (message === undefined) return;
      const { id, from, signer, to, body } = message;
      tell(kernel, to, { kind: 'message', id, from, signer, body }, message);
      return;
    }
    case 'attempt':
      attempt(kernel, item.message);
      return;
    case 'release':
      release(world, item.link, item.message);
      return;
    case 'timer': {
      const { timers } = nodeOf(world, item.node);
      if (timers[item.name] !== item.order) return;
      delete timers[item.name];
      tell(kernel, item.node, { kind: 'timer', name: item.name });
      return;
    }
    case 'epoch':
      passEpoch(kernel);
      schedule(world, world.time + world.timing.epoch_ms, { kind: 'epoch' });
      return;
    case 'notice':
      if (nodeOf(world, item.node).view.up) tell(kernel, item.node, { kind: 'epoch' });
      return;
    case 'think':
      decide(kernel, item.node);
      return;
    case 'inject':
      inject(kernel, item.fault);
      return;
    case 'undo':
      undo(kernel, item.fault);
  }
}

/** A node takes one of the steps that it is ready for, usually the first. */
function decide(kernel: Kernel, id: NodeId): void {
  const { world, run } = kernel;
  const node = nodeOf(world, id);
  node.thinking = false;
  run.thinking--;
  if (!node.view.up) return;
  const ready = readyOf(kernel, id);
  if (ready.length === 0) return;
  const draws = drawsOf(world, `decide/${run.protocol}/${id}/${node.thoughts}`);
  const index = draws.real() < PREFERS ? 0 : draws.below(ready.length);
  act(kernel, id, must(ready[index], 'a step'));
}

/** The node that something happens to, which may be paused. */
function concerns({ world }: Kernel, item: Item): NodeId | undefined {
  switch (item.kind) {
    case 'arrive':
      return world.transmissions[item.message]?.message.to;
    case 'timer':
    case 'think':
    case 'notice':
      return item.node;
    default:
      return undefined;
  }
}
