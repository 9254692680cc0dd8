// Traces of the broken twins: against the good spec they are rejected at the step of the planted fault, against the
// twin itself they conform and break the property that the twin names, at the state that exploration found first.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSpec } from '../../src/bridge/load-spec.js';
import { withExpressions } from '../../src/bridge/with-expressions.js';
import { compileSpec, createMachine, explore, type Step } from '../../src/engine/index.js';
import { must } from '../../src/util/assert.js';
import { testBridge, unwrap } from '../quint.js';
import { observed, verdictOn, verifier } from './support.js';

const TWINS = readdirSync('specs/broken')
  .filter(file => file.endsWith('.qnt'))
  .map(file => path.basename(file, '.qnt'))
  .sort();

function planted(name: string, key: string): string {
  const text = readFileSync(path.join('specs', 'broken', `${name}.qnt`), 'utf8');
  return must(new RegExp(`^// planted-${key}: (.+)$`, 'm').exec(text)?.[1]?.trim(), key);
}

/** The shortest way of the twin to the state that its header describes. */
async function wayToWitness(name: string): Promise<readonly Step[]> {
  const door = await testBridge();
  const spec = unwrap(await loadSpec(door, path.join('specs', 'broken', `${name}.qnt`), name));
  const text = `not(${planted(name, 'witness')})`;
  const extended = unwrap(await withExpressions(door, spec, [{ text, kind: 'val' }]));
  const compiled = unwrap(compileSpec(extended.spec));
  const machine = unwrap(
    createMachine(compiled, { init: 'init', step: 'step', invariants: [...extended.names] }),
  );
  const explored = unwrap(explore(machine, { maxStates: 2_000_000 }));
  return must(explored.violation, 'a violation').trace;
}

describe('broken twins', { timeout: 300_000 }, () => {
  it.each(TWINS)('%s', async name => {
    const steps = await wayToWitness(name);
    const trace = observed(steps.map(({ state }) => ({ state })));
    const good = await verifier(path.join('specs', `${name}.qnt`), name);
    const against = await verdictOn(good, trace);
    expect(against.conformance.verdict).toBe('rejected');
    const at = must(against.conformance.step ?? undefined, 'a step');
    expect(steps[at]?.action).toBe(planted(name, 'action'));
    const rejection = must(against.conformance.rejection ?? undefined, 'a rejection');
    // The action of the fault is among those that are explained, with what stood against it.
    const candidate = must(
      rejection.candidates.find(({ action }) => action === planted(name, 'action')),
      'the planted action',
    );
    expect(candidate.failed !== null || candidate.differences.length > 0).toBe(true);

    const twin = await verifier(path.join('specs', 'broken', `${name}.qnt`), name);
    const itself = await verdictOn(twin, trace);
    expect(itself.conformance.verdict).toBe('conforms');
    const property = itself.invariants.find(one => one.name === planted(name, 'violates'));
    if (property === undefined) return;
    expect(property).toMatchObject({ verdict: 'violated', step: steps.length - 1 });
    expect(property.conjunct?.file).toContain(`${name}.qnt`);
    expect(property.differences.length).toBeGreaterThan(0);
  });
});
