// The temporal properties of the specs that come with aura: kept on runs of the good specs, however those end, and
// broken by a stuttering run of each twin whose planted bug is against liveness.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withExpressions } from '../../../src/bridge/with-expressions.js';
import { compileSpec, createMachine, type Machine, sameResult, simulate } from '../../../src/engine/index.js';
import { buildModel } from '../../../src/model/build-model.js';
import type { State } from '../../../src/model/value.js';
import { must } from '../../../src/util/assert.js';
import { createRandom } from '../../../src/util/random.js';
import type { TemporalProperty, TemporalVerdict } from '../../../src/verify/temporal/index.js';
import { loadFile, ROOT, testBridge, unwrap } from '../../quint.js';
import { propertyOf, verdictOf } from './support.js';

const NAMES = readdirSync(path.join(ROOT, 'specs'))
  .filter(name => name.endsWith('.qnt'))
  .map(name => name.slice(0, -4))
  .sort();

/** The first state that comes again, and where it came first. */
function firstLasso(
  property: TemporalProperty,
  states: readonly State[],
): [length: number, loop: number] | undefined {
  const known = states.map(state => property.stateOf(state));
  for (const [i, state] of known.entries()) {
    const loop = known.slice(0, i).findIndex(one => one.every((value, v) => sameResult(value, state[v])));
    if (loop >= 0) return [i, loop];
  }
  return undefined;
}

describe.each(NAMES)('specs/%s.qnt', name => {
  it('keeps its temporal properties on runs, and on those that stutter or loop', async () => {
    const spec = await loadFile(`specs/${name}.qnt`);
    const compiled = unwrap(compileSpec(spec));
    const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step' }));
    const traces: State[][] = [];
    const onTrace = (trace: readonly { readonly state: State }[]) => {
      traces.push(trace.map(({ state }) => state));
      return true;
    };
    unwrap(simulate(machine, { seed: 'temporal', samples: 25, maxSteps: 40, onTrace }));
    for (const { name: asked } of buildModel(spec).temporalProperties) {
      const property = propertyOf(compiled, asked);
      for (const states of traces) {
        expect(verdictOf(property, states, 'open').verdict).toMatch(/^(presumablyS|s)atisfied$/);
        expect(verdictOf(property, states, 'stutter').verdict).toBe('satisfied');
        const lasso = firstLasso(property, states);
        if (lasso !== undefined)
          expect(verdictOf(property, states.slice(0, lasso[0]), lasso[1]).verdict).toBe('satisfied');
      }
    }
  });
});

function planted(name: string): { violates: string; witness: string } {
  const text = readFileSync(path.join(ROOT, 'specs', 'broken', `${name}.qnt`), 'utf8');
  const line = (key: string) =>
    must(new RegExp(`^// planted-${key}: (.+)$`, 'm').exec(text)?.[1], key).trim();
  return { violates: line('violates'), witness: line('witness') };
}

const LIVENESS: { readonly name: string; readonly violates: string }[] = [];
for (const name of NAMES) {
  const { violates } = planted(name);
  const text = readFileSync(path.join(ROOT, 'specs', `${name}.qnt`), 'utf8');
  if (new RegExp(`temporal ${violates}\\b`).test(text)) LIVENESS.push({ name, violates });
}

/** Goes on at random from where the bug showed; the first state in which to stutter for ever breaks the property. */
function stuckAt(
  machine: Machine,
  property: TemporalProperty,
  begun: readonly State[],
  seed: string,
): { states: readonly State[]; verdict: TemporalVerdict } | undefined {
  const random = createRandom(seed);
  const states = [...begun];
  for (let i = 0; i < 30; i++) {
    const verdict = verdictOf(property, states, 'stutter');
    if (verdict.verdict === 'violated') return { states, verdict };
    const next = unwrap(machine.randomStep(must(states.at(-1), 'state'), random));
    if (next === undefined) return undefined;
    states.push(next.state);
  }
  return undefined;
}

it('three twins break liveness', () => {
  expect(LIVENESS.map(({ name }) => name)).toEqual(['crdt_journal', 'dkd', 'recovery']);
});

describe.each(LIVENESS)('specs/broken/$name.qnt', ({ name, violates }) => {
  it(`has a run that stutters for ever and breaks ${violates}`, async () => {
    const { witness } = planted(name);
    const expressions = [{ kind: 'val' as const, text: `not(${witness})` }];
    const twin = await loadFile(`specs/broken/${name}.qnt`);
    const { spec, names } = unwrap(await withExpressions(await testBridge(), twin, expressions));
    const compiled = unwrap(compileSpec(spec));
    const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step', invariants: names }));
    const property = propertyOf(compiled, violates);
    let found: ReturnType<typeof stuckAt>;
    for (let seed = 0; seed < 40 && found === undefined; seed++) {
      const run = unwrap(simulate(machine, { seed: `${seed}`, samples: 3_000, maxSteps: 25 }));
      const begun = run.violation?.trace.map(({ state }) => state);
      for (let walk = 0; walk < 5 && begun !== undefined && found === undefined; walk++)
        found = stuckAt(machine, property, begun, `${seed}/${walk}`);
    }
    const { states, verdict } = must(found, 'a run that breaks it');
    // Stuttering is fair only where the fair actions are not enabled; the part that decided is the goal.
    expect(verdict.loop).toBe(states.length - 1);
    const place = must(spec.ir.spans.get(must(verdict.deciding, 'part').expr), 'place');
    const line = readFileSync(path.join(ROOT, 'specs', 'broken', `${name}.qnt`), 'utf8').split('\n')[
      place.line - 1
    ];
    expect(line?.slice(0, place.column - 1)).toMatch(/eventually\($/);
    // The same run going on is not broken, and presumed so only because it could end there.
    expect(verdictOf(property, states, 'open').verdict).toBe('presumablyViolated');
  });
});
