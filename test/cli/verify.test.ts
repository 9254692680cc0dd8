// `aura quint verify` and `aura verify` as programs: the example's program and its twin with a bug, reports and
// documents, the line that reproduces a verdict, and what bad traces are answered with.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VerifyResult } from '../../generated/verify-result.js';
import type { Violation } from '../../generated/violation.js';
import { must } from '../../src/util/assert.js';
import { expectDocument } from './documents.js';
import { newFolder, pathsIn } from './folders.js';
import { expectRefusal } from './refusal.js';
import { PROJECT, runAura } from './run-aura.js';

const EXAMPLE = path.join(PROJECT, 'examples', 'box-office');

function log(...args: string[]): string {
  return execFileSync(process.execPath, [path.join(EXAMPLE, 'box-office.js'), ...args], { encoding: 'utf8' });
}

const GOOD = log();
const BAD = log('--bug');
const SPEC = readFileSync(path.join(EXAMPLE, 'box_office.qnt'), 'utf8');

function folderWith(files: Record<string, string> = {}): Promise<string> {
  return newFolder({ 'box_office.qnt': SPEC, 'good.jsonl': GOOD, 'bad.jsonl': BAD, ...files });
}

const verify = (trace: string, ...more: string[]) => [
  'quint',
  'verify',
  '--spec',
  'box_office.qnt',
  '--trace',
  trace,
  ...more,
];

function resultOf(stdout: string): VerifyResult {
  expectDocument(stdout, 'verify-result');
  const result: VerifyResult = JSON.parse(stdout);
  return result;
}

// Without step, and with a constant that nobody gives a value: as generation takes it.
const LOT = `module lot {
  const PLACES: int
  var cars: Set[str]
  var taken: int
  action init = all { cars' = Set(), taken' = 0 }
  action enter(car: str): bool = all {
    not(cars.contains(car)), taken < PLACES, cars' = cars.union(Set(car)), taken' = taken + 1,
  }
  action leave(car: str): bool = all {
    cars.contains(car), cars' = cars.exclude(Set(car)), taken' = taken - 1,
  }
  val NeverFuller = taken <= PLACES
}
`;

describe('traces of a spec that lacks what it needs', { timeout: 120_000 }, () => {
  it('conform to the spec with what was derived for them, and the line shown gives the same again', async () => {
    const config =
      '[quint.constants]\nPLACES = 1\n[[verify]]\nspec = "lot.qnt"\ntraces = ["out/*.itf.json"]\n';
    const cwd = await newFolder({ 'lot.qnt': LOT, 'one.toml': config });
    const run = (...args: string[]) => runAura(args, { cwd });
    const generate = ['--output', 'out', '--scenario-count', '4'];
    const made = await run('scenarios', 'generate', '--spec', 'lot.qnt', '--const', 'PLACES=1', ...generate);
    expect(made.exitCode, made.stderr).toBe(0);
    const traces = (await pathsIn(path.join(cwd, 'out'))).filter(name => name.endsWith('.itf.json'));
    const files = traces.map(name => path.join('out', name));
    expect(files.length).toBeGreaterThan(1);
    const args = ['quint', 'verify', '--spec', 'lot.qnt', '--trace', ...files];
    const good = await run(...args, '--const', 'PLACES=1', '--json');
    expect(good.exitCode, good.stderr).toBe(0);
    expect(resultOf(good.stdout)).toMatchObject({
      verdict: 'passed',
      summary: { traces: files.length, conforms: files.length, violated: 0, rejected: 0 },
    });
    expect(good.stderr).toContain('derived: step');
    const suite = await run('verify', '--config', 'one.toml');
    expect(suite.exitCode, suite.stderr).toBe(0);
    const none = await run(...args, '--const', 'PLACES=0', '--json');
    expect(none.exitCode, none.stderr).toBe(1);
    const rejected = resultOf(none.stdout).traces.filter(
      ({ conformance }) => conformance.verdict === 'rejected',
    );
    const line = must(rejected[0]?.reproduce ?? undefined, 'a command');
    expect(line).toContain('--const PLACES=0');
    const again = await run(...line.replace(/^aura /, '').split(' '), '--json');
    expect(resultOf(again.stdout).traces).toEqual(rejected.slice(0, 1));
  });

  it('are checked for properties alone, and by Quint where only the step is derived', async () => {
    const spec = LOT.replace('const PLACES: int', 'pure val PLACES = 2');
    const cwd = await newFolder({ 'lot.qnt': spec });
    const run = (...args: string[]) => runAura(args, { cwd });
    const made = await run(
      'scenarios',
      'generate',
      '--spec',
      'lot.qnt',
      '--output',
      'out',
      '--scenario-count',
      '1',
    );
    expect(made.exitCode, made.stderr).toBe(0);
    const args = ['quint', 'verify', '--spec', 'lot.qnt', '--trace', 'out/001-1.itf.json'];
    const alone = await run(...args, '--no-conformance');
    expect(alone.exitCode, alone.stderr).toBe(0);
    expect(alone.stderr).not.toContain('derived');
    const both = await run(...args, '--property-checker', 'quint', '--json');
    expect(both.exitCode, both.stderr).toBe(0);
    expect(resultOf(both.stdout)).toMatchObject({ disagreements: [], verdict: 'passed' });
  });
});

