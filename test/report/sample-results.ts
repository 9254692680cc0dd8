// Two results as a verification of test/fixtures/report/lock.qnt would give them, by hand: in one all is well, in the
// other there is one of everything that can go wrong. The texts that the reporters make of them are golden files.
import type {
  Candidate,
  Conformance,
  Difference,
  Place,
  PropertyVerdict,
  Reason,
  TraceVerdict,
  VerifyResult,
} from '../../generated/verify-result.js';

const SPEC = 'test/fixtures/report/lock.qnt';

function at(line: number, column: number): Place {
  return { file: SPEC, line, column };
}

function because(what: string, value: string, place: Place, parts: Partial<Reason> = {}): Reason {
  return { what, value, location: place, bindings: [], because: [], ...parts };
}

function change(variable: string, path: string, from: string | null, to: string | null): Difference {
  return { variable, path, from, to };
}

const CONFORMS: Conformance = {
  verdict: 'conforms',
  step: null,
  consistentStates: 12,
  exhaustive: true,
  searched: 40,
  reason: null,
  rejection: null,
};

const SATISFIED: PropertyVerdict = {
  name: '',
  verdict: 'satisfied',
  step: null,
  reason: null,
  location: null,
  conjunct: null,
  because: null,
  differences: [],
  loop: null,
  vacuous: false,
  checkedBy: 'builtin',
};

const HOLDER: PropertyVerdict = { ...SATISFIED, name: 'HolderDoesNotWait', location: at(51, 3) };
const SHARE: PropertyVerdict = { ...SATISFIED, name: 'FairShare', location: at(53, 3) };
const CRASHED: PropertyVerdict = {
  ...SATISFIED,
  name: 'CrashedHoldNothing',
  location: at(55, 3),
  vacuous: true,
};
const SERVED: PropertyVerdict = { ...SATISFIED, name: 'Served', location: at(58, 3) };
const FREE: PropertyVerdict = { ...SATISFIED, name: 'FreeAgain', location: at(60, 3) };

const WELL: TraceVerdict = {
  trace: 'traces/morning.itf.json',
  states: 12,
  conformance: CONFORMS,
  invariants: [HOLDER, SHARE, CRASHED],
  temporal: [SERVED, FREE],
  reproduce: null,
};

const OPEN_END = 'the trace ends open: what comes after its last state may still decide';

/** Events whose end is open: liveness is presumed. */
const PRESUMED: TraceVerdict = {
  ...WELL,
  trace: 'traces/noon.jsonl',
  states: 200,
  temporal: [SERVED, { ...FREE, verdict: 'presumablySatisfied', reason: OPEN_END }],
};

function candidate(action: string, client: string, line: number, failed: Reason | null): Candidate {
  return {
    action,
    args: [{ name: 'c', value: `"${client}"` }],
    location: at(line, 3),
    failed,
    differences: [],
  };
}

const HELD = because('eq', 'false', at(25, 5), {
  because: [because('holder', '"p1"', at(25, 5)), because('""', '""', at(25, 15))],
});

/** Two holders at once: a step that no action allows, and an invariant that breaks with it. */
const STOLEN: TraceVerdict = {
  trace: 'traces/late.jsonl',
  states: 9,
  conformance: {
    ...CONFORMS,
    verdict: 'rejected',
    step: 4,
    rejection: {
      matched: 3,
      place: 'line 6',
      action: 'acquire',
      changes: [change('holder', '', '"p1"', '"p2"'), change('granted', '.get("p2")', '0', '1')],
      candidates: [
        candidate('acquire', 'p2', 23, HELD),
        candidate(
          'ask',
          'p2',
          16,
          because('not', 'false', at(17, 5), {
            because: [
              because('contains', 'true', at(17, 9), {
                because: [because('waiting', 'Set("p2", "p3")', at(17, 9)), because('c', '"p2"', at(17, 26))],
              }),
            ],
          }),
        ),
        candidate('release', 'p2', 31, because('eq', 'false', at(32, 5))),
        candidate('release', 'p3', 31, because('eq', 'false', at(32, 5))),
        candidate('crash', 'p2', 38, because('eq', 'false', at(39, 5))),
        candidate('crash', 'p3', 38, because('eq', 'false', at(39, 5))),
      ],
      nearest: {
        ...candidate('release', 'p1', 31, null),
        differences: [change('holder', '', '""', '"p2"'), change('granted', '.get("p2")', '0', '1')],
      },
    },
  },
  invariants: [
    {
      ...HOLDER,
      verdict: 'violated',
      step: 4,
      conjunct: at(51, 67),
      because: because('forall', 'false', at(51, 27), {
        bindings: [{ name: 'c', value: '"p2"' }],
        because: [
          because('implies', 'false', at(51, 47), {
            because: [
              because('eq', 'true', at(51, 47)),
              because('not', 'false', at(51, 67), {
                because: [because('waiting', 'Set("p2", "p3")', at(51, 71))],
              }),
            ],
          }),
        ],
      }),
      differences: [change('holder', '', '"p1"', '"p2"'), change('granted', '.get("p2")', '0', '1')],
    },
    SHARE,
    CRASHED,
  ],
  temporal: [
    { ...SERVED, verdict: 'inconclusive', reason: OPEN_END },
    { ...FREE, verdict: 'presumablyViolated', step: 8, reason: OPEN_END },
  ],
  reproduce: `aura quint verify --spec ${SPEC} --trace traces/late.jsonl`,
};

