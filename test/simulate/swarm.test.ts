// Swarms: each seed has its own mix, every kind of trouble is met in about half of the seeds, and a quorum stays whole.
import { describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../../src/simulate/fault-kinds.js';
import { drawSwarm, type Swarm, type SwarmBase } from '../../src/simulate/swarm.js';
import { tokens } from './support/tokens.js';
import { begun, QUIET_NETWORK, TIMING } from './support/world.js';

const BASE: SwarmBase = {
  participants: 5,
  faultBound: 2,
  network: QUIET_NETWORK,
  timing: TIMING,
  byzantine: { participants: [], strategies: [] },
  faults: [],
  safetyMs: 5_000,
};

const SEEDS = 200;

function swarms(base: Partial<SwarmBase> = {}): Swarm[] {
  return Array.from({ length: SEEDS }, (_, seed) => drawSwarm(String(seed), tokens, { ...BASE, ...base }));
}

describe('swarms', () => {
  it('are functions of their seed', () => {
    expect(swarms()).toEqual(swarms());
    expect(new Set(swarms().map(each => JSON.stringify(each))).size).toBe(SEEDS);
  });

  it('leave out each kind of trouble in about half of the seeds', () => {
    const counts = new Map<string, number>();
    for (const { features } of swarms())
      for (const each of features) counts.set(each, (counts.get(each) ?? 0) + 1);
    expect(counts.size).toBeGreaterThan(18);
    for (const count of counts.values())
      expect(Math.abs(count - SEEDS / 2)).toBeLessThan(6 * Math.sqrt(SEEDS / 4));
  });

  it('keep a quorum that is honest and loses no disk', () => {
    for (const { quorum, byzantine, faults } of swarms()) {
      expect(quorum.length).toBe(3);
      expect(byzantine.participants.length).toBeLessThanOrEqual(2);
      expect(quorum.some(id => byzantine.participants.includes(id))).toBe(false);
      const grave = faults.filter(({ type, disk }) => type === 'device_loss' || disk === 'lost');
      expect(grave.flatMap(({ participants = [] }) => participants).some(id => quorum.includes(id))).toBe(
        false,
      );
    }
  });

  it('end their faults within the safety phase', () => {
    for (const { faults, network } of swarms()) {
      for (const { at_ms, duration_ms = Infinity } of faults)
        expect(at_ms + duration_ms).toBeLessThanOrEqual(5_000);
      for (const { heal_ms = Infinity } of network.partitions) expect(heal_ms).toBeLessThanOrEqual(5_000);
    }
  });

  it('add to what is stated', () => {
    const stated = { type: 'crash', participants: [0], at_ms: 1 };
    const byzantine = { participants: [4], strategies: [{ type: 'delay' }] };
    for (const swarm of swarms({
      faults: [stated],
      byzantine,
      network: { ...QUIET_NETWORK, drop_rate: 0.25 },
    })) {
      expect(swarm.faults[0]).toEqual(stated);
      expect(swarm.byzantine).toEqual(byzantine);
      expect(swarm.network.drop_rate).toBeGreaterThanOrEqual(0.25);
    }
  });

  it('are survived by a quorum of the small protocol, and every fault and strategy is met', () => {
    const met = new Map<string, number>();
    for (let seed = 0; seed < 100; seed++) {
      const { quorum, features, ...drawn } = drawSwarm(String(seed), tokens, BASE);
      const simulation = begun({
        seed: String(seed),
        participants: 5,
        ...drawn,
        begin: { timeoutEpochs: 100, parameters: { rounds: 5, beats: 20 } },
      });
      [...simulation.run({ untilMs: BASE.safetyMs })];
      simulation.heal(quorum);
      [...simulation.run({ untilMs: 20_000 })];
      // What a node that goes down has not got across is lost, and the small protocol says nothing twice.
      const goesDown = features.includes('crash') || features.includes('restart');
      const heard = quorum.map(id => Object(simulation.view.nodes[id]?.state).heard);
      for (const each of heard) for (const id of quorum) if (!goesDown) expect([0, 5]).toContain(each[id]);
      for (const { type, count } of simulation.counts())
        if (count > 0) met.set(type, (met.get(type) ?? 0) + 1);
    }
    const drawnFaults = Object.keys(FAULT_KINDS).filter(
      type => !['resume', 'reconnect', 'heal'].includes(type),
    );
    for (const type of [...drawnFaults, ...Object.keys(tokens.strategies)])
      expect([type, (met.get(type) ?? 0) >= 5]).toEqual([type, true]);
  });
});
