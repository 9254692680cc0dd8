// The protocol resharing: held against its spec in free runs, in bad worlds, under the adversary and under generated
// schedules; and what it is for: old shares are useless, new ones sign, the public key is the same.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenarioFile } from '../../src/scenario/load.js';
import { combineShares, publicOf, scalarFrom } from '../../src/simulate/protocols/crypto.js';
import type { HolderState } from '../../src/simulate/protocols/resharing/data.js';
import { resharing } from '../../src/simulate/protocols/resharing/resharing.js';
import { must } from '../../src/util/assert.js';
import { ROOT, unwrap } from '../quint.js';
import { badWorld, followScenario, type Ran, type RunSetup, runFreely } from './support/protocol-runs.js';
import { beginOptions, begun, QUIET_NETWORK } from './support/world.js';

/** AURA_SEEDS of the environment, for runs longer than the ordinary one. */
const SEEDS = Number(process.env.AURA_SEEDS ?? 6);
const seen = new Set<string>();
let known: readonly string[] = [];

async function run(setup: Omit<RunSetup, 'protocol'>): Promise<Ran> {
  const ran = await runFreely({ protocol: resharing, participants: 4, ...setup });
  for (const action of ran.actions) seen.add(action);
  known = ran.known;
  return ran;
}

function against(type: string, parameters: Record<string, unknown> = {}): Pick<RunSetup, 'byzantine'> {
  return { byzantine: { participants: [2], strategies: [{ type, ...parameters }] } };
}

describe('a free run', () => {
  it('conforms, hands the key over to all, and leaves a signature of each epoch', async () => {
    const ran = await run({ begin: { threshold: 2, parameters: { new_threshold: 3 } } });
    expect(ran.complaints).toEqual([]);
    expect(ran.simulation.endings.map(({ as }) => as)).toEqual(Array(4).fill('success'));
    expect(ran.simulation.accusations).toEqual([]);
    const { keys, activeThreshold, sharesValid } = ran.simulation.facts();
    expect({ activeThreshold, sharesValid }).toEqual({ activeThreshold: 3, sharesValid: true });
    expect(new Set(Object.values(must(keys, 'keys'))).size).toBe(1);
    const signed = ran.events.filter(({ action }) => action === 'sign').map(({ params }) => params?.e);
    expect(new Set(signed)).toEqual(new Set([0, 1]));
  });

  it('leaves shares of the same key of which as many as the threshold are needed, and no old ones', () => {
    const simulation = begun({
      protocol: resharing,
      participants: 4,
      begin: { threshold: 2, parameters: { new_threshold: 3 } },
    });
    const before = stateOf(simulation.view.nodes[0]?.state);
    for (const _ of simulation.run()) void _;
    const { nodes } = simulation.view;
    const shares = [0, 1, 2, 3].map(node => {
      const { combined, share } = stateOf(nodes[node]?.state);
      expect(share).toBeNull();
      return { x: node + 1, share: must(scalarFrom(must(combined, 'a share').value), 'a scalar') };
    });
    const key = must(nodes[0]?.vault.group_public_key, 'the public key');
    expect(publicOf(combineShares(shares.slice(0, 3)))).toBe(key);
    expect(publicOf(combineShares(shares.slice(1)))).toBe(key);
    expect(publicOf(combineShares(shares.slice(0, 2)))).not.toBe(key);
    const old = { x: 1, share: must(scalarFrom(before.share ?? ''), 'an old share') };
    expect(publicOf(combineShares([old, ...shares.slice(1, 3)]))).not.toBe(key);
  });

  it('is refused with thresholds and holders that make no sense', () => {
    const setting = (parameters: Record<string, number | number[]>) => {
      const { ok } = resharing.setting({
        ...beginOptions({ parameters }),
        participants: 4,
        byzantine: [],
        epochMs: 1000,
        lost: [],
        vaults: [],
      });
      return ok;
    };
    expect(setting({})).toBe(true);
    expect(setting({ new_threshold: 5 })).toBe(false);
    expect(setting({ new_threshold: 0 })).toBe(false);
    expect(setting({ old_participants: [1, 7] })).toBe(false);
    expect(setting({ new_participants: [] })).toBe(false);
  });
});