/** A lasso on which one client waits for ever. */
const STARVED: TraceVerdict = {
  ...WELL,
  trace: 'traces/starved.itf.json',
  states: 7,
  temporal: [
    {
      ...SERVED,
      verdict: 'violated',
      step: 2,
      conjunct: at(58, 76),
      because: because('implies', 'false', at(58, 48), {
        bindings: [{ name: 'c', value: '"p3"' }],
        because: [because('contains', 'true', at(58, 48)), because('eventually', 'false', at(58, 76))],
      }),
      differences: [change('waiting', '', 'Set("p1")', 'Set("p1", "p3")')],
      loop: 3,
    },
    FREE,
  ],
  reproduce: `aura quint verify --spec ${SPEC} --trace traces/starved.itf.json --no-conformance --temporal Served`,
};

/** Too much was unobserved. */
const GIVEN_UP: TraceVerdict = {
  ...WELL,
  trace: 'traces/night.jsonl.gz',
  states: 3_000,
  conformance: {
    ...CONFORMS,
    verdict: 'gaveUp',
    step: 1_742,
    exhaustive: false,
    searched: 100_000,
    reason: 'the budget of states is spent',
  },
  reproduce: `aura quint verify --spec ${SPEC} --trace traces/night.jsonl.gz`,
};

function resultOf(traces: TraceVerdict[], verdict: VerifyResult['verdict'], crashes: number): VerifyResult {
  const conformance = (wanted: Conformance['verdict']) =>
    traces.filter(each => each.conformance.verdict === wanted).length;
  const properties = (wanted: PropertyVerdict['verdict']) =>
    traces.flatMap(each => [...each.invariants, ...each.temporal]).filter(each => each.verdict === wanted)
      .length;
  return {
    format: 'aura-verify-result',
    version: 1,
    spec: { file: SPEC, module: 'lock', hash: '5f2c'.repeat(16) },
    traceEnd: 'open',
    traces,
    coverage: {
      actions: [
        { name: 'ask', count: 9, location: at(16, 3) },
        { name: 'acquire', count: 7, location: at(23, 3) },
        { name: 'release', count: 6, location: at(31, 3) },
        { name: 'crash', count: crashes, location: at(38, 3) },
      ],
      branches: [{ action: 'crash', count: crashes, location: at(47, 43) }],
      guards: [
        { action: 'acquire', guard: 'holder == ""', held: 7, failed: 3, location: at(25, 5) },
        { action: 'crash', guard: 'holder == c', held: 0, failed: 22, location: at(39, 5) },
      ],
      properties: [
        { name: 'HolderDoesNotWait', kind: 'invariant', evaluated: 31, vacuous: false },
        { name: 'FairShare', kind: 'invariant', evaluated: 31, vacuous: false },
        { name: 'CrashedHoldNothing', kind: 'invariant', evaluated: 1, vacuous: true },
        { name: 'Served', kind: 'temporal', evaluated: traces.length, vacuous: false },
        { name: 'FreeAgain', kind: 'temporal', evaluated: traces.length, vacuous: false },
      ],
      actionShare: crashes > 0 ? 1 : 0.75,
      minActionShare: 0,
    },
    disagreements: [],
    summary: {
      traces: traces.length,
      conforms: conformance('conforms'),
      rejected: conformance('rejected'),
      gaveUp: conformance('gaveUp'),
      skipped: conformance('skipped'),
      satisfied: properties('satisfied'),
      violated: properties('violated'),
      presumablySatisfied: properties('presumablySatisfied'),
      presumablyViolated: properties('presumablyViolated'),
      inconclusive: properties('inconclusive'),
    },
    verdict,
    timing: { seconds: 0.25, statesPerSecond: 12_000 },
  };
}

export const PASSED = resultOf([WELL, PRESUMED], 'passed', 2);
export const FAILED = resultOf([WELL, STOLEN, STARVED, GIVEN_UP], 'failed', 0);
