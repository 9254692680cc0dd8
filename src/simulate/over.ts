// When a run is over. A run waits for its honest participants, except those that nothing brings back, and for what is
// under way between nodes that can still do something with it.
import type { NodeId } from './data.js';
import { letsGo } from './faults.js';
import { type Kernel, type Node, nodeOf } from './world.js';

/** Whether the timeout is reached, or all have finished and nothing is under way. */
export function isOver(kernel: Kernel): boolean {
  const { run } = kernel;
  if (run.epoch >= run.timeoutEpochs) return true;
  if (run.open > run.down || run.open > stuck(kernel)) return false;
  return isQuiet(kernel);
}

/** Whether nothing is under way and nobody is about to act. Timers do not count: some are set again for ever. */
export function isQuiet({ world, run }: Kernel): boolean {
  if (run.thinking > 0) return false;
  if (world.underWay === 0) return true;
  return !Object.values(world.transmissions).some(({ message, copies }) => {
    return copies > 0 || canAct(world.nodes[message.to], comesOffIn(world));
  });
}

function comesOffIn(world: Kernel['world']): (fault: number) => boolean {
  return fault => letsGo(world, fault);
}

/** Up, or down with all that holds it letting go in time. */
function canAct(node: Node | undefined, comesOff: (fault: number) => boolean): boolean {
  return node !== undefined && !node.lost && (node.view.up || node.downBy.every(comesOff));
}

/** Honest participants that have not finished and that nothing brings back. */
function stuck(kernel: Kernel): number {
  const { world } = kernel;
  let count = 0;
  for (let id: NodeId = 0; id < world.participants; id++) {
    const node = nodeOf(world, id);
    if (node.view.up || node.lost || node.view.byzantine || node.view.ending !== undefined) continue;
    if (!canAct(node, comesOffIn(world))) count++;
  }
  return count;
}
