// Reports of runs: well-formed whatever a run says, the same for the same runs, and never better than the exit code.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../generated/run-result.js';
import { PLAIN } from '../../src/report/palette.js';
import { REPORTER_NAMES, type ReporterName } from '../../src/report/reporters.js';
import { RUN_REPORTERS } from '../../src/report/runs/run-reporters.js';
import { brokenOf, evidenceOf } from '../../src/report/runs/said-of-run.js';
import { runsVerdict, totalsLine } from '../../src/report/runs/totals.js';
import { must } from '../../src/util/assert.js';
import { contextFor } from './contexts.js';
import { HOSTILE, randomRun } from './random-results.js';
import {
  BAD_RUNS,
  BROKEN,
  EXPLORED,
  GOOD_RUNS,
  MET,
  PROTOCOL,
  runOf,
  stolen,
  summaryOf,
  TWO_WAYS,
  UNTOLD,
} from './sample-runs.js';
import {
  junitViolations,
  outsideOfFences,
  readCommand,
  type SarifLog,
  STRAY,
  sarifViolations,
  withKeysTurned,
  withoutSpans,
} from './well-formed.js';

const { version, folder, root } = contextFor();
const context = { version, folder, root };

function report(
  name: ReporterName,
  runs: readonly RunResult[],
  changes: Partial<typeof context> = {},
): string {
  return RUN_REPORTERS[name](summaryOf(runs), runs, { ...context, ...changes });
}

function commandsOf(runs: readonly RunResult[]) {
  const lines = report('github', runs).split('\n').slice(0, -1);
  return lines.map(line => must(readCommand(line), line));
}

function sarifOf(runs: readonly RunResult[]): SarifLog['runs'][number] {
  const log: SarifLog = JSON.parse(report('sarif', runs));
  return must(log.runs[0], 'a run');
}

/** Every text that a run holds, replaced by a hostile one. */
function hostileRuns(): RunResult[] {
  const enums =
    /^(aura-|met$|missed$|inconclusive$|error$|success$|failure$|property_|safety_|simulated$|process$)/;
  return HOSTILE.flatMap(text => {
    const turned = (value: unknown, key: string): unknown => {
      if (Array.isArray(value)) return value.map(each => turned(each, key));
      if (typeof value === 'object' && value !== null)
        return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, turned(each, name)]));
      const isFixed = typeof value !== 'string' || enums.test(value) || /^(kind|verdict|expect)$/.test(key);
      return isFixed ? value : text;
    };
    const runs: RunResult[] = JSON.parse(JSON.stringify(turned(BAD_RUNS, '')));
    return runs;
  });
}

const randomRuns = fc.oneof(
  fc.array(randomRun, { maxLength: 4 }),
  // Several of one scenario, as with a range of seeds.
  fc
    .array(randomRun, { minLength: 1, maxLength: 2 })
    .map(runs => [...runs, ...runs.map(run => ({ ...run }))]),
);

describe('runs in tests', () => {
  const file = path.join(import.meta.dirname, '../../schemas/run-result.schema.json');
  const check = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(file, 'utf8')));

  it('follow their schema', () => {
    for (const run of [...BAD_RUNS, ...hostileRuns()])
      expect([check(run), check.errors]).toEqual([true, null]);
    fc.assert(fc.property(randomRun, run => check(run)));
  });
});

describe('every report of runs', () => {
  it('is the same for the same runs', () => {
    fc.assert(
      fc.property(randomRuns, runs => {
        for (const name of REPORTER_NAMES)
          expect(report(name, structuredClone(runs))).toBe(report(name, runs));
      }),
      { numRuns: 20 },
    );
  });

  it('holds no time but under `timing` of JSON and of the root in JUnit', () => {
    const later = BAD_RUNS.map(run => ({ ...run, timing: { seconds: 77 } }));
    for (const name of ['junit', 'sarif', 'github', 'markdown'] as const)
      expect(report(name, later)).toBe(report(name, BAD_RUNS));
  });

  it('holds nothing that steers a terminal, and is UTF-8', () => {
    const check = (runs: readonly RunResult[]) => {
      for (const name of ['junit', 'sarif', 'github', 'markdown'] as const)
        expect(STRAY.exec(report(name, runs))).toBeNull();
    };
    check(hostileRuns());
    fc.assert(fc.property(randomRuns, check), { numRuns: 50 });
  });

  it('ends in a line break', () => {
    for (const name of REPORTER_NAMES) expect(report(name, BAD_RUNS)).toMatch(/[^\n]\n$/);
  });

  it('names files from the root of the repository', () => {
    const inside = { root: path.join(root, 'test') };
    for (const name of ['junit', 'sarif', 'github', 'markdown'] as const) {
      expect(report(name, [UNTOLD])).toContain('test/fixtures/report/lock.toml');
      // The command is for the folder that the runs were made in.
      const others = report(name, [{ ...UNTOLD, reproduce: 'again' }], inside);
      expect(others).toContain('fixtures/report/lock.toml');
      expect(others).not.toContain('test/fixtures/report/lock.toml');
    }
  });
});

