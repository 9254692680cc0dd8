// The journal held against its spec: free runs in bad worlds, each strategy, a schedule step by step, planted bugs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setOf } from '../../src/model/value.js';
import type { Data, Fields } from '../../src/simulate/data.js';
import type { Facts, Protocol, SettingRequest } from '../../src/simulate/protocol.js';
import { crdtJournal } from '../../src/simulate/protocols/crdt-journal/crdt-journal.js';
import { type Digest, shownIds } from '../../src/simulate/protocols/crdt-journal/operation.js';
import type { SimulatedEvent } from '../../src/simulate/world.js';
import { complaints, verifySimulated } from './conformance.js';
import { runVoting, type VotingOptions, verdictOf } from './support/voting-worlds.js';
import { begun, QUIET_NETWORK } from './support/world.js';

const protocol: Protocol = crdtJournal;
/** More by hand: `SEEDS=200 npx vitest run test/simulate/crdt-journal.test.ts`. */
const SEEDS = Number(process.env.SEEDS ?? 16);
/** Every planted bug shows itself within so many seeds. */
const SEEDS_PER_BUG = 20;
/** The device of the adversary, where there is one. */
const DEVICE = 3;

async function wrongWith(options: VotingOptions): Promise<string[]> {
  return complaints(await verdictOf(options, runVoting(options)));
}

const seeds = Array.from({ length: SEEDS }, (_, seed) => String(seed));

/** What each member knows of what members wrote: a device may write when all have finished. */
function writtenByMembers({ ledgers = {} }: Facts): string[] {
  return Object.values(ledgers).map(ids => ids.filter(id => !id.startsWith('p4:')).join());
}

describe('running freely', () => {
  it('merges to the same state and ledger, and ends', async () => {
    const options = { protocol, seed: 'calm', calm: true };
    const run = runVoting(options);
    const { keys = {}, ledgers = {} } = run.simulation.facts();
    expect(new Set(Object.values(keys)).size).toBe(1);
    expect(new Set(Object.values(ledgers).map(ledger => ledger.join())).size).toBe(1);
    expect(Object.values(ledgers)[0]).toHaveLength(4);
    expect(run.simulation.endings.map(({ node, as }) => [node, as]).sort()).toEqual([
      [0, 'success'],
      [1, 'success'],
      [2, 'success'],
    ]);
    expect(complaints(await verdictOf(options, run))).toEqual([]);
  });

  it('conforms in bad worlds, takes every action, blames nobody honest', async () => {
    const seen = new Set<string>();
    let known: readonly string[] = [];
    for (const seed of seeds) {
      const options = { protocol, seed, parameters: { pace_epochs: Number(seed) % 3 } };
      const run = runVoting(options);
      const verdict = await verdictOf(options, run);
      expect([seed, ...complaints(verdict)]).toEqual([seed]);
      expect(run.simulation.accusations.filter(({ who }) => who !== DEVICE)).toEqual([]);
      for (const action of verdict.actions) seen.add(action);
      known = verdict.known;
      if (run.simulation.endings.filter(({ as }) => as === 'success').length === 3)
        expect(new Set(writtenByMembers(run.simulation.facts())).size).toBe(1);
    }
    expect(known.filter(action => !seen.has(action))).toEqual([]);
  });

  it('gives up on a member that is gone for good, and keeps the rest together', () => {
    const faults = [{ type: 'device_loss', participants: [0], at_ms: 200 }];
    const { simulation } = runVoting({ protocol, seed: 'gone', calm: true, faults });
    expect(simulation.endings.map(({ node, as }) => [node, as]).sort()).toEqual([
      [1, 'timeout'],
      [2, 'timeout'],
    ]);
    const { keys = {} } = simulation.facts();
    expect(keys[1]).toBe(keys[2]);
  });
});

describe('strategies', () => {
  const reasons: Readonly<Record<string, string | undefined>> = {
    conflicting_messages: 'signed two operations under one id',
    replay: 'replays an operation of another',
    silent: undefined,
    delay: undefined,
    invalid_signatures: 'brings an operation whose signature does not verify',
    forge_sender: 'sends in the name of another',
  };

  it('are all here', () => {
    expect(Object.keys(protocol.strategies).sort()).toEqual(Object.keys(reasons).sort());
  });

  it.each(Object.entries(reasons))('%s counts, and shows where it can', async (strategy, reason) => {
    const options = { protocol, seed: 'strategies', calm: true, strategy };
    const run = runVoting(options);
    const { simulation } = run;
    expect(run.counts.find(({ of }) => of === 'strategy')?.count).toBeGreaterThan(0);
    expect(simulation.accusations.filter(({ by }) => by !== DEVICE).map(each => each.reason)).toEqual(
      reason === undefined ? [] : expect.arrayContaining([reason]),
    );
    expect(complaints(await verdictOf(options, run))).toEqual([]);
    expect(new Set(Object.values(simulation.facts().keys ?? {})).size).toBe(1);
  });

  it('keep what they spoil from every member', () => {
    const ledgers = (strategy: string) =>
      runVoting({ protocol, seed: 'spoilt', calm: true, strategy }).simulation.facts().ledgers?.[0] ?? [];
    for (const strategy of ['silent', 'invalid_signatures', 'forge_sender'])
      expect(ledgers(strategy).filter(id => id.startsWith('p4:'))).toEqual([]);
    expect(ledgers('conflicting_messages').filter(id => id.startsWith('p4:'))).toHaveLength(2);
  });
});

