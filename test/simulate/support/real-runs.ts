// What the tests of dkd and of threshold signing do alike: worlds of which a seed draws everything but their size, since
// each set of constants has to be opened in Quint, which takes longer than many runs.
import { loadScenarioFile } from '../../../src/scenario/load.js';
import type { Fields } from '../../../src/simulate/data.js';
import type { FaultRequest } from '../../../src/simulate/faults.js';
import type { Protocol } from '../../../src/simulate/protocol.js';
import { createRandom, type Random } from '../../../src/util/random.js';
import { type Followed, followScenario, type Ran, runFreely } from './protocol-runs.js';
import { got, QUIET_NETWORK } from './world.js';

const PARTICIPANTS = 4;
/** The byzantine one, if there is one. */
export const CHEAT = PARTICIPANTS - 1;

export interface RealWorld {
  readonly protocol: Protocol;
  readonly seed: string;
  /** Of the byzantine participant; without it the seed draws one or none. */
  readonly strategy?: string;
  /** Without any misbehaviour or fault that is not asked for. */
  readonly calm?: boolean;
  readonly parameters?: Fields;
  readonly faults?: readonly FaultRequest[];
  readonly bug?: string;
}

/** Runs a world to its end and asks the verifier. */
export function checkedRun({
  protocol,
  seed,
  calm = false,
  parameters = {},
  bug,
  ...world
}: RealWorld): Promise<Ran> {
  const random = createRandom(`real run ${seed}`);
  const names = Object.keys(protocol.strategies);
  const drawn = calm || random.below(4) === 0 ? undefined : names[random.below(names.length)];
  const strategy = world.strategy ?? drawn;
  return runFreely({
    protocol,
    seed,
    participants: PARTICIPANTS,
    network: calm ? QUIET_NETWORK : badNetwork(random.fork('network')),
    faults: world.faults ?? (calm ? [] : drawnFaults(random.fork('faults'))),
    byzantine:
      strategy === undefined
        ? { participants: [], strategies: [] }
        : { participants: [CHEAT], strategies: [{ type: strategy }] },
    begin: { timeoutEpochs: 40, parameters, ...(bug !== undefined && { bug }) },
  });
}

function badNetwork(random: Random): typeof QUIET_NETWORK {
  const rate = (): number => (random.below(2) === 0 ? 0 : random.real() * 0.2);
  return {
    ...QUIET_NETWORK,
    latency_range: [1, 20 + random.below(300)],
    drop_rate: rate(),
    duplicate_rate: rate(),
    reorder_rate: rate(),
    corrupt_rate: rate(),
  };
}

/** At most four, of all kinds that hit nodes or links; early, since the protocols are soon through. */
function drawnFaults(random: Random): FaultRequest[] {
  return Array.from({ length: random.below(5) }, (): FaultRequest => {
    const participants = [random.below(PARTICIPANTS)];
    const spell = { at_ms: random.below(2500), duration_ms: 200 + random.below(4000) };
    const kinds: FaultRequest[] = [
      { type: 'crash', participants, ...spell },
      { type: 'crash', participants, ...spell },
      { type: 'crash', participants, disk: 'lost', ...spell },
      { type: 'restart', participants, at_ms: spell.at_ms },
      { type: 'pause', participants, ...spell },
      { type: 'disconnect', participants, ...spell },
      { type: 'eclipse', participants, ...spell },
      { type: 'clock_skew', participants, ...spell },
      { type: 'delay', ...spell },
      { type: 'device_loss', participants, at_ms: spell.at_ms },
    ];
    return kinds[random.below(kinds.length)] ?? { type: 'drop', ...spell };
  });
}

/** How the honest participants ended, by number. */
export function endingsOf({ simulation }: Ran): (string | undefined)[] {
  const { nodes } = simulation.view;
  return nodes.slice(0, PARTICIPANTS).flatMap(({ byzantine, ending }) => (byzantine ? [] : [ending]));
}

/** What the others hold against a participant. */
export function heldAgainst({ simulation }: Ran, who: number): string[] {
  const reasons = simulation.accusations.filter(one => one.who === who && one.by !== who && one.by !== CHEAT);
  return [...new Set(reasons.map(({ reason }) => reason))].sort();
}

/** How many of the seeds it takes to find the planted bug; undefined where none does. */
export async function seedsToFind(world: Omit<RealWorld, 'seed'>, most: number): Promise<number | undefined> {
  for (let seed = 0; seed < most; seed++) {
    const { complaints } = await checkedRun({ ...world, seed: String(seed) });
    if (complaints.length > 0) return seed + 1;
  }
  return undefined;
}

/** The generated scenarios of `test/fixtures/simulated`, followed step by step. */
export async function followFixture(protocol: Protocol): Promise<(Followed & { readonly name: string })[]> {
  const file = new URL(`../../fixtures/simulated/${protocol.name}.toml`, import.meta.url).pathname;
  const followed: (Followed & { readonly name: string })[] = [];
  for (const { scenario } of got(await loadScenarioFile(file)))
    followed.push({ ...(await followScenario(protocol, scenario)), name: scenario.name });
  return followed;
}
