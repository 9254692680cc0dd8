// Prints the bytes a distinct state that an exploration of one spec keeps at its end: what the heap and its buffers
// have grown by, garbage collected, while everything that the exploration needs is still alive. It needs a process of
// its own with --expose-gc. The exploration is watched through its step, and that no other step follows is known from
// a run before, in another process, because what one exploration leaves behind would count for the next: called
// without a number it prints how often a step is taken, called with that number it measures.
import { explore } from '../dist/src/engine/index.js';
import { MAX_STATES } from './engine-explore.js';
import { machineOf, must, openSpecs } from './engine-specs.js';

const [name, last] = process.argv.slice(2);
const [spec] = await openSpecs([name]);

/** Explores, telling `onStep` the number of each step taken. */
function explored(maxStates, onStep) {
  const machine = machineOf(spec);
  const engine = machine.enumerating();
  let count = 0;
  const step = then => {
    onStep(++count);
    return engine.step(then);
  };
  const watched = Object.create(machine, { enumerating: { value: () => ({ ...engine, step }) } });
  return { ...must(explore(watched, { maxStates })), steps: count };
}

function usedBytes() {
  // The buffers that the first collection frees are given back only by the second.
  global.gc();
  global.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

if (last === undefined) console.log(explored(MAX_STATES, () => {}).steps);
else {
  explored(100, usedBytes);
  const before = usedBytes();
  let after = before;
  const { distinctStates } = explored(MAX_STATES, number => {
    if (number === Number(last)) after = usedBytes();
  });
  console.log((after - before) / distinctStates);
}
