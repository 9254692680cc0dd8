// Exploration with the engine: distinct states and transitions a second on every spec, up to a bound, after one
// exploration to warm up.
import { compileSpec, createMachine, explore } from '../dist/src/engine/index.js';
import { loadForBench } from './engine-specs.js';
import { seconds } from './measure.js';

const MAX_STATES = 100_000;

export const title = 'exploration';

export async function run() {
  for (const { name, spec } of await loadForBench()) {
    const compiled = must(compileSpec(spec));
    const explored = () =>
      must(explore(must(createMachine(compiled, { init: 'init', step: 'step' })), { maxStates: MAX_STATES }));
    explored();
    let found;
    const spent = await seconds(() => {
      found = explored();
    });
    const rate = found.distinctStates / spent;
    console.log(
      `${name.padEnd(24)} ${found.distinctStates} states${found.complete ? '' : '+'}, depth ${found.depth}, ${rate.toFixed(0)} states/s, ${(found.transitions / spent).toFixed(0)} transitions/s`,
    );
  }
}

function must(result) {
  if (!result.ok) throw new Error(result.errors.map(error => error.message).join('\n'));
  return result.value;
}
