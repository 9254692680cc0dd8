// Runs of scenarios: what watching every property after every step costs, what two workers give, and how much of it all is
// cryptography. Each protocol runs with the faults of a scenario of its own, many seeds in one process; specs are opened
// before anything is measured.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import os from 'node:os';
import path from 'node:path';
import { RunSpecs } from '../dist/src/cli/run-specs.js';
import { runTools } from '../dist/src/cli/run-tools.js';
import { quietTerminal } from '../dist/src/cli/terminal.js';
import { loadAssertions } from '../dist/src/run/own-assertions.js';
import { performRun } from '../dist/src/run/perform-run.js';
import { parseScenarioText } from '../dist/src/scenario/load.js';
import { PROTOCOLS } from '../dist/src/simulate/protocols/index.js';
import { must } from './engine-specs.js';
import { median, seconds } from './measure.js';
import { AURA, runScript } from './programs.js';
import { rounded, row } from './table.js';

const SEEDS = 10;
const ROUNDS = 3;
/** A run with all monitors may take at most twice as long as one without. */
const MONITORS_MOST = 2;
const WORKERS_LEAST = 1.7;
const WORKER_SEEDS = 60;

export const title = 'Runs of scenarios';

export async function run() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'aura-bench-runs-'));
  try {
    const names = Object.keys(PROTOCOLS).filter(name => name !== 'counter_coordination');
    const rows = [];
    for (const name of names) rows.push(...(await protocolRows(name, folder)));
    rows.push(await workersRow(folder));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function scenarioText(name) {
  return [
    '[[scenario]]',
    `name = "${name} under faults"`,
    'expected_outcome = "property_holds"',
    '[scenario.setup]',
    'participants = 4',
    'threshold = 3',
    '[scenario.network]',
    'drop_rate = 0.05',
    'duplicate_rate = 0.05',
    '[[scenario.protocols]]',
    `type = "${name}"`,
    '',
  ].join('\n');
}

async function protocolRows(name, folder) {
  const [{ scenario, file, line }] = must(await parseScenarioText(scenarioText(name), `${name}.toml`));
  const signal = new AbortController().signal;
  const specs = new RunSpecs({ terminal: quietTerminal(), signal }, {});
  const { check } = must(await loadAssertions(undefined));
  const tools = runTools(specs, file, {
    checkAssertion: check,
    answerMs: 1000,
    onProgress: () => {},
    signal,
  });
  const runs = async on => {
    const checks = { conformance: on, invariants: on, temporal: on };
    const options = { ...checks, checker: 'builtin', strictFaults: false, trace: 'off', output: folder };
    let steps = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const job = { scenario, file, line, seed: String(seed), driver: { kind: 'simulated' }, options };
      const { result } = must(await performRun(job, tools));
      if (result.result !== 'met') throw new Error(`${name}, seed ${seed}: ${result.reasons.join('; ')}`);
      steps += result.events;
    }
    return steps;
  };
  const steps = await runs(true);
  const ratios = [];
  for (let round = 0; round < ROUNDS; round++) {
    const off = await seconds(() => runs(false));
    const on = await seconds(() => runs(true));
    ratios.push({ on, off });
  }
  const on = median(ratios.map(each => each.on)) / SEEDS;
  const off = median(ratios.map(each => each.off)) / SEEDS;
  const crypto = await cryptoShare(() => runs(false));
  return [
    row({
      work: 'a run without monitors, against one with all',
      spec: `${name}, ${rounded(steps / SEEDS)} steps`,
      ours: `${rounded(on * 1000)} ms`,
      theirs: `${rounded(off * 1000)} ms`,
      ratio: off / on,
      least: 1 / MONITORS_MOST,
    }),
    row({
      work: 'share of cryptography in a run without monitors',
      spec: name,
      ours: `${rounded(crypto * 100)} %`,
    }),
  ];
}

/** The share of time spent in the libraries of cryptography, by sampling. */
async function cryptoShare(work) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const isCrypto = new Map(
    profile.nodes.map(({ id, callFrame }) => [id, /[\\/]@noble[\\/]/.test(callFrame.url)]),
  );
  const idle = new Set(
    profile.nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id),
  );
  const busy = profile.samples.filter(id => !idle.has(id));
  return busy.filter(id => isCrypto.get(id)).length / Math.max(1, busy.length);
}

async function workersRow(folder) {
  const file = path.join(folder, 'counter.toml');
  writeFileSync(file, scenarioText('counter'));
  const words = ['scenarios', 'run', file, '--seeds', `1..${WORKER_SEEDS}`, '--output', folder];
  const once = jobs => seconds(() => runScript(AURA, [...words, '--jobs', jobs]));
  await once(2);
  const times = { one: [], two: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.one.push(await once(1));
    times.two.push(await once(2));
  }
  const [one, two] = [median(times.one), median(times.two)];
  return row({
    work: 'scenarios a second, two workers against one',
    spec: `counter, ${WORKER_SEEDS} seeds`,
    ours: `${rounded(WORKER_SEEDS / two)} /s`,
    theirs: `${rounded(WORKER_SEEDS / one)} /s`,
    ratio: one / two,
    least: WORKERS_LEAST,
  });
}