describe('quint verify', { timeout: 120_000 }, () => {
  it('a log of a correct program conforms', async () => {
    const cwd = await folderWith();
    const run = await runAura(verify('good.jsonl', '--json'), { cwd });
    expect(run.exitCode).toBe(0);
    const result = resultOf(run.stdout);
    expect(result).toMatchObject({ verdict: 'passed', summary: { traces: 1, conforms: 1, violated: 0 } });
    expect(result.traces[0]).toMatchObject({ states: 7, reproduce: null, conformance: { exhaustive: true } });
    expect(result.coverage.actions.map(({ name, count }) => [name, count])).toEqual([
      ['hold', 3],
      ['pay', 2],
      ['release', 1],
    ]);
    expect(run.stderr).toContain('PASSED');
    const strict = await runAura(verify('good.jsonl', '--strict'), { cwd });
    expect(strict.exitCode).toBe(3);
    const stutter = await runAura(verify('good.jsonl', '--strict', '--trace-end', 'stutter'), { cwd });
    expect(stutter.exitCode).toBe(0);
  });

  it('a bug is rejected where it shows, with what stood against it, and the line shown gives the same again', async () => {
    const cwd = await folderWith();
    const run = await runAura(verify('bad.jsonl', '--json', '--violation-out', 'v.json'), { cwd });
    expect(run.exitCode).toBe(1);
    const result = resultOf(run.stdout);
    const trace = must(result.traces[0], 'a trace');
    expect(trace.conformance).toMatchObject({ verdict: 'rejected', step: 4 });
    expect(trace.conformance.rejection?.candidates[0]).toMatchObject({
      action: 'release',
      args: [{ name: 'seat', value: '"A1"' }],
      failed: { what: 'exists', value: 'false', location: { line: 31 } },
    });
    expect(trace.invariants[0]).toMatchObject({ verdict: 'violated', step: 4, conjunct: { line: 51 } });
    expect(trace.temporal[0]).toMatchObject({ verdict: 'violated', step: 4 });
    const violation: Violation = JSON.parse(await readFile(path.join(cwd, 'v.json'), 'utf8'));
    expectDocument(JSON.stringify(violation), 'violation');
    expect(violation).toMatchObject({
      property: { name: 'EveryTicketHasASeat', kind: 'invariant' },
      step: 4,
    });
    const line = must(trace.reproduce ?? undefined, 'a command');
    const again = await runAura([...line.replace(/^aura /, '').split(' '), '--json'], { cwd });
    expect(resultOf(again.stdout).traces).toEqual(result.traces);
  });

  it('converted first, the verdict is the same', async () => {
    const cwd = await folderWith();
    const args = ['quint', 'trace-convert', '--execution-trace', 'bad.jsonl', '--spec', 'box_office.qnt'];
    expect((await runAura([...args, '--output', 'bad.itf'], { cwd })).exitCode).toBe(0);
    const one = resultOf((await runAura(verify('bad.jsonl', '--json'), { cwd })).stdout);
    const other = resultOf((await runAura(verify('bad.itf', '--json'), { cwd })).stdout);
    const verdicts = ({ traces }: VerifyResult) =>
      traces.map(({ conformance, invariants, temporal }) => [
        conformance.verdict,
        conformance.step,
        [...invariants, ...temporal].map(({ name, verdict, step }) => [name, verdict, step]),
      ]);
    expect(verdicts(other)).toEqual(verdicts(one));
  });

  it('Quint as an oracle agrees, on what holds and on what does not', async () => {
    const cwd = await folderWith();
    for (const trace of ['good.jsonl', 'bad.jsonl']) {
      const run = await runAura(verify(trace, '--property-checker', 'quint', '--json'), { cwd });
      const result = resultOf(run.stdout);
      expect(result.disagreements).toEqual([]);
      expect(result.traces[0]?.invariants.map(({ checkedBy }) => checkedBy)).toEqual(['both']);
    }
  });

  it('writes reports, and the violation beside them', async () => {
    const cwd = await folderWith();
    const reports = [
      '--report',
      'junit=out/junit.xml',
      '--report',
      'sarif=out/aura.sarif',
      '--report',
      'markdown=out/s.md',
    ];
    const run = await runAura(verify('bad.jsonl', ...reports), { cwd });
    expect(run.exitCode).toBe(1);
    const texts = await Promise.all(
      ['junit.xml', 'aura.sarif', 's.md', 'violation.json'].map(name =>
        readFile(path.join(cwd, 'out', name), 'utf8'),
      ),
    );
    expect(texts[0]).toContain('<failure');
    expect(JSON.parse(must(texts[1], 'sarif'))).toMatchObject({ version: '2.1.0' });
    expect(texts[2]).toContain('EveryTicketHasASeat');
    expectDocument(must(texts[3], 'violation'), 'violation');
  });

  it('takes expressions, and properties alone', async () => {
    const cwd = await folderWith();
    const wanted = [
      '--invariant',
      'tickets.get("bob") == 0',
      '--temporal',
      'eventually(tickets.get("ada") == 2)',
    ];
    const run = await runAura(verify('good.jsonl', ...wanted, '--no-conformance', '--json'), { cwd });
    expect(run.exitCode).toBe(0);
    const [trace] = resultOf(run.stdout).traces;
    expect(trace).toMatchObject({
      conformance: { verdict: 'skipped' },
      invariants: [{ name: 'tickets.get("bob") == 0', verdict: 'satisfied' }],
      temporal: [{ name: 'eventually(tickets.get("ada") == 2)', verdict: 'satisfied', step: 6 }],
    });
  });

  it('events alone suffice, and standard input is a trace too', async () => {
    const cwd = await folderWith();
    const run = await runAura(verify('-', '--events-only', '--json'), { cwd, stdin: GOOD });
    expect(resultOf(run.stdout).traces[0]?.conformance).toMatchObject({ verdict: 'conforms' });
    const bug = await runAura(verify('-', '--events-only', '--json'), { cwd, stdin: BAD });
    expect(resultOf(bug.stdout).traces[0]?.conformance).toMatchObject({ verdict: 'rejected', step: 4 });
  });

  it('a budget that runs out is no pass', async () => {
    const cwd = await folderWith();
    const event = '{"state":{"tickets":{"ada":0,"bob":0}}}\n';
    const open = `{"format":"aura-execution-trace","version":1}\n{"action":"init"}\n${event.repeat(60)}`;
    const run = await runAura(verify('-', '--budget', '1', '--json', '--state-mode', 'partial'), {
      cwd,
      stdin: open,
    });
    const result = resultOf(run.stdout);
    expect([run.exitCode, result.verdict]).toEqual([3, 'undecided']);
    expect(result.traces[0]).toMatchObject({
      conformance: { verdict: 'conforms', exhaustive: false },
      invariants: [{ verdict: 'inconclusive', reason: expect.stringContaining('budget') }],
    });
  });

  const itf = (states: string, more = '') => `{"vars": ["seats", "tickets"], "states": [${states}]${more}}`;
  const map = (...entries: string[]) => `{"#map": [${entries.join(', ')}]}`;
  const FREE = '{"tag": "Free", "value": {"#tup": []}}';
  const TICKETS = map('["ada", 0]', '["bob", 0]');
  const seats = (a1: string) => map(`["A1", ${a1}]`, `["A2", ${FREE}]`, `["A3", ${FREE}]`);
  const state = (a1: string, tickets = TICKETS) => `{"seats": ${seats(a1)}, "tickets": ${tickets}}`;
  const lines = GOOD.trimEnd().split('\n');

  it.each([
    ['truncated JSON', itf(state(FREE)).slice(0, -12), 'AUR301', []],
    [
      'garbage in the middle',
      [...lines.slice(0, 3), 'oops', ...lines.slice(3)].join('\n'),
      'AUR301',
      ['bad:4:1'],
    ],
    ['a missing variable', itf('{"tickets": {"#map": []}}'), 'AUR302', ['seats']],
    ['an unknown variable', itf(state(FREE)).replaceAll('"tickets"', '"tickts"'), 'AUR314', ['tickets']],
    [
      'a value of the wrong type',
      itf(state('{"tag": "Held", "value": 3}')),
      'AUR303',
      ['expected str, got 3'],
    ],
    ['a key twice', itf(state(FREE, map('["ada", 0]', '["ada", 0]'))), 'AUR302', []],
    ['an empty trace', itf(''), 'AUR313', []],
    ['an empty file', '', 'AUR313', []],
    ['a loop out of range', itf(state(FREE), ', "loop": 4'), 'AUR302', ['loop']],
    ['a newer version', lines.join('\n').replace('"version":1', '"version":2'), 'AUR312', []],
    ['an action that the spec has not', lines.join('\n').replace('"hold"', '"hol"'), 'AUR316', ['hold']],
  ])('%s', async (_, text, code, says) => {
    const run = await runAura(verify('bad', '--json'), { cwd: await folderWith({ bad: text }) });
    expectRefusal(run, code, says);
  });

  it.each([
    ['a property that is no boolean', ['--invariant', 'SEATS.size()'], 'AUR605'],
    ['an expression that does not parse', ['--invariant', 'x ==='], 'AUR102'],
    ['a formula that does not parse', ['--temporal', 'always('], 'AUR102'],
    ['a step that is missing', ['--step', 'stp'], 'AUR204'],
    ['a report that does not exist', ['--report', 'junt'], 'AUR740'],
  ])('%s', async (_, more, code) => {
    const run = await runAura(verify('good.jsonl', '--json', ...more), { cwd: await folderWith() });
    expectRefusal(run, code, []);
  });
});