/** For each strategy, what honest nodes say of it in the end; null where they cannot tell. */
const DETECTED: Readonly<Record<string, string | null>> = {
  invalid_signatures: 'deals what does not verify',
  selective_abort: 'deals what does not verify',
  signature_withholding: 'does not sign',
  commitment_equivocation: 'deals twice',
  conflicting_messages: 'signs with something that is not its share',
  forge_sender: 'sends under another name',
  replay: null,
  delay: null,
  silent: null,
};

describe('the adversary', () => {
  it('has no other strategies than these', () => {
    expect(Object.keys(resharing.strategies).sort()).toEqual(Object.keys(DETECTED).sort());
  });

  it.each(Object.entries(DETECTED))(
    '%s has an effect, is found out, and breaks nothing',
    async (type, reason) => {
      const ran = await run({
        ...against(type, { delay_ms: 300 }),
        begin: { threshold: 2, parameters: { signatures: 3 } },
      });
      expect(ran.complaints).toEqual([]);
      expect(must(ran.simulation.counts().find(({ of }) => of === 'strategy')?.count, type)).toBeGreaterThan(
        0,
      );
      expect(ran.events.some(({ action }) => action === 'activate')).toBe(true);
      expect(ran.simulation.facts().sharesValid).toBe(true);
      const said = ran.simulation.accusations.filter(({ by }) => by !== 2);
      if (reason !== null) expect(said.map(({ reason }) => reason)).toContain(reason);
      expect(said.filter(({ who }) => who !== 2)).toEqual([]);
    },
  );

  it('that stops after dealing leaves a key that signs without it', async () => {
    const ran = await run({
      ...against('selective_abort', { abort_after: 'dealing' }),
      begin: { threshold: 2 },
    });
    expect(ran.complaints).toEqual([]);
    expect(ran.events.filter(({ action, params }) => action === 'sign' && params?.e === 1)).toHaveLength(2);
  });
});

describe('bad worlds', () => {
  it('make no run that does not conform', async () => {
    const types = Object.keys(DETECTED);
    for (let i = 0; i < SEEDS; i++) {
      const strategy = i % 2 === 0 ? {} : against(must(types[(i >> 1) % types.length], 'a strategy'));
      const ran = await run({
        ...badWorld(`resharing ${i}`, 4),
        ...strategy,
        begin: { threshold: 2, parameters: { signatures: 2 } },
      });
      expect([i, ...ran.complaints]).toEqual([i]);
      expect(ran.simulation.facts().sharesValid).toBe(true);
    }
  });

  it('and the adversary between them bring about every action of the spec', () => {
    expect(known.filter(action => !seen.has(action))).toEqual([]);
  });
});

describe('a generated schedule', () => {
  it.each(['new-shares-agree', 'group-is-in-good-standing'])('%s is followed step by step', async name => {
    const file = path.join(ROOT, 'test', 'fixtures', 'simulate', `resharing-${name}.toml`);
    const [loaded] = unwrap(await loadScenarioFile(file));
    const followed = await followScenario(resharing, must(loaded, 'a scenario').scenario);
    expect(followed.met).toEqual([]);
    expect(followed.complaints).toEqual([]);
  });
});

describe('a planted bug', () => {
  /** Seeds within which each of them has to be found. */
  const MOST = 40;
  const CASES: readonly [string, string | undefined, number][] = [
    ['keeps_shares_of_former_group', 'invalid_signatures', 1],
    ['skips_share_check', 'invalid_signatures', 1],
    ['counts_late_signatures', undefined, 3],
  ];

  it('is among those that are looked for', () => {
    expect(CASES.map(([bug]) => bug).sort()).toEqual(Object.keys(resharing.bugs).sort());
  });

  it.each(CASES)('%s is found', async (bug, type, signatures) => {
    for (let seed = 0; seed < MOST; seed++) {
      const ran = await runFreely({
        protocol: resharing,
        participants: 4,
        seed: String(seed),
        network: { ...QUIET_NETWORK, latency_range: [1, 100] },
        ...(type === undefined ? {} : against(type)),
        begin: { threshold: 2, bug, parameters: { signatures } },
      });
      if (ran.complaints.length > 0) return;
    }
    expect.fail(`not found within ${MOST} seeds`);
  });
});

function stateOf(state: unknown): HolderState {
  if (!isHolder(state)) throw new Error('not a holder');
  return state;
}

function isHolder(state: unknown): state is HolderState {
  return typeof state === 'object' && state !== null && 'role' in state && state.role === 'holder';
}