describe('what is said of a run', () => {
  it('is said once, in full', () => {
    expect(evidenceOf(stolen('1'))).toEqual([
      'invariant HolderDoesNotWait is violated at state 4 of lock.jsonl (Safety)',
      'lock.jsonl is no behaviour of the spec from state 4 on (acquire)',
      'assertion one_holder does not hold at the end of the phase attack: clients 1 and 2 hold the lock',
      'step 4, acquire, was carried out, which the spec forbids',
    ]);
  });

  it('does not take one name for a part of another', () => {
    const reasons = ['B is violated at state 4 of lock.jsonl', 'AB is violated at state 4 of lock.jsonl'];
    expect(evidenceOf({ ...stolen('1'), reasons, phases: [] }).slice(0, 2)).toEqual(reasons);
  });

  it('tells of the second run that went another way', () => {
    expect(evidenceOf(TWO_WAYS)).toEqual([
      'AUR468: test/fixtures/report/lock.toml:38:1: a second run with the same seed went another way from event 7 of lock.jsonl on',
      'a second run went another way at event 7 of lock.jsonl:',
      '  first   {"action":"acquire","params":{"c":"p1"}}',
      '  second  had ended',
    ]);
  });

  it('says nothing of what is as expected', () => {
    expect(evidenceOf(MET)).toEqual([]);
    // A twin with a planted bug: the violation is what the scenario is there for.
    expect(
      evidenceOf({ ...stolen('1'), result: 'met', expected: 'property_violation', reasons: [] }),
    ).toEqual([]);
  });

  it('cuts long lists and counts the rest', () => {
    const property = must(PROTOCOL.properties[0], 'a property');
    const properties = Array.from({ length: 50 }, (_, i) => ({
      ...property,
      name: `P${i}`,
      verdict: 'violated' as const,
    }));
    const phase = {
      name: 'x',
      ran: true,
      protocols: [{ ...PROTOCOL, properties }],
      assertions: [],
      checkpoints: [],
    };
    const run = runOf('many', 1, '1', { result: 'missed', outcome: 'property_violation', phases: [phase] });
    expect(evidenceOf(run)).toHaveLength(21);
    expect(evidenceOf(run).at(-1)).toBe('and 30 more');
  });
});

describe('totals', () => {
  it('give the verdict of the exit code', () => {
    const verdict = (runs: readonly RunResult[]) => runsVerdict(summaryOf(runs).summary);
    expect(verdict(GOOD_RUNS)).toBe('passed');
    expect(verdict([EXPLORED])).toBe('passed');
    expect(verdict([MET, UNTOLD])).toBe('undecided');
    expect(verdict([UNTOLD, BROKEN])).toBe('error');
    expect(verdict([BROKEN, UNTOLD, stolen('1')])).toBe('failed');
    expect(verdict([])).toBe('undecided');
  });

  it('are said in one line', () => {
    expect(totalsLine(summaryOf(GOOD_RUNS).summary, PLAIN)).toBe('3 runs, 3 as expected');
    expect(totalsLine(summaryOf(BAD_RUNS, 2).summary, PLAIN)).toBe(
      '12 runs, 4 as expected, 5 not as expected, 1 inconclusive, 2 could not run, 2 not run, ' +
        '2 faults or strategies had no effect',
    );
  });
});

describe('json', () => {
  it('is the document, keys sorted', () => {
    const summary = summaryOf(BAD_RUNS, 1);
    const text = RUN_REPORTERS.json(summary, BAD_RUNS, context);
    expect(JSON.parse(text)).toEqual(summary);
    const turned: typeof summary = JSON.parse(JSON.stringify(withKeysTurned(summary)));
    expect(RUN_REPORTERS.json(turned, BAD_RUNS, context)).toBe(text);
  });
});

