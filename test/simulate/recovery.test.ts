// The protocol recovery: held against its spec in free runs, in bad worlds, under the adversary and under generated
// schedules; and that the new device really has the account's key in the end.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenarioFile } from '../../src/scenario/load.js';
import { recovery } from '../../src/simulate/protocols/recovery/recovery.js';
import { must } from '../../src/util/assert.js';
import { ROOT, unwrap } from '../quint.js';
import { badWorld, followScenario, type Ran, type RunSetup, runFreely } from './support/protocol-runs.js';
import { beginOptions, QUIET_NETWORK } from './support/world.js';

/** AURA_SEEDS of the environment, for runs longer than the ordinary one. */
const SEEDS = Number(process.env.AURA_SEEDS ?? 6);
const USUAL = { threshold: 2, guardianApprovals: 2 };
const seen = new Set<string>();
let known: readonly string[] = [];

async function run(setup: Omit<RunSetup, 'protocol'>): Promise<Ran> {
  const ran = await runFreely({ protocol: recovery, participants: 4, ...setup });
  for (const action of ran.actions) seen.add(action);
  known = ran.known;
  return ran;
}

function against(type: string, parameters: Record<string, unknown> = {}): Pick<RunSetup, 'byzantine'> {
  return { byzantine: { participants: [2], strategies: [{ type, ...parameters }] } };
}

describe('a free run', () => {
  it('conforms, and the new device has the key of the account', async () => {
    const ran = await run({
      begin: { ...USUAL, lost: [0], parameters: { guardian_devices: [1, 2] } },
    });
    expect(ran.complaints).toEqual([]);
    expect(ran.simulation.facts()).toEqual({ recovered: true, accountAccessible: true });
    expect(ran.simulation.endings.map(({ node, as }) => [node, as]).sort()).toEqual([
      [1, 'success'],
      [2, 'success'],
      [3, 'success'],
    ]);
    expect(ran.simulation.accusations).toEqual([]);
  });

  it('that is disputed restores in the attempt after', async () => {
    const ran = await run({ begin: { ...USUAL, parameters: { disputes: 2 } } });
    expect(ran.complaints).toEqual([]);
    expect(ran.events.filter(({ action }) => action === 'reopen')).toHaveLength(1);
    expect(ran.simulation.facts().accountAccessible).toBe(true);
  });

  it('is refused where the approvals cannot come together', () => {
    const setting = (approvals: number, parameters: Record<string, number[]>) =>
      recovery.setting({
        ...beginOptions({ guardianApprovals: approvals, parameters }),
        participants: 4,
        byzantine: [],
        epochMs: 1000,
        lost: [0],
        vaults: [],
      }).ok;
    expect(setting(3, {})).toBe(true);
    expect(setting(4, {})).toBe(false);
    expect(setting(2, { guardian_devices: [1, 9] })).toBe(false);
    expect(setting(2, { guardian_devices: [1] })).toBe(false);
  });
});

/** For each strategy, what honest nodes say of it in the end; null where they cannot tell. */
const DETECTED: Readonly<Record<string, string | null>> = {
  double_vote: 'approves under two keys',
  forge_sender: 'approves in the name of another guardian',
  replay: 'repeats the approval of another guardian',
  conflicting_messages: 'disputes what it has approved',
  invalid_signatures: 'gives a share that does not fit',
  signature_withholding: null,
  selective_abort: null,
  delay: null,
  silent: null,
};