describe('under a schedule', () => {
  const op = (author: string, stamp: number, value: string): Fields => ({
    id: { author, stamp },
    body: { tag: 'Put', value },
  });
  const packet = (kind: string, from: string, to: string, op: Data): Fields => ({
    m: { kind, from, to, op },
  });

  it('follows step by step, refuses what stop and wait forbids, and conforms', async () => {
    const [a, x, y] = [op('p1', 1, 'v'), op('p4', 1, 'x'), op('p4', 1, 'y')];
    const tombstone = { id: { author: 'p2', stamp: 2 }, body: { tag: 'Tombstone', value: a.id ?? null } };
    const steps: readonly (readonly [string, Fields, 'refused'?])[] = [
      ['write', { p: 'p1' }],
      ['gossip', { p: 'p1', e: { peer: 'p2', op: a } }],
      ['gossip', { p: 'p1', e: { peer: 'p2', op: a } }, 'refused'],
      ['drop', packet('Gossip', 'p1', 'p2', a)],
      ['receiveAck', packet('Ack', 'p2', 'p1', a), 'refused'],
      ['gossip', { p: 'p1', e: { peer: 'p2', op: a } }],
      ['accept', packet('Gossip', 'p1', 'p2', a)],
      ['equivocate', { b: 'p4', p: 'p1', o: x }],
      ['equivocate', { b: 'p4', p: 'p2', o: y }, 'refused'],
      ['accept', packet('Gossip', 'p4', 'p1', x)],
      ['gossip', { p: 'p1', e: { peer: 'p2', op: x } }, 'refused'],
      ['crash', { p: 'p1' }],
      ['write', { p: 'p1' }, 'refused'],
      ['restart', { p: 'p1' }],
      ['receiveAck', packet('Ack', 'p2', 'p1', a)],
      ['gossip', { p: 'p1', e: { peer: 'p2', op: x } }],
      ['equivocate', { b: 'p4', p: 'p2', o: y }],
      ['accept', packet('Gossip', 'p4', 'p2', y)],
      ['accept', packet('Gossip', 'p1', 'p2', x)],
      ['accept', packet('Gossip', 'p1', 'p2', x), 'refused'],
      ['remove', { p: 'p2', id: x.id ?? null }, 'refused'],
      ['remove', { p: 'p2', id: a.id ?? null }],
      ['receiveAck', packet('Ack', 'p2', 'p1', x)],
      ['gossip', { p: 'p1', e: { peer: 'p3', op: a } }],
      ['accept', packet('Gossip', 'p1', 'p3', a)],
      ['compact', { p: 'p1', o: a }, 'refused'],
      ['receiveAck', packet('Ack', 'p3', 'p1', a)],
      ['compact', { p: 'p1', o: a }],
      ['replay', { b: 'p4', p: 'p1', o: a }],
      ['ignore', packet('Gossip', 'p4', 'p1', a)],
      ['gossip', { p: 'p2', e: { peer: 'p3', op: tombstone } }],
      ['accept', packet('Gossip', 'p2', 'p3', tombstone)],
    ];
    const simulation = begun({
      protocol,
      participants: 4,
      byzantine: { participants: [DEVICE], strategies: [] },
    });
    const events: SimulatedEvent[] = [];
    for (const [index, [action, params, refused]] of steps.entries()) {
      const invoked = simulation.invoke({ action, params }, { patienceMs: 5_000 });
      events.push(...invoked.events);
      expect([index, action, invoked.accepted]).toEqual([index, action, refused === undefined]);
    }
    const constants = protocol.constants(simulation.view.setting);
    expect(complaints(await verifySimulated(protocol, constants, events))).toEqual([]);
  });

  it('loses nothing but what the schedule says where the scenario bounds the faults', () => {
    const steps: readonly (readonly [string, Fields])[] = [
      ['write', { p: 'p1' }],
      ['gossip', { p: 'p1', e: { peer: 'p2', op: op('p1', 1, 'v') } }],
      ['drop', packet('Gossip', 'p1', 'p2', op('p1', 1, 'v'))],
      ['gossip', { p: 'p1', e: { peer: 'p2', op: op('p1', 1, 'v') } }],
      ['crash', { p: 'p1' }],
      ['accept', packet('Gossip', 'p1', 'p2', op('p1', 1, 'v'))],
      ['restart', { p: 'p1' }],
      ['receiveAck', packet('Ack', 'p2', 'p1', op('p1', 1, 'v'))],
    ];
    for (const seed of ['1', '2', '3', '4', '5']) {
      const simulation = begun({
        protocol,
        seed,
        participants: 4,
        network: { ...QUIET_NETWORK, drop_rate: 0.4, duplicate_rate: 0.4, corrupt_rate: 0.2 },
        begin: { constants: new Map([['MAX_FAULTS', 2n]]) },
      });
      const taken = steps.flatMap(
        ([action, params]) => simulation.invoke({ action, params }, { patienceMs: 60_000 }).events,
      );
      expect(taken.map(({ action }) => action)).toEqual(['init', ...steps.map(([action]) => action)]);
    }
  });

  it('keeps to the bounds that the scenario gives for faults', () => {
    const constants = new Map([['MAX_FAULTS', 1n]]);
    const simulation = begun({ protocol, participants: 4, begin: { constants } });
    const crash = (p: string) => simulation.invoke({ action: 'crash', params: { p } }, { patienceMs: 10 });
    expect([crash('p1').accepted, crash('p2').accepted]).toEqual([true, false]);
  });
});

