// The kernel of the simulator with a protocol that does next to nothing: events a second, simulated time over real time,
// and what a checkpoint costs as its world grows. Crypto and the refinement mappings of real protocols are not in it.
import { Simulation } from '../dist/src/simulate/simulation.js';
import { must } from './engine-specs.js';
import { gossip } from './gossip.js';
import { median, seconds } from './measure.js';
import { rounded, row } from './table.js';

const SIZES = [5, 50, 500];
const EVENTS = 50_000;
const ROUNDS = 3;
/** The cost of a checkpoint by byte, of the largest world against the smallest, at most this much more. */
const LINEAR_LEAST = 0.5;

export const title = 'Simulator: the kernel';

export function run() {
  const speeds = SIZES.map(measureSpeed);
  return [
    ...speeds.map(({ size, perSecond, simulated }) =>
      row({
        work: 'events a second, and simulated time over real time',
        spec: `${size} participants`,
        ours: `${rounded(perSecond)} events/s`,
        theirs: 'real time',
        ratio: simulated,
      }),
    ),
    ...checkpointRows(),
  ];
}

function opened(size, rates = {}) {
  const network = {
    latency_range: [10, 50],
    latency_distribution: 'uniform',
    drop_rate: 0,
    duplicate_rate: 0,
    reorder_rate: 0,
    corrupt_rate: 0,
    partitions: [],
    ...rates,
  };
  const timing = { epoch_ms: 1000, timeout_epochs: 100_000, jitter_ms: 0, clock_skew_ms: 0 };
  const byzantine = { participants: [], strategies: [] };
  const options = { seed: '1', participants: size, network, timing, byzantine, faults: [] };
  const simulation = must(Simulation.create(options));
  must(
    simulation.begin(gossip, {
      threshold: 1,
      faultBound: 0,
      guardianApprovals: 0,
      timeoutEpochs: timing.timeout_epochs,
      parameters: {},
      constants: new Map(),
    }),
  );
  return simulation;
}

function measureSpeed(size) {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const simulation = opened(size, { drop_rate: 0.05, duplicate_rate: 0.05 });
    advance(simulation, EVENTS / 10);
    const from = simulation.time;
    const spent = seconds(() => advance(simulation, EVENTS));
    return { perSecond: EVENTS / spent, simulated: (simulation.time - from) / 1000 / spent };
  });
  const middle = key => median(rounds.map(each => each[key]));
  return { size, perSecond: middle('perSecond'), simulated: middle('simulated') };
}

function advance(simulation, events) {
  for (let event = 0; event < events; event++) simulation.advance();
}

function checkpointRows() {
  const costs = SIZES.map(size => {
    const simulation = opened(size);
    advance(simulation, size * 40);
    const { length } = simulation.checkpoint();
    const times = Math.max(3, Math.round(5_000_000 / length));
    const work = () => {
      for (let time = 0; time < times; time++) simulation.checkpoint();
    };
    return { size, length, spent: median(Array.from({ length: ROUNDS }, () => seconds(work))) / times };
  });
  const [smallest] = costs;
  return costs.map((cost, index) =>
    row({
      work: 'a checkpoint, its cost by byte',
      spec: `${cost.size} participants, ${rounded(cost.length / 1000)} kB`,
      ours: `${rounded(cost.spent * 1000)} ms`,
      theirs: `${smallest.size} participants`,
      ratio: smallest.spent / smallest.length / (cost.spent / cost.length),
      ...(index > 0 && { least: LINEAR_LEAST }),
    }),
  );
}
