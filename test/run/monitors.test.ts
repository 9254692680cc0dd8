// The monitors as others use them: over a system of one's own, and with a checker of one's own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { EventState } from '../../generated/execution-trace.js';
import { MonitoredEffects } from '../../src/run/monitored-effects.js';
import { loadPropertyChecker } from '../../src/run/property-checker.js';
import { PropertyMonitor, type PropertyViolation } from '../../src/run/property-monitor.js';
import { watchedSpec } from '../../src/run/protocol-watch.js';
import { traceHeader } from '../../src/run/trace-recorder.js';
import { testBridge, unwrap } from '../quint.js';
import { run, TOOLS, tally } from './support.js';

const CHECKS = { conformance: true, invariants: true, temporal: true };
const NEED = {
  key: 'tally',
  of: 'scenario',
  file: 'test/run/tally.qnt',
  module: 'tally',
  constants: {},
} as const;

async function monitorOf(handlers: readonly ((found: PropertyViolation) => void)[] = []) {
  const { opened, target } = unwrap(watchedSpec(unwrap(await TOOLS.openSpec(NEED)), CHECKS));
  return new PropertyMonitor(opened.model, target, { header: traceHeader(NEED, 'delta'), handlers });
}

function counts(...numbers: readonly number[]): EventState {
  return { counts: numbers.map((n, id) => [`p${id}`, n]) };
}

describe('MonitoredEffects', () => {
  it('knows when an effect began and ended, what it changed, and what it broke', async () => {
    const told: PropertyViolation[] = [];
    const monitor = await monitorOf([found => void told.push(found)]);
    let clock = 0;
    const system = [0, 0, 0];
    const effects = new MonitoredEffects({ now: () => clock, lightState: () => system.join() }, monitor);
    const add = (at: number) =>
      effects.execute({
        type: 'add',
        run: () => {
          clock += 5;
          system[at] = (system[at] ?? 0) + 1;
          return system[at] ?? 0;
        },
        events: () => [{ action: 'add', params: { p: `p${at}` }, state: counts(...system) }],
        summary: count => `p${at} has ${count}`,
      });
    unwrap(monitor.check({ action: 'init', state: counts(0, 0, 0) }));
    expect(unwrap(add(1))).toBe(1);
    unwrap(add(1));
    expect(told).toEqual([]);
    unwrap(add(1));
    expect(told).toMatchObject([{ kind: 'invariant', property: 'Bounded', step: 3 }]);
    unwrap(add(0));
    expect(told).toHaveLength(1);
    expect(effects.effects).toMatchObject([
      { type: 'add', start: 0, end: 5, before: '0,0,0', after: '0,1,0', summary: 'p1 has 1' },
      { start: 5, end: 10, before: '0,1,0', after: '0,2,0' },
      { start: 10, end: 15, before: '0,2,0', after: '0,3,0', violation: { property: 'Bounded' } },
      { start: 15, end: 20 },
    ]);
    const { verified } = unwrap(await monitor.end());
    expect(verified.verdict.conformance).toMatchObject({ verdict: 'rejected', step: 3 });
    expect(verified.verdict.invariants).toMatchObject([{ name: 'Bounded', verdict: 'violated', step: 3 }]);
  });

  it('remembers as many as it is told to, and nothing of what threw', async () => {
    const effects = new MonitoredEffects({ now: () => 0, lightState: () => '' }, await monitorOf(), 2);
    for (let i = 0; i < 9; i++) unwrap(effects.execute({ type: `${i}`, run: () => i }));
    expect(effects.effects.length).toBeLessThanOrEqual(4);
    expect(effects.effects.at(-1)?.type).toBe('8');
    const thrown = new Error('no');
    const fall = () => {
      throw thrown;
    };
    expect(() => effects.execute({ type: 'fall', run: fall })).toThrow(thrown);
    expect(effects.effects.at(-1)?.type).toBe('8');
  });
});

describe('PropertyMonitor', () => {
  it('refuses what does not fit the spec', async () => {
    const monitor = await monitorOf();
    unwrap(monitor.check({ action: 'init', state: counts(0, 0, 0) }));
    expect(monitor.check({ action: 'ad', state: counts(1, 0, 0) })).toMatchObject({
      ok: false,
      errors: [{ code: 'AUR316', hint: expect.stringContaining('add') }],
    });
  });
});

describe("a property checker of one's own", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'aura-checker-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const module = (text: string, name: string) => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it('is asked about every invariant in every state, and about its own properties', async () => {
    const file = module(
      `type State = { counts: [string, number][] };
       export const properties = ['Fair'];
       export function checkProperty(state: State, property: { name: string; class: string | null }): boolean {
         const numbers = state.counts.map(([, n]) => n);
         return property.name === 'Fair' ? Math.max(...numbers) - Math.min(...numbers) < 2 : property.class === 'CounterUniqueness';
       }`,
      'fair.ts',
    );
    const options = { checker: { file } };
    const { result, violation } = await run(tally('success'), { options, seed: '3' });
    const own = result.phases[0]?.protocols[0]?.properties.filter(({ kind }) => kind === 'own');
    expect(own?.map(({ name }) => name)).toEqual(['Bounded', 'Fair']);
    expect(own?.[0]?.verdict).toBe('satisfied');
    expect(result.outcome).toBe('property_violation');
    expect(result.reasons[0]).toMatch(
      /^Fair is violated at state \d+ of trace.jsonl, says the property checker$/,
    );
    expect(violation?.property).toEqual({ name: 'Fair', kind: 'invariant' });
    expect(result.reproduce).toContain(`--property-checker ${file}`);
  });

  it('cannot change what it looks at', async () => {
    const meddles = module(
      'export const checkProperty = state => { for (const pair of state.counts) pair[1] = 99; return true; };',
      'meddles.mjs',
    );
    const { result } = await run(tally('success'), { options: { checker: { file: meddles } } });
    expect(result).toMatchObject({ result: 'met', reasons: [] });
    expect(result.digest).toBe((await run(tally('success'))).result.digest);
  });

  it('that fails is an error and no verdict', async () => {
    const throws = module('export const checkProperty = () => { throw new Error("my bug"); };', 'throws.mjs');
    const { result } = await run(tally('success'), { options: { checker: { file: throws } } });
    expect(result).toMatchObject({ result: 'error', errors: [{ code: 'AUR463' }] });
    expect(result.reasons[0]).toContain('my bug');
    const answers = module('export const checkProperty = () => "yes";', 'answers.mjs');
    const odd = await run(tally('success'), { options: { checker: { file: answers } } });
    expect(odd.result.errors[0]?.message).toContain('answered string');
  });

  it('has to export the interface', async () => {
    const near = module('export function checkPropertys() { return true; }', 'near.mjs');
    expect(await loadPropertyChecker(near)).toMatchObject({
      ok: false,
      errors: [{ code: 'AUR462', hint: 'it has checkPropertys: is that the one?' }],
    });
    expect(await loadPropertyChecker(path.join(folder, 'absent.js'))).toMatchObject({
      ok: false,
      errors: [{ code: 'AUR003' }],
    });
    const bad = module('export const properties = 1; export const checkProperty = () => true;', 'bad.mjs');
    expect(await loadPropertyChecker(bad)).toMatchObject({ ok: false, errors: [{ code: 'AUR462' }] });
  });
});

describe('Quint as a second checker', () => {
  it('agrees', async () => {
    const bridge = await testBridge();
    const { result } = await run(tally('success'), { options: { checker: 'quint' }, tools: { bridge } });
    expect(result).toMatchObject({ result: 'met', errors: [] });
  });
});
