// What strategies stand on, for tests of them: a spec of a file with its model, machine and setting, and the check that a
// find is a run of the spec.
import { expect } from 'vitest';
import { createMachine, type Way } from '../../src/engine/index.js';
import { createEvaluator } from '../../src/generate/evaluator.js';
import type { Find } from '../../src/generate/find.js';
import { readSetting } from '../../src/generate/setting.js';
import type { Ground, Spent, Strategy } from '../../src/generate/strategies/strategy.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Spec } from '../../src/model/spec.js';
import { showValue } from '../../src/model/value.js';
import { createRandom } from '../../src/util/random.js';
import { unwrap } from '../quint.js';

export function groundOf(spec: Spec, maxLength: number): Ground {
  const model = buildModel(spec);
  const evaluator = unwrap(createEvaluator(model));
  return {
    model,
    machine: unwrap(createMachine(evaluator.compiled, { init: 'init', step: 'step' })),
    setting: readSetting(model, evaluator.constant),
    targets: [...model.invariants, ...model.temporalProperties],
    maxLength,
    chaos: { enabled: true, intensity: 0.5, byzantineRatio: 0.34 },
  };
}

export interface Found {
  readonly finds: readonly Find[];
  readonly spent: Spent;
}

/** All finds of one part. */
export function searched(strategy: Strategy, ground: Ground, budget: number, part = 0, seed = '1'): Found {
  const finds: Find[] = [];
  const random = createRandom(seed).fork(String(part));
  const keep = (find: Find) => finds.push(find) > 0;
  const spent = unwrap(strategy.search(ground, { part, random, budget, keep }));
  return { finds, spent };
}

export function textOfWay(way: Way): string {
  const { action, args, picks, state } = way.step();
  const shown = [...args, ...picks].map(([name, value]) => `${name}=${showValue(value)}`);
  const values = [...state].map(([name, value]) => `${name}=${showValue(value)}`).sort();
  return `${action}(${shown.join()}) -> ${values.join()}`;
}

/** Fails unless each way of the find is one that the spec has where it stands. */
export function expectRun({ machine, maxLength }: Ground, { ways }: Find): void {
  expect(ways.length).toBeGreaterThan(0);
  expect(ways.length - 1).toBeLessThanOrEqual(maxLength);
  for (const [i, way] of ways.entries()) {
    const possible: string[] = [];
    unwrap(machine.ways(ways[i - 1]?.state, way.state, other => possible.push(textOfWay(other)) > 0));
    expect(possible).toContain(textOfWay(way));
  }
}
