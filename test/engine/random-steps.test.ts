// A step that is picked at random is one of those that are enumerated: the same action, arguments and state, and picks
// that do not contradict them. Attempts that failed before it must leave nothing behind.
import { describe, expect, it } from 'vitest';
import { createMachine, type Step } from '../../src/engine/index.js';
import { showValue } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { unwrap } from '../quint.js';
import { stateText } from './quint-oracle.js';
import { openSpec, SPECS } from './specs-of-project.js';

const STEPS = 60;

function text({ action, args, state }: Step): string {
  return `${action}(${args.map(([name, value]) => `${name}=${showValue(value)}`)}) ${stateText(state)}`;
}

describe('random steps', { timeout: 120_000 }, () => {
  it.each(SPECS)('of %s are among the enumerated ones', async file => {
    const { compiled } = await openSpec(file);
    const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step' }));
    const random = createRandom(file);
    let from = must(unwrap(machine.randomInit(random)), 'an initial state');
    for (let i = 0; i < STEPS; i++) {
      const step = unwrap(machine.randomStep(from.state, random));
      if (step === undefined) {
        from = must(unwrap(machine.randomInit(random)), 'an initial state');
        continue;
      }
      let found = false;
      const wanted = text(step);
      unwrap(
        machine.successors(from.state, way => {
          found = text(way) === wanted;
          return !found;
        }),
      );
      expect(found, wanted).toBe(true);
      from = step;
    }
  });
});