describe('junit', () => {
  it('follows the schema, whatever the texts', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomRuns, { minLength: 20, maxLength: 40 }), async all => {
        expect(await junitViolations(all.map(runs => report('junit', runs)))).toEqual([]);
      }),
      { numRuns: 3, endOnFailure: true },
    );
    expect(await junitViolations([report('junit', []), report('junit', hostileRuns())])).toEqual([]);
  });

  it('has a case for each run and counts them', () => {
    fc.assert(
      fc.property(randomRuns, runs => {
        const text = report('junit', runs);
        const number = (pattern: RegExp) => (text.match(pattern) ?? []).length;
        const { summary } = summaryOf(runs);
        const errors = runs.length === 0 ? 1 : summary.error + summary.inconclusive;
        expect(number(/<testcase /g)).toBe(Math.max(1, runs.length));
        expect(number(/<failure /g)).toBe(summary.missed);
        expect(number(/<error /g)).toBe(errors);
        expect(!/<(failure|error) /.test(text)).toBe(runsVerdict(summary) === 'passed');
        expect(text).toContain(
          `tests="${Math.max(1, runs.length)}" failures="${summary.missed}" errors="${errors}" time="1.500"`,
        );
      }),
    );
  });

  it('has a suite for each file, whose folders are packages', () => {
    const other = { ...MET, file: 'scenarios/net.d/drop.toml' };
    const text = report('junit', [MET, other, UNTOLD]);
    expect(text.match(/<testsuite name="[^"]*" tests="\d"/g)).toEqual([
      '<testsuite name="test/fixtures/report/lock.toml" tests="2"',
      '<testsuite name="scenarios/net.d/drop.toml" tests="1"',
    ]);
    expect(text).toContain('classname="scenarios.net_d.drop"');
    expect(report('junit', [{ ...MET, file: 'drop.toml' }])).toContain('classname="aura.drop"');
  });

  it('ends a failure with the command that gives it again', () => {
    expect(report('junit', [stolen('7')])).toContain(
      "reproduce: aura scenarios run test/fixtures/report/lock.toml --scenario 'a stolen lock' --seed 7</failure>".replaceAll(
        "'",
        '&apos;',
      ),
    );
  });

  it('says of a run as expected what is worth it', () => {
    expect(report('junit', [MET])).not.toContain('system-out');
    const idle = { ...MET, faults: [{ type: 'drop', participants: [1], count: 0 }] };
    expect(report('junit', [idle])).toContain(
      '<system-out>success, as expected\nfault drop had no effect</system-out>',
    );
  });
});

