// The counter held against counter.qnt: whatever happens, what its participants do is a behaviour of the spec.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setOf, type Value } from '../../src/model/value.js';
import { counter } from '../../src/simulate/protocols/counter/counter.js';
import { complaints } from './conformance.js';
import { accused, findWrong, follow, runVoting, verdictOf, type Written } from './support/voting-worlds.js';
import { got } from './support/world.js';

const protocol = counter;
/** More by hand: `SEEDS=200 npx vitest run test/simulate/counter.test.ts`. */
const SEEDS = Number(process.env.SEEDS ?? 12);

/** The instance that the spec comes with. */
const INSTANCE = new Map<string, Value>([
  ['PARTICIPANTS', setOf(['p1', 'p2', 'p3'])],
  ['REQUESTERS', setOf(['p1', 'p2'])],
  ['BYZANTINE', setOf(['p3'])],
  ['QUORUM', 3n],
  ['BLOCKS', 2n],
  ['BLOCK_SIZE', 2n],
  ['MAX_CRASHES', 1n],
]);

const requester = 'p1';
const OWNS_BLOCK_0: readonly Written[] = [
  ['reserve', { requester, block: 0 }],
  ['acknowledge', { acker: 'p2', requester, block: 0 }],
  ['promiseToAll', { byz: 'p3', block: 0 }],
  ['confirm', { requester, block: 0 }],
];

describe('running freely', () => {
  it('hands out values that nobody else has, and comes to its end', async () => {
    const run = runVoting({ protocol, seed: '1', calm: true });
    const values = run.events
      .flatMap(({ state }) => (state?.issued === undefined ? [] : [state.issued]))
      .at(-1);
    expect(values).toEqual([
      ['p1', expect.arrayContaining([expect.any(Number)])],
      ['p2', expect.arrayContaining([expect.any(Number)])],
      ['p3', expect.arrayContaining([expect.any(Number)])],
    ]);
    expect(run.simulation.endings.map(({ as }) => as)).toEqual(Array(4).fill('success'));
    expect(complaints(await verdictOf({ protocol, seed: '1' }, run))).toEqual([]);
    expect(accused(run)).toEqual({ honest: [], byzantine: [] });
  });

  it('conforms to the spec under faults and misbehaviour, and accuses nobody who is honest', async () => {
    const actions = new Set<string>();
    let known: readonly string[] = [];
    const seed = fc.integer({ min: 0, max: 100_000 });
    await fc.assert(
      fc.asyncProperty(seed, async number => {
        const options = { protocol, seed: String(number) };
        const run = runVoting(options);
        const verdict = await verdictOf(options, run);
        expect(complaints(verdict)).toEqual([]);
        expect(accused(run).honest).toEqual([]);
        for (const action of verdict.actions) actions.add(action);
        known = verdict.known;
      }),
      { numRuns: SEEDS, seed: 1, endOnFailure: true },
    );
    expect(actions.size / known.length).toBeGreaterThan(0.9);
  });
});

describe('misbehaviour', () => {
  const isSeen: Readonly<Record<string, boolean>> = {
    silent: false,
    delay: false,
    conflicting_messages: true,
    double_vote: true,
    replay: true,
    forge_sender: true,
    invalid_signatures: true,
    signature_withholding: false,
    selective_abort: false,
  };

  it('is all tried', () => {
    expect(Object.keys(protocol.strategies).sort()).toEqual(Object.keys(isSeen).sort());
  });

  it.each(Object.entries(isSeen))('%s counts, conforms, and is found out: %s', async (strategy, seen) => {
    const options = { protocol, seed: '3', calm: true, strategy };
    const run = runVoting(options);
    expect(run.counts.find(({ of }) => of === 'strategy')?.count).toBeGreaterThan(0);
    expect(accused(run).honest).toEqual([]);
    expect(accused(run).byzantine.length > 0).toBe(seen);
    expect(complaints(await verdictOf(options, run))).toEqual([]);
  });
});

