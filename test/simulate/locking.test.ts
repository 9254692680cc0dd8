// The lock held against locking.qnt: whatever happens, what its nodes do is a behaviour of the spec.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setOf, type Value } from '../../src/model/value.js';
import { locking } from '../../src/simulate/protocols/locking/locking.js';
import { drawThisTicket, drawTicket, isTicketOf } from '../../src/simulate/protocols/locking/lottery.js';
import { complaints } from './conformance.js';
import { accused, findWrong, follow, runVoting, verdictOf, type Written } from './support/voting-worlds.js';
import { got } from './support/world.js';

const protocol = locking;
/** More by hand: `SEEDS=200 npx vitest run test/simulate/locking.test.ts`. */
const SEEDS = Number(process.env.SEEDS ?? 12);

/** The instance that the spec comes with. */
const INSTANCE = new Map<string, Value>([
  ['PARTICIPANTS', setOf(['p1', 'p2', 'p3'])],
  ['REQUESTERS', setOf(['p1', 'p2'])],
  ['BYZANTINE', setOf(['p3'])],
  ['QUORUM', 3n],
  ['TICKETS', setOf([1n, 2n])],
  ['LEASE', 2n],
  ['MAX_EPOCH', 3n],
  ['MAX_CRASHES', 1n],
]);

const p1 = { requester: 'p1' };
const p2 = { requester: 'p2' };
const byz = 'p3';
const P1_HOLDS: readonly Written[] = [
  ['draw', { ...p1, ticket: 1 }],
  ['grant', { peer: 'p1', ...p1 }],
  ['grant', { peer: 'p2', ...p1 }],
  ['!acquire', p1],
  ['grantToAll', { byz }],
  ['acquire', p1],
];