describe('verify', { timeout: 120_000 }, () => {
  const entry = (traces: string, more = '') =>
    `[[verify]]\nspec = "box_office.qnt"\ntraces = ["${traces}"]\n${more}\n`;

  it('the suite of the configuration, the same with any number of workers', async () => {
    const config = entry('*.jsonl') + entry('good.jsonl', 'trace_end = "stutter"');
    const cwd = await folderWith({ 'aura-config.toml': config });
    const untimed = (text: string) => text.replaceAll(/"timing": \{[^}]*\}/g, '');
    const one = await runAura(['verify', '--json', '--jobs', '1'], { cwd });
    const two = await runAura(['verify', '--json', '--jobs', '2'], { cwd });
    expect([one.exitCode, two.exitCode]).toEqual([1, 1]);
    expect(untimed(two.stdout)).toBe(untimed(one.stdout));
    expectDocument(one.stdout, 'suite-result');
    const { results }: { results: VerifyResult[] } = JSON.parse(one.stdout);
    for (const result of results) expectDocument(JSON.stringify(result), 'verify-result');
    expect(results.map(({ verdict }) => verdict)).toEqual(['failed', 'passed']);
    expect(results[0]?.traces.map(({ trace }) => trace)).toEqual(['bad.jsonl', 'good.jsonl']);
  });

  it('asks for coverage', async () => {
    const short = GOOD.split('\n').slice(0, 4).join('\n');
    const covering = (share: number) => ({
      'short.jsonl': short,
      'aura-config.toml': entry('short.jsonl', `min_coverage = ${share}`),
    });
    expect((await runAura(['verify'], { cwd: await folderWith(covering(0.3)) })).exitCode).toBe(0);
    const run = await runAura(['verify'], { cwd: await folderWith(covering(0.9)) });
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('90 % are asked for');
  });

  it('refuses a suite that is empty, and a pattern that matches nothing', async () => {
    expectRefusal(await runAura(['verify', '--json'], { cwd: await folderWith() }), 'AUR214', ['[[verify]]']);
    const cwd = await folderWith({ 'aura-config.toml': entry('nothing/*.itf.json') });
    expectRefusal(await runAura(['verify', '--json'], { cwd }), 'AUR215', ['nothing/*.itf.json']);
  });
});
