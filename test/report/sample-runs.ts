// Runs of test/fixtures/report/lock.toml as the runner would write them, by hand: one of each result, a scenario with
// many seeds, and one of everything that a run has to tell.
import type { RunProtocol, RunResult } from '../../generated/run-result.js';
import type { RunSummary, RunTotals } from '../../generated/run-summary.js';

const FILE = 'test/fixtures/report/lock.toml';

export const PROTOCOL: RunProtocol = {
  type: 'lock',
  trace: 'lock.jsonl',
  events: 24,
  epochs: 1,
  timedOut: false,
  endings: ['released', 'released', null],
  accusations: [],
  verdict: 'conforms',
  properties: [
    {
      name: 'HolderDoesNotWait',
      class: 'Safety',
      kind: 'invariant',
      verdict: 'satisfied',
      step: null,
      reason: null,
    },
    { name: 'Served', class: null, kind: 'temporal', verdict: 'satisfied', step: null, reason: null },
  ],
  violated: null,
};

export const MET: RunResult = {
  format: 'aura-run-result',
  version: 1,
  id: '3f9a1c2b4d5e6f70',
  scenario: 'two clients',
  file: FILE,
  line: 3,
  seed: '1',
  driver: { kind: 'simulated', detail: null },
  result: 'met',
  expected: 'success',
  outcome: 'success',
  reasons: [],
  phases: [{ name: null, ran: true, protocols: [PROTOCOL], assertions: [], checkpoints: [] }],
  assertions: [{ type: 'all_released', verdict: 'held', detail: 'clients 0, 1 and 2 released' }],
  faults: [{ type: 'drop', participants: [1], count: 4 }],
  strategies: [],
  attempts: [],
  schedule: { steps: 0, accepted: 0, rejected: 0, surprises: [] },
  events: 24,
  digest: 'ab'.repeat(32),
  nondeterminism: null,
  errors: [],
  reproduce: `aura scenarios run ${FILE} --scenario 'two clients' --seed 1`,
  timing: { seconds: 0.05 },
};

/** Of a scenario of its own, with the command that runs it again. */
export function runOf(scenario: string, line: number, seed: string, changes: Partial<RunResult>): RunResult {
  const reproduce = `aura scenarios run ${FILE} --scenario '${scenario}' --seed ${seed}`;
  return { ...MET, scenario, line, seed, reproduce, ...changes };
}

const STOLEN: RunProtocol = {
  ...PROTOCOL,
  verdict: 'rejected',
  properties: [
    {
      name: 'HolderDoesNotWait',
      class: 'Safety',
      kind: 'invariant',
      verdict: 'violated',
      step: 4,
      reason: null,
    },
    {
      name: 'Served',
      class: null,
      kind: 'temporal',
      verdict: 'inconclusive',
      step: null,
      reason: 'open end',
    },
  ],
  violated: 'HolderDoesNotWait',
};

/** One that the spec forbids, met with many seeds. */
export function stolen(seed: string): RunResult {
  return runOf('a stolen lock', 12, seed, {
    result: 'missed',
    expected: 'safety_violation_prevented',
    outcome: 'property_violation',
    reasons: [
      'HolderDoesNotWait is violated at state 4 of lock.jsonl',
      'lock.jsonl is no behaviour of the spec from state 4 on (acquire)',
      'one_holder does not hold at the end of the phase attack: clients 1 and 2 hold the lock',
      'step 4, acquire, was carried out, which the spec forbids',
    ],
    phases: [
      {
        name: 'attack',
        ran: true,
        protocols: [STOLEN],
        assertions: [{ type: 'one_holder', verdict: 'failed', detail: 'clients 1 and 2 hold the lock' }],
        checkpoints: [],
      },
    ],
    schedule: {
      steps: 5,
      accepted: 4,
      rejected: 1,
      surprises: [{ index: 4, action: 'acquire', expect: 'rejected', reason: null }],
    },
    faults: [],
    strategies: [{ type: 'steal', participants: [2], count: 1 }],
  });
}

export const UNTOLD = runOf('a slow network', 31, '1', {
  result: 'inconclusive',
  outcome: 'inconclusive',
  reasons: [
    'Served is not decided by lock.jsonl: open end',
    'all_released cannot be decided: the driver does not tell how clients end',
  ],
  assertions: [
    { type: 'all_released', verdict: 'unknown', detail: 'the driver does not tell how clients end' },
  ],
  faults: [{ type: 'delay', participants: [0, 1], count: 0 }],
});

/** The harness promised the same run for the same seed. */
export const TWO_WAYS = runOf('a clock that is read', 38, '1', {
  result: 'error',
  outcome: 'error',
  reasons: ['a second run with the same seed went another way from event 7 of lock.jsonl on'],
  errors: [
    {
      code: 'AUR468',
      message: 'a second run with the same seed went another way from event 7 of lock.jsonl on',
      location: `${FILE}:38:1`,
      hint: null,
    },
  ],
  nondeterminism: {
    trace: 'lock.jsonl',
    event: 7,
    first: '{"action":"acquire","params":{"c":"p1"}}',
    second: null,
  },
});

export const BROKEN = runOf('a real server', 44, '1', {
  driver: { kind: 'process', detail: './server --port 0' },
  result: 'error',
  outcome: 'error',
  reasons: ["the driver's program ./server cannot be started: no such file"],
  errors: [
    {
      code: 'AUR455',
      message: "the driver's program ./server cannot be started: no such file",
      location: `${FILE}:46:1`,
      hint: 'build it first',
    },
  ],
  phases: [],
  assertions: [],
  faults: [],
  events: 0,
  digest: null,
});

/** Exploratory: nothing was expected, but there is something to tell. */
export const EXPLORED = runOf('what if', 52, '9', {
  expected: 'inconclusive',
  outcome: 'failure',
  reasons: ['all_released does not hold: client 2 waits'],
  assertions: [{ type: 'all_released', verdict: 'failed', detail: 'client 2 waits' }],
  strategies: [{ type: 'equivocate', participants: [0], count: 0 }],
});

export function summaryOf(runs: readonly RunResult[], notRun = 0): RunSummary {
  const of = (kind: RunResult['result']) => runs.filter(({ result }) => result === kind).length;
  const effects = runs.flatMap(({ faults, strategies }) => [...faults, ...strategies]);
  const summary: RunTotals = {
    runs: runs.length,
    met: of('met'),
    missed: of('missed'),
    inconclusive: of('inconclusive'),
    error: of('error'),
    notRun,
    withoutEffect: effects.filter(({ count }) => count === 0).length,
  };
  const format = 'aura-run-summary';
  return { format, version: 1, runs: runs.map(run => ({ ...run })), summary, timing: { seconds: 1.5 } };
}

export const GOOD_RUNS: readonly RunResult[] = [
  MET,
  runOf('two clients', 3, '2', {}),
  runOf('two clients', 3, '3', {}),
];

export const BAD_RUNS: readonly RunResult[] = [
  ...GOOD_RUNS,
  ...['1', '2', '3', '4', '5'].map(stolen),
  UNTOLD,
  TWO_WAYS,
  BROKEN,
  EXPLORED,
];