describe('the adversary', () => {
  it('has no other strategies than these', () => {
    expect(Object.keys(recovery.strategies).sort()).toEqual(Object.keys(DETECTED).sort());
  });

  it.each(Object.entries(DETECTED))(
    '%s has an effect, is found out, and breaks nothing',
    async (type, reason) => {
      const reasons = new Set<string>();
      for (const seed of ['1', '2', '3']) {
        const ran = await run({ ...against(type), seed, begin: USUAL });
        expect(ran.complaints).toEqual([]);
        expect(ran.simulation.facts()).toEqual({ recovered: true, accountAccessible: true });
        expect(ran.simulation.counts()[0]).toMatchObject({ of: 'strategy', type });
        expect(ran.simulation.counts()[0]?.count).toBeGreaterThan(0);
        const said = ran.simulation.accusations.filter(({ by }) => by !== 2);
        expect(said.filter(({ who }) => who !== 2)).toEqual([]);
        for (const { reason } of said) reasons.add(reason);
      }
      if (reason !== null) expect([...reasons]).toContain(reason);
    },
  );

  it('is named when an attempt waits for it', async () => {
    const setup = { ...against('signature_withholding'), begin: { ...USUAL, guardianApprovals: 4 } };
    const { simulation, complaints } = await run(setup);
    expect(complaints).toEqual([]);
    expect(simulation.facts().recovered).toBe(false);
    expect(simulation.accusations.map(({ who, reason }) => [who, reason])).toEqual([[2, 'does not approve']]);
    expect(simulation.endings.map(({ as }) => as)).toEqual(Array(4).fill('timeout'));
  });

  it('is named when its share is missing', async () => {
    const setup = { ...against('selective_abort'), begin: { ...USUAL, guardianApprovals: 4 } };
    const { simulation, complaints } = await run(setup);
    expect(complaints).toEqual([]);
    expect(simulation.facts()).toEqual({ recovered: false, accountAccessible: false });
    expect(simulation.accusations.map(({ who, reason }) => [who, reason])).toEqual([
      [2, 'does not give its share'],
    ]);
  });
});

describe('bad worlds', () => {
  it('make no run that does not conform', async () => {
    const types = Object.keys(DETECTED);
    for (let i = 0; i < SEEDS; i++) {
      const strategy = i % 2 === 0 ? {} : against(must(types[(i >> 1) % types.length], 'a strategy'));
      const ran = await run({ ...badWorld(`recovery ${i}`, 4), ...strategy, begin: USUAL });
      expect([i, ...ran.complaints]).toEqual([i]);
    }
  });

  it('and the adversary between them bring about every action of the spec', () => {
    expect(known.filter(action => !seen.has(action))).toEqual([]);
  });
});

describe('a generated schedule', () => {
  it.each(['completes', 'tallies-are-genuine'])('%s is followed step by step', async name => {
    const file = path.join(ROOT, 'test', 'fixtures', 'simulate', `recovery-${name}.toml`);
    const [loaded] = unwrap(await loadScenarioFile(file));
    const followed = await followScenario(recovery, must(loaded, 'a scenario').scenario);
    expect(followed.met).toEqual([]);
    expect(followed.complaints).toEqual([]);
  });
});

describe('a planted bug', () => {
  /** Seeds within which each of them has to be found. */
  const MOST = 40;
  const CASES: readonly [string, string | undefined, Record<string, number>][] = [
    ['accepts_late_disputes', undefined, { disputes: 1 }],
    ['counts_keys_for_guardians', 'double_vote', {}],
    ['accepts_forged_approvals', 'forge_sender', {}],
    ['accepts_old_approvals', 'replay', {}],
  ];

  it('is among those that are looked for', () => {
    expect(CASES.map(([bug]) => bug).sort()).toEqual(Object.keys(recovery.bugs).sort());
  });

  it.each(CASES)('%s is found', async (bug, type, parameters) => {
    for (let seed = 0; seed < MOST; seed++) {
      const ran = await runFreely({
        protocol: recovery,
        participants: 4,
        seed: String(seed),
        network: { ...QUIET_NETWORK, latency_range: [1, 100] },
        ...(type === undefined ? {} : against(type)),
        begin: { ...USUAL, bug, parameters, timeoutEpochs: 12 },
      });
      if (ran.complaints.length > 0) return;
    }
    expect.fail(`not found within ${MOST} seeds`);
  });
});