describe('planted bugs', () => {
  /** All is written at once, somebody crashes meanwhile, and the device equivocates. */
  const world = (seed: number) => {
    const when = { at_ms: 40 + ((seed * 37) % 400), duration_ms: 300 };
    return {
      protocol,
      seed: String(seed),
      calm: true,
      strategy: 'conflicting_messages',
      parameters: { pace_epochs: 0 },
      faults: [{ type: 'crash', participants: [seed % 3], ...when }],
    };
  };

  it.each(Object.keys(protocol.bugs))('%s is found', async bug => {
    const found: string[] = [];
    for (let seed = 0; seed < SEEDS_PER_BUG && found.length === 0; seed++)
      found.push(...(await wrongWith({ ...world(seed), bug })));
    expect(found).not.toEqual([]);
  });

  it('are not seen where there are none', async () => {
    expect(await wrongWith(world(0))).toEqual([]);
  });
});

describe('what is shown', () => {
  const author = fc.constantFrom('a', 'b');
  const id = fc.record({ author, stamp: fc.integer({ min: 1, max: 3 }) });
  const digest: fc.Arbitrary<Digest> = fc.record({
    id,
    hash: fc.constantFrom('1', '2'),
    hides: fc.option(id),
  });

  it('does not depend on the order, and never has an id that two operations claim', () => {
    const several = fc.array(digest, { maxLength: 8 });
    fc.assert(
      fc.property(several, fc.infiniteStream(fc.nat()), (digests, draws) => {
        const shuffled = digests
          .map(each => ({ each, key: draws.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ each }) => each);
        const shown = shownIds(digests);
        expect(shownIds(shuffled)).toEqual(shown);
        for (const { author, stamp } of shown) {
          const claims = digests.filter(({ id }) => id.author === author && id.stamp === stamp);
          expect(new Set(claims.map(({ hash }) => hash)).size).toBe(1);
        }
      }),
    );
  });
});

describe('the setting', () => {
  const request: SettingRequest = {
    participants: 3,
    threshold: 2,
    faultBound: 1,
    guardianApprovals: 0,
    byzantine: [2],
    timeoutEpochs: 20,
    epochMs: 1000,
    parameters: {},
    constants: new Map(),
    lost: [],
    vaults: [{}, {}, {}],
  };
  const messageOf = (change: Partial<SettingRequest>): string => {
    const made = protocol.setting({ ...request, ...change });
    return made.ok ? 'ok' : made.errors.map(({ code, message }) => `${code} ${message}`).join();
  };

  it('says what it cannot run with', () => {
    expect(messageOf({})).toBe('ok');
    expect(messageOf({ byzantine: [0, 1, 2] })).toBe(
      'AUR441 the journal needs a member that follows the protocol',
    );
    expect(messageOf({ parameters: { writes: -1 } })).toBe(
      'AUR441 `writes` of crdt_journal has to be a whole number from 0',
    );
    expect(messageOf({ constants: new Map([['PARTICIPANTS', setOf(['a'])]]) })).toBe(
      'AUR441 PARTICIPANTS has 1 names for 3 participants',
    );
    expect(messageOf({ constants: new Map([['BYZANTINE', setOf(['p1'])]]) })).toBe(
      'AUR441 participant 2 is byzantine in the scenario and not in the constant BYZANTINE',
    );
  });

  it('takes names and bounds of the constants', () => {
    const names = ['r1', 'r2', 'r3'];
    const constants = new Map([
      ['PARTICIPANTS', setOf(names)],
      ['BYZANTINE', setOf(['r3'])],
    ]);
    const made = protocol.setting({ ...request, constants });
    expect(made.ok && protocol.nodes(made.value)).toEqual(names);
    expect(made.ok && protocol.constants(made.value)).toEqual({
      PARTICIPANTS: 'Set("r1", "r2", "r3")',
      BYZANTINE: 'Set("r3")',
      MAX_OPS: 'Map("r1" -> 1, "r2" -> 2)',
      MAX_MISCHIEF: '1000000',
      MAX_FAULTS: '1000000',
    });
  });
});