describe('sarif', () => {
  it('follows the schema, whatever the texts', () => {
    const check = (runs: readonly RunResult[]) => {
      const log: SarifLog = JSON.parse(report('sarif', runs));
      expect(sarifViolations(log)).toEqual([]);
      for (const { tool, results } of log.runs) {
        const ids = tool.driver.rules.map(rule => rule.id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(results.map(each => ids[each.ruleIndex])).toEqual(results.map(each => each.ruleId));
      }
    };
    check(hostileRuns());
    fc.assert(fc.property(randomRuns, check));
  });

  it('has an error for each property that broke, or else for the run', () => {
    fc.assert(
      fc.property(randomRuns, runs => {
        const { results } = sarifOf(runs);
        const number = (run: RunResult) => {
          if (run.result === 'missed') return Math.max(1, brokenOf(run).length);
          return run.result === 'error' ? Math.max(1, run.errors.length) : 0;
        };
        const of = (level: string) => results.filter(each => each.level === level).length;
        expect(of('error')).toBe(runs.reduce((sum, run) => sum + number(run), 0));
        expect(of('warning')).toBe(runs.filter(({ result }) => result === 'inconclusive').length);
      }),
    );
    expect(sarifOf(BAD_RUNS).results.map(each => `${each.level} ${each.ruleId}`)).toEqual([
      ...['1', '2', '3', '4', '5'].flatMap(() => ['error invariant/HolderDoesNotWait', 'error conformance']),
      'warning expected/success',
      'error error/AUR468',
      'error error/AUR455',
      'note expected/inconclusive',
    ]);
  });

  it('is of no success where a run could not be made', () => {
    expect(report('sarif', BAD_RUNS)).toContain('"executionSuccessful": false');
    expect(report('sarif', [MET, UNTOLD, stolen('1')])).toContain('"executionSuccessful": true');
    expect(report('sarif', [])).toContain('no scenario was run');
  });

  it('has fingerprints that differ, and stay when lines move', () => {
    const prints = (runs: readonly RunResult[]) => report('sarif', runs).match(/"aura\/v1": "\w+"/g);
    expect(prints(BAD_RUNS.map(run => ({ ...run, line: run.line + 9 })))).toEqual(prints(BAD_RUNS));
    expect(new Set(prints(BAD_RUNS)).size).toBe(14);
  });
});

describe('github', () => {
  it('is a command a line, ten of a kind, whatever the texts', () => {
    const check = (runs: readonly RunResult[]) => {
      const commands = commandsOf(runs);
      for (const { command, properties, message } of commands) {
        expect(command).toMatch(/^(error|warning|notice)$/);
        expect([...properties.keys()].filter(key => !/^(file|line|title)$/.test(key))).toEqual([]);
        expect(message).not.toBe('');
      }
      const of = (kind: string) => commands.filter(({ command }) => command === kind).length;
      expect(Math.max(of('error'), of('warning'), of('notice'))).toBeLessThanOrEqual(10);
      const verdict = runsVerdict(summaryOf(runs).summary);
      expect(of('error') > 0).toBe(verdict === 'failed' || verdict === 'error');
      expect(of('error') + of('warning') > 0).toBe(verdict !== 'passed');
    };
    check(hostileRuns());
    fc.assert(fc.property(randomRuns, check));
  });

  it('says once what many seeds of a scenario say', () => {
    const [first, ...others] = commandsOf(BAD_RUNS);
    expect([...must(first, 'a command').properties]).toEqual([
      ['file', 'test/fixtures/report/lock.toml'],
      ['line', '12'],
      ['title', 'scenario a stolen lock'],
    ]);
    expect(first?.message).toContain('\nseeds 1, 2, 3, and 2 more\n');
    expect(others.map(({ command, properties }) => `${command} ${properties.get('line')}`)).toEqual([
      'error 38',
      'error 44',
      'warning 31',
      'notice 52',
      'notice 31',
      'notice 52',
    ]);
  });

  it('counts beyond ten of a kind', () => {
    const runs = Array.from({ length: 25 }, (_, i) => ({ ...UNTOLD, line: i + 1, faults: [] }));
    const commands = commandsOf(runs);
    expect(commands).toHaveLength(10);
    expect(commands.at(-1)?.message).toBe('and 16 more like these');
  });

  it('tells of a fault only where it did nothing with any seed', () => {
    const fault = (count: number) => ({ ...MET, faults: [{ type: 'drop', participants: [0], count }] });
    expect(commandsOf([fault(0), fault(2)])).toEqual([]);
    expect(commandsOf([fault(0), fault(0)]).map(({ message }) => message)).toEqual([
      'without effect: fault drop',
    ]);
  });
});

describe('markdown', () => {
  it('has no markup but ours, and even tables, whatever the texts', () => {
    const check = (runs: readonly RunResult[]) => {
      const lines = outsideOfFences(report('markdown', runs));
      for (const line of lines)
        expect(withoutSpans(line).replace(/^#+ |&#\d+;/g, '')).not.toMatch(/[<>`[\]*_~$@#!&]|:\/\/|www\./);
      const cells = lines.map(line => (line.startsWith('|') ? line.split('|').length : 0));
      expect(cells.filter((n, i) => n > 0 && (cells[i - 1] ?? 0) > 0 && cells[i - 1] !== n)).toEqual([]);
      expect(lines.filter(line => line.includes('|') && !line.startsWith('|'))).toEqual([]);
    };
    check(hostileRuns());
    fc.assert(fc.property(randomRuns, check));
  });

  it('has a row for each scenario, the failed ones first, and sums what was injected', () => {
    const rows = report('markdown', BAD_RUNS)
      .split('\n')
      .filter(line => line.startsWith('| '));
    expect(rows.map(row => row.split(' | ').slice(1, 2).concat(row.split(' | ').slice(4)))).toEqual([
      ['scenario', 'runs', 'met', 'missed', 'inconclusive', 'error', 'steps |'],
      ['---', '--:', '--:', '--:', '--:', '--:', '--: |'],
      ['`a stolen lock`', '5', '0', '5', '0', '0', '120 |'],
      ['`a clock that is read`', '1', '0', '0', '0', '1', '24 |'],
      ['`a real server`', '1', '0', '0', '0', '1', '0 |'],
      ['`a slow network`', '1', '0', '0', '1', '0', '24 |'],
      ['`two clients`', '3', '3', '0', '0', '0', '72 |'],
      ['`what if`', '1', '1', '0', '0', '0', '24 |'],
      ['type', 'effects |'],
      ['---', '--: |'],
      ['`drop`', '20 |'],
      ['`delay`', '0 |'],
      ['`steal`', '5 |'],
      ['`equivocate`', '0 |'],
    ]);
  });

  it('stays below the limit of a job summary', () => {
    const runs = Array.from({ length: 4 }, (_, i) =>
      hostileRuns().map(run => ({ ...run, line: i + 1 })),
    ).flat();
    expect(Buffer.byteLength(report('markdown', runs))).toBeLessThan(1_000_000);
  });
});