describe('a schedule', () => {
  const schedules: Readonly<Record<string, readonly Written[]>> = {
    'reserves, uses up and releases a block': [
      ...OWNS_BLOCK_0,
      ['!take', { requester }],
      ['advance', { requester }],
      ['take', { requester }],
      ['!release', { requester }],
      ['advance', { requester }],
      ['take', { requester }],
      ['release', { requester }],
      ['reserve', { requester, block: 1 }],
      ['acknowledge', { acker: 'p2', requester, block: 1 }],
      ['!confirm', { requester, block: 1 }],
      ['promiseToAll', { byz: 'p3', block: 1 }],
      ['confirm', { requester, block: 1 }],
    ],
    'splits the promises of the honest': [
      ['reserve', { requester, block: 0 }],
      ['reserve', { requester: 'p2', block: 0 }],
      ['promiseToAll', { byz: 'p3', block: 0 }],
      ['!acknowledge', { acker: 'p2', requester, block: 0 }],
      ['!confirm', { requester, block: 0 }],
    ],
    'repeats a reservation that was given up': [
      ['reserve', { requester, block: 0 }],
      ['!replayReservation', { byz: 'p3', requester, block: 0 }],
      ['abandon', { requester, block: 0 }],
      ['!acknowledge', { acker: 'p2', requester, block: 0 }],
      ['replayReservation', { byz: 'p3', requester, block: 0 }],
      ['acknowledge', { acker: 'p2', requester, block: 0 }],
      ['!reserve', { requester, block: 0 }],
    ],
    'crashes between mark and use': [
      ...OWNS_BLOCK_0,
      ['advance', { requester }],
      ['crash', { requester }],
      ['!restart', { requester, cursor: 0 }],
      ['restart', { requester, cursor: 1 }],
      ['!take', { requester }],
      ['advance', { requester }],
      ['take', { requester }],
      ['release', { requester }],
    ],
    'leaves misbehaviour to the adversary': [
      ['!promiseToAll', { byz: 'p2', block: 0 }],
      ['!reserve', { requester: 'p3', block: 0 }],
      ['!reserve', { requester, block: 2 }],
      ['promiseToAll', { byz: 'p3', block: 0 }],
    ],
  };

  it.each(Object.entries(schedules))('%s', async (_, schedule) => {
    const followed = await follow(protocol, INSTANCE, [2], schedule);
    expect(followed.stuck).toBeUndefined();
    expect(followed.complaints).toEqual([]);
    const wanted = schedule.flatMap(([action]) => (action.startsWith('!') ? [] : [action]));
    expect(followed.actions).toEqual(['init', ...wanted]);
  });
});

describe('a planted bug', () => {
  const crashes = [600, 1_100, 1_600, 2_100, 2_600, 3_100].map(at_ms => ({
    type: 'restart',
    participants: [0, 1, 2],
    at_ms,
  }));
  const bugs: Readonly<Record<string, string>> = {
    resumes_below_mark: 'NoValueTwice',
    counts_itself_twice: 'GrantsHaveQuorum',
    promises_in_memory: 'HonestAcksArePromises',
    takes_before_mark: 'MarkBeforeUse',
  };

  it('is not there by itself', async () => {
    expect(await findWrong({ protocol, calm: true, faults: crashes }, 2)).toBeUndefined();
  });

  it.each(Object.entries(bugs))('%s is found within 5 seeds, and breaks %s', async (bug, property) => {
    expect(Object.keys(protocol.bugs)).toContain(bug);
    const wrong = await findWrong({ protocol, calm: true, faults: crashes, bug }, 5);
    expect(wrong?.join('\n')).toContain(property);
  });
});

describe('what it cannot run with', () => {
  const request = {
    participants: 3,
    threshold: 2,
    faultBound: 1,
    guardianApprovals: 0,
    byzantine: [],
    timeoutEpochs: 20,
    epochMs: 1000,
    parameters: {},
    constants: new Map<string, Value>(),
    lost: [],
    vaults: [],
  };

  it.each([
    ['nobody who asks', { byzantine: [0, 1, 2] }],
    ['a quorum above the participants', { parameters: { quorum: 4 } }],
    ['no blocks', { parameters: { blocks: 0 } }],
    ['names that are not there', { constants: new Map([['PARTICIPANTS', setOf(['a'])]]) }],
  ])('%s', (_, change) => {
    const setting = protocol.setting({ ...request, ...change });
    expect(setting.ok ? [] : setting.errors.map(({ code }) => code)).toEqual(['AUR441']);
  });

  it('asks for a quorum of which any two share an honest participant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(2), (participants, faulty) => {
        const byzantine = Array.from(
          { length: Math.min(faulty, participants - 1) },
          (_, i) => participants - 1 - i,
        );
        const { quorum, requesters } = got(
          protocol.setting({ ...request, participants, byzantine, threshold: 1 }),
        );
        expect(requesters.filter(id => byzantine.includes(id))).toEqual([]);
        expect(2 * quorum).toBeGreaterThan(participants + byzantine.length);
      }),
    );
  });
});
