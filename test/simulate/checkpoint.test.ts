// Going on from a checkpoint is as if nothing had been: the same bytes, wherever the checkpoint was taken, whatever is
// under way, down, held back or paused at that moment.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crdtJournal } from '../../src/simulate/protocols/crdt-journal/crdt-journal.js';
import { dkd } from '../../src/simulate/protocols/dkd/protocol.js';
import { Simulation } from '../../src/simulate/simulation.js';
import { tokens } from './support/tokens.js';
import { begun, got, QUIET_NETWORK } from './support/world.js';

const observation = { verbose: true };

/** As much at once as the small protocol bears. */
function stormy(seed: string): Simulation {
  return begun({
    seed,
    participants: 5,
    network: {
      ...QUIET_NETWORK,
      latency_distribution: 'log_normal',
      drop_rate: 0.15,
      duplicate_rate: 0.15,
      reorder_rate: 0.15,
      corrupt_rate: 0.1,
      bandwidth: 4_000,
      partitions: [
        {
          groups: [
            [0, 1],
            [2, 3, 4],
          ],
          start_ms: 300,
          heal_ms: 900,
          one_way: false,
          in_flight: 'drop',
        },
      ],
    },
    timing: { epoch_ms: 250, timeout_epochs: 100, jitter_ms: 15, clock_skew_ms: 80 },
    byzantine: { participants: [4], strategies: [{ type: 'replay' }] },
    faults: [
      { type: 'crash', participants: [0], at_ms: 200, duration_ms: 500 },
      { type: 'pause', participants: [1], at_ms: 100, duration_ms: 700 },
      { type: 'clock_skew', participants: [2], at_ms: 150, duration_ms: 400, ms: 90 },
    ],
    observation,
    begin: { parameters: { rounds: 6, beats: 40, beat_ms: 30 } },
  });
}

/** A digest of everything that can be seen of a simulation from here to its end. */
function rest(simulation: Simulation): string {
  const events = [...simulation.run()];
  const all = JSON.stringify([
    events,
    simulation.counts(),
    simulation.accusations,
    simulation.endings,
    simulation.checkpoint(),
  ]);
  return createHash('sha256').update(all).digest('hex');
}

describe('a checkpoint', () => {
  it('is exact at any of 50 moments of a run', () => {
    const length = [...stormy('7').run()].length;
    expect(length).toBeGreaterThan(400);
    fc.assert(
      fc.property(fc.nat(length - 2), moment => {
        const simulation = stormy('7');
        let seen = 0;
        while (seen < moment) seen += simulation.advance()?.length ?? Infinity;
        const restored = got(Simulation.restore(simulation.checkpoint(), { tokens }, observation));
        expect(rest(restored)).toBe(rest(simulation));
      }),
      { numRuns: 50 },
    );
  });

  it.each([dkd, crdtJournal])('of $name is exact at moments all over a run', protocol => {
    const fresh = () =>
      begun({
        protocol,
        participants: 4,
        network: {
          ...QUIET_NETWORK,
          drop_rate: 0.15,
          duplicate_rate: 0.15,
          reorder_rate: 0.2,
          corrupt_rate: 0.1,
        },
        byzantine: { participants: [3], strategies: [{ type: 'conflicting_messages' }] },
        faults: [
          { type: 'crash', participants: [0], at_ms: 400, duration_ms: 600 },
          { type: 'clock_skew', participants: [1], at_ms: 300, duration_ms: 900, ms: 250 },
        ],
        observation,
      });
    const { length } = [...fresh().run()];
    expect(length).toBeGreaterThan(100);
    for (const part of [0.05, 0.2, 0.35, 0.5, 0.7, 0.9]) {
      const simulation = fresh();
      let seen = 0;
      while (seen < part * length) seen += simulation.advance()?.length ?? Infinity;
      const text = simulation.checkpoint();
      const restored = got(Simulation.restore(text, { [protocol.name]: protocol }, observation));
      expect(rest(restored)).toBe(rest(simulation));
    }
  });

  it('is exact between the steps of a schedule', () => {
    const simulation = begun({ network: { ...QUIET_NETWORK, drop_rate: 0.3 } });
    const patience = { patienceMs: 10_000 };
    const say = (p: string, n: number) => ({ action: 'say', params: { p, n } });
    simulation.invoke(say('p0', 1), patience);
    const restored = got(Simulation.restore(simulation.checkpoint(), { tokens }));
    for (const step of [say('p1', 1), { action: 'pass', params: { from: 'p1', to: 'p2' } }, say('p0', 2)])
      expect(restored.invoke(step, patience)).toEqual(simulation.invoke(step, patience));
    simulation.release();
    restored.release();
    expect(rest(restored)).toBe(rest(simulation));
  });

  it('of an unknown protocol is refused', () => {
    const refused = Simulation.restore(begun().checkpoint(), {});
    expect(refused.ok ? [] : refused.errors.map(({ code }) => code)).toEqual(['AUR447']);
  });

  it.each([
    ['', 'AUR445'],
    ['{}', 'AUR445'],
    ['null', 'AUR445'],
    ['[1,2', 'AUR445'],
    [begun().checkpoint().slice(0, -40), 'AUR445'],
    [begun().checkpoint().replace('"time":0', '"time":1'), 'AUR445'],
    [begun().checkpoint().replace('"version":1', '"version":2'), 'AUR446'],
  ])('that is none, or not ours, is refused', (text, code) => {
    const refused = Simulation.restore(text, { tokens });
    expect(refused.ok ? [] : refused.errors.map(each => each.code)).toEqual([code]);
  });
});

describe('a run', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(rest(stormy('8'))).toBe(rest(stormy('8')));
    expect(rest(stormy('8'))).not.toBe(rest(stormy('9')));
  });

  it('is the same whether anybody watches it or not', () => {
    const quiet = begun({ seed: '3' });
    let effects = 0;
    const watched = begun({ seed: '3', observation: { onEffect: () => effects++ } });
    expect(rest(watched)).toBe(rest(quiet));
    expect(effects).toBeGreaterThan(50);
  });
});
