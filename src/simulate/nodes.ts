// Nodes that go down, come back, pause, are lost. A node is held down by as many as want it down, and comes back when the
// last of them lets go: so each fault undoes what it did and no more.
import type { NodeId } from './data.js';
import { occur } from './record.js';
import { loseAddressed, loseSent } from './transport.js';
import { comeBack, isCounted } from './turns.js';
import { changeNode, type Item, type Kernel, type Node, nodeOf, schedule, type World } from './world.js';

/** Whether it went down: it did not if it was down before. */
export function takeDown(kernel: Kernel, id: NodeId, by: number, keepsDisk: boolean): boolean {
  const node = nodeOf(kernel.world, id);
  node.downBy.push(by);
  if (!node.view.up) return false;
  kernel.run.down++;
  changeNode(kernel, id, keepsDisk ? { up: false } : { up: false, disk: undefined });
  node.timers = {};
  for (const item of node.waiting.splice(0)) putBack(kernel.world, item);
  occur(kernel, { kind: 'crash', node: id, keepsDisk }, id);
  loseSent(kernel, id);
  return true;
}

/** Takes back one hold; whether the node came back with it. */
export function letUp(kernel: Kernel, id: NodeId, by: number): boolean {
  const node = nodeOf(kernel.world, id);
  node.downBy = node.downBy.filter(holder => holder !== by);
  return bringUp(kernel, id, node);
}

/** Takes back all holds. */
export function restart(kernel: Kernel, id: NodeId): boolean {
  const node = nodeOf(kernel.world, id);
  node.downBy = [];
  return bringUp(kernel, id, node);
}

/** The device is gone for good, with all that it kept. */
export function loseDevice(kernel: Kernel, id: NodeId, by: number): boolean {
  const node = nodeOf(kernel.world, id);
  if (node.lost) return false;
  takeDown(kernel, id, by, false);
  if (isCounted(kernel, id) && node.view.ending === undefined) kernel.run.open--;
  node.lost = true;
  changeNode(kernel, id, { vault: {} });
  loseAddressed(kernel, id);
  return true;
}

/** What happens to the node waits from now on. */
export function pause({ world }: Kernel, id: NodeId, by: number): boolean {
  nodeOf(world, id).pausedBy.push(by);
  return true;
}

/** Takes back one pause; after the last one what has waited happens. */
export function resume({ world }: Kernel, id: NodeId, by: number): void {
  const node = nodeOf(world, id);
  node.pausedBy = node.pausedBy.filter(holder => holder !== by);
  if (node.pausedBy.length === 0) for (const item of node.waiting.splice(0)) putBack(world, item);
}

/**
 * Puts the clock of the node forward by `ms`, back where that is negative. Its timers are due by that clock, and so fire so
 * much sooner or later; how many did so. What already waits for the end of a pause has been due before.
 */
export function turnClock({ world }: Kernel, id: NodeId, ms: number): number {
  const node = nodeOf(world, id);
  node.skew += ms;
  const due = world.queue.filter(
    item => item.kind === 'timer' && item.node === id && node.timers[item.name] === item.order,
  );
  // In the order in which they were set: that of the queue is its own affair.
  for (const item of due.sort((a, b) => a.order - b.order))
    if (item.kind === 'timer')
      node.timers[item.name] = schedule(world, item.at - ms, { kind: 'timer', node: id, name: item.name });
  return due.length;
}

function bringUp(kernel: Kernel, id: NodeId, node: Node): boolean {
  if (node.view.up || node.lost || node.downBy.length > 0) return false;
  kernel.run.down--;
  changeNode(kernel, id, { up: true });
  comeBack(kernel, id);
  return true;
}

/** Into the queue again, with all that hangs on its order: a timer is known by it, and some arrivals are void by it. */
function putBack(world: World, { at: _, order, ...happens }: Item): void {
  if (happens.kind === 'arrive' && order < (world.transmissions[happens.message]?.voidBefore ?? 0)) return;
  const anew = schedule(world, world.time, happens);
  if (happens.kind !== 'timer') return;
  const { timers } = nodeOf(world, happens.node);
  if (timers[happens.name] === order) timers[happens.name] = anew;
}