describe('running freely', () => {
  it('gives the lock to one after the other, and comes to its end', async () => {
    const run = runVoting({ protocol, seed: '1', calm: true });
    const steps = run.events.flatMap(({ action, params }) =>
      action === 'acquire' || action === 'release' ? [`${action} ${String(params?.requester)}`] : [],
    );
    expect(steps).toHaveLength(6);
    for (let i = 0; i < steps.length; i += 2)
      expect(steps[i + 1]).toBe(steps[i]?.replace('acquire', 'release'));
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
    replay: false,
    forge_sender: true,
    invalid_signatures: true,
    signature_withholding: false,
    selective_abort: false,
  };

  it('is all tried', () => {
    expect(Object.keys(protocol.strategies).sort()).toEqual(Object.keys(isSeen).sort());
  });

  it.each(Object.entries(isSeen))('%s counts, conforms, and is found out: %s', async (strategy, seen) => {
    const options = { protocol, seed: '3', calm: true, strategy, timeoutEpochs: 20 };
    const run = runVoting(options);
    expect(run.counts.find(({ of }) => of === 'strategy')?.count).toBeGreaterThan(0);
    expect(accused(run).honest).toEqual([]);
    expect(accused(run).byzantine.length > 0).toBe(seen);
    expect(complaints(await verdictOf(options, run))).toEqual([]);
  });
});

describe('a schedule', () => {
  const schedules: Readonly<Record<string, readonly Written[]>> = {
    'hands the lock from one to the other': [
      ...P1_HOLDS,
      ['release', p1],
      ['heedRelease', { peer: 'p1', ...p1, signer: 'p1' }],
      ['heedRelease', { peer: 'p2', ...p1, signer: 'p1' }],
      ['!grant', { peer: 'p1', ...p1 }],
      ['tick'],
      ['draw', { ...p2, ticket: 2 }],
      ['grant', { peer: 'p1', ...p2 }],
      ['grant', { peer: 'p2', ...p2 }],
      ['grantToAll', { byz }],
      ['acquire', p2],
    ],
    'splits the votes of the honest': [
      ['draw', { ...p1, ticket: 2 }],
      ['!draw', { ...p1, ticket: 1 }],
      ['grant', { peer: 'p1', ...p1 }],
      ['!draw', { ...p2, ticket: 2 }],
      ['tick'],
      ['draw', { ...p1, ticket: 2 }],
      ['draw', { ...p2, ticket: 1 }],
      ['!grant', { peer: 'p2', ...p1 }],
      ['grant', { peer: 'p2', ...p2 }],
      ['!grant', { peer: 'p1', ...p2 }],
      ['grantToAll', { byz }],
      ['!acquire', p1],
      ['!acquire', p2],
    ],
    'has releases of others forged': [
      ['!forgeRelease', { byz, ...p1 }],
      ...P1_HOLDS,
      ['forgeRelease', { byz, ...p1 }],
      ['!heedRelease', { peer: 'p2', ...p1, signer: 'p3' }],
      ['!heedRelease', { peer: 'p2', ...p1, signer: 'p1' }],
    ],
    'waits for the lease of a holder that crashed': [
      ...P1_HOLDS,
      ['crash', p1],
      ['restart', p1],
      ['!release', p1],
      ['tick'],
      ['!expire', { peer: 'p1' }],
      ['draw', { ...p2, ticket: 1 }],
      ['!grant', { peer: 'p2', ...p2 }],
      ['tick'],
      ['expire', { peer: 'p1' }],
      ['expire', { peer: 'p2' }],
      ['draw', { ...p2, ticket: 1 }],
      ['grant', { peer: 'p1', ...p2 }],
      ['grant', { peer: 'p2', ...p2 }],
      ['grantToAll', { byz }],
      ['acquire', p2],
      ['!tick'],
    ],
    'counts in the next epoch what was granted in this': [
      ...P1_HOLDS.slice(0, 3),
      ['grantToAll', { byz }],
      ['tick'],
      ['acquire', p1],
      ['tick'],
      ['release', p1],
      ['heedRelease', { peer: 'p2', ...p1, signer: 'p1' }],
    ],
    'leaves misbehaviour to the adversary': [
      ['!grantToAll', { byz: 'p2' }],
      ['!draw', { requester: 'p3', ticket: 1 }],
      ['!draw', { ...p1, ticket: 3 }],
      ['grantToAll', { byz }],
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
  const bugs: Readonly<Record<string, string>> = {
    grants_while_bound: 'MutualExclusion',
    expires_early: 'GrantsCloseForCause',
    heeds_forgeries: 'GrantsCloseForCause',
  };

  /** So that locks are lost while they are held. */
  const crashes = [900, 2_900, 4_900].map(at_ms => ({ type: 'restart', participants: [0, 1, 2], at_ms }));

  it('is not there by itself', async () => {
    expect(await findWrong({ protocol, calm: true, faults: crashes }, 2)).toBeUndefined();
  });

  it.each(Object.entries(bugs))('%s is found within 5 seeds, and breaks %s', async (bug, property) => {
    expect(Object.keys(protocol.bugs)).toContain(bug);
    const faults = bug === 'expires_early' ? crashes : [];
    const wrong = await findWrong({ protocol, calm: true, strategy: 'forge_sender', bug, faults }, 5);
    expect(wrong?.join('\n')).toContain(property);
  });
});

describe('the lottery', () => {
  const setting = got(
    protocol.setting({
      participants: 5,
      threshold: 3,
      faultBound: 1,
      guardianApprovals: 0,
      byzantine: [4],
      timeoutEpochs: 20,
      epochMs: 1000,
      parameters: {},
      constants: new Map(),
      lost: [],
      vaults: [],
    }),
  );

  it('gives different tickets to all, which everybody can check and nobody can change', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), epoch => {
        const drawn = setting.requesters.flatMap(id => {
          const ticket = drawTicket(setting, id, epoch);
          return ticket === null ? [] : [{ id, ticket }];
        });
        expect(new Set(drawn.map(({ ticket }) => ticket.ticket)).size).toBe(setting.requesters.length);
        for (const { id, ticket } of drawn) {
          expect(isTicketOf(setting, id, ticket)).toBe(true);
          expect(isTicketOf(setting, id, { ...ticket, epoch: epoch + 1 })).toBe(false);
          expect(isTicketOf(setting, (id + 1) % 5, ticket)).toBe(false);
          expect(isTicketOf(setting, id, { ...ticket, ticket: ticket.ticket + 1 })).toBe(false);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('has a proof for each ticket that a schedule may ask for', () => {
    for (const wanted of setting.tickets) {
      const drawn = drawThisTicket(setting, 0, 1, wanted);
      expect(drawn?.ticket).toBe(wanted);
      expect(drawn && isTicketOf(setting, 0, drawn)).toBe(true);
    }
    expect(drawThisTicket(setting, 0, 1, 99)).toBeNull();
    expect(drawTicket(setting, 4, 1)).toBeNull();
  });
});
