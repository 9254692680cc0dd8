// Threshold signing on the simulator, held against its spec: in bad worlds, under each strategy, along generated
// schedules, with planted bugs; and what it makes is a signature.
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SettingRequest } from '../../src/simulate/protocol.js';
import { bytesOf } from '../../src/simulate/protocols/crypto.js';
import { dkd } from '../../src/simulate/protocols/dkd/protocol.js';
import { groupKeyIn } from '../../src/simulate/protocols/group-key.js';
import { thresholdSigning } from '../../src/simulate/protocols/threshold-signing/protocol.js';
import {
  CHEAT,
  checkedRun,
  endingsOf,
  followFixture,
  heldAgainst,
  seedsToFind,
} from './support/real-runs.js';
import { beginOptions, begun, got } from './support/world.js';

const protocol = thresholdSigning;
const seen = new Set<string>();

function note(actions: Iterable<string>): void {
  for (const action of actions) seen.add(action);
}

/** Whether the library, which knows nothing of shares, takes it for a signature of `message 1`. */
function verifies(signature: string, publicKey: string): boolean {
  const message = new TextEncoder().encode('message 1');
  return ed25519.verify(bytesOf(signature) ?? message, message, bytesOf(publicKey) ?? message);
}

describe('threshold signing', () => {
  it('conforms to its spec in bad worlds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 1000 }), async seed => {
        const { complaints, actions } = await checkedRun({ protocol, seed: String(seed) });
        expect(complaints).toEqual([]);
        note(actions);
      }),
      { numRuns: 8 },
    );
  }, 300_000);

  it('signs with the key that dkd leaves in the vaults', () => {
    const simulation = begun({ protocol: dkd });
    expect([...simulation.run()].length).toBeGreaterThan(0);
    got(simulation.begin(protocol, beginOptions({ parameters: { sessions: 1 } })));
    expect([...simulation.run()].length).toBeGreaterThan(0);
    const { keys = {}, sharesValid } = simulation.facts();
    const key = groupKeyIn(simulation.view.nodes[0]?.vault ?? {});
    expect(keys[0]).toMatch(/^[0-9a-f]{128}$/);
    expect(Object.values(keys)).toEqual(Array(3).fill(keys[0]));
    expect(verifies(keys[0] ?? '', key?.publicKey ?? '')).toBe(true);
    expect(sharesValid).toBe(true);
  });

  it('signs every message in a calm world, all participants knowing it', async () => {
    const run = await checkedRun({ protocol, seed: '1', calm: true, parameters: { sessions: 3 } });
    expect(run.complaints).toEqual([]);
    expect(endingsOf(run)).toEqual(Array(4).fill('success'));
    const { keys = {}, ledgers = {} } = run.simulation.facts();
    expect(keys[0]).toHaveLength(3 * 128);
    expect(new Set(Object.values(keys)).size).toBe(1);
    expect(new Set(Object.values(ledgers).map(String)).size).toBe(1);
  }, 180_000);

  const detected: Readonly<Record<string, readonly string[]>> = {
    commitment_equivocation: ['two commitments'],
    delay: [],
    forge_sender: ['forged sender'],
    invalid_signatures: ['false share'],
    replay: ['replayed share'],
    selective_abort: ['silent'],
    signature_withholding: ['silent'],
    silent: [],
  };

  it('says of every strategy how it is found out', () => {
    expect(Object.keys(detected).sort()).toEqual(Object.keys(protocol.strategies).sort());
  });

  it.each(Object.entries(detected))(
    '%s: is found out, and all is signed without it',
    async (strategy, reasons) => {
      // Whether the byzantine one is among the first to commit, and so among the signers, is up to the seed.
      for (let seed = 0; ; seed++) {
        const run = await checkedRun({ protocol, seed: `strategies ${seed}`, strategy, calm: true });
        expect(run.complaints).toEqual([]);
        note(run.actions);
        expect(endingsOf(run)).toEqual(Array(3).fill('success'));
        for (const honest of [0, 1, 2]) expect(heldAgainst(run, honest)).toEqual([]);
        if (!run.simulation.counts().some(({ type, count }) => type === strategy && count > 0)) {
          expect(seed).toBeLessThan(20);
          continue;
        }
        expect(heldAgainst(run, CHEAT)).toEqual(reasons);
        break;
      }
    },
    180_000,
  );

  it('follows generated schedules step by step', async () => {
    for (const { name, met, complaints, actions } of await followFixture(protocol)) {
      expect({ name, met, complaints }).toEqual({ name, met: [], complaints: [] });
      note(actions);
    }
  }, 300_000);

  it('shows nearly all actions of the spec in these runs', async () => {
    const { known } = await checkedRun({ protocol, seed: '1', calm: true });
    expect(known.filter(action => !seen.has(action)).length).toBeLessThanOrEqual(known.length / 10);
  }, 180_000);

  const planted: Readonly<Record<string, Parameters<typeof seedsToFind>[0]>> = {
    counts_strays: { protocol, strategy: 'replay', calm: true },
    reclaims_spent_nonces: { protocol, strategy: 'invalid_signatures', calm: true },
    two_packages: { protocol, calm: true },
  };

  it('names every bug that can be planted', () => {
    expect(Object.keys(planted)).toEqual(Object.keys(protocol.bugs));
  });

  it.each(Object.entries(planted))(
    'finds the planted bug %s',
    async (bug, options) => {
      expect(await seedsToFind({ ...options, bug }, 30)).toBeDefined();
    },
    300_000,
  );

  it('refuses settings that make no sense', () => {
    const request: SettingRequest = {
      participants: 3,
      threshold: 2,
      faultBound: 0,
      guardianApprovals: 0,
      byzantine: [],
      timeoutEpochs: 20,
      epochMs: 1000,
      parameters: {},
      constants: new Map(),
      lost: [],
      vaults: [{}, {}, {}],
    };
    expect(protocol.setting(request).ok).toBe(true);
    for (const wrong of [{ threshold: 4 }, { threshold: 1 }, { parameters: { sessions: 'two' } }])
      expect(protocol.setting({ ...request, ...wrong })).toMatchObject({
        ok: false,
        errors: [{ code: 'AUR441' }],
      });
  });
});
