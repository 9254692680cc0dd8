// Whatever the results say, every report is well-formed: JUnit by its XSD, SARIF by its JSON Schema, workflow commands
// by the way in which the runner reads them, Markdown by the marks that could only be ours.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../src/report/findings.js';
import { githubReport } from '../../src/report/github.js';
import { jsonReport } from '../../src/report/json.js';
import { junitReport } from '../../src/report/junit.js';
import { markdownReport } from '../../src/report/markdown.js';
import { REPORTER_NAMES, REPORTERS } from '../../src/report/reporters.js';
import { sarifReport } from '../../src/report/sarif.js';
import { terminalReport } from '../../src/report/terminal.js';
import { verdictOf } from '../../src/report/totals.js';
import { contextFor, terminalContext } from './contexts.js';
import { HOSTILE, randomResult, randomResults } from './random-results.js';
import { FAILED, PASSED } from './sample-results.js';
import {
  junitViolations,
  outsideOfFences,
  readCommand,
  SARIF_DIALECT,
  SARIF_SCHEMA,
  type SarifLog,
  STRAY,
  sarifViolations,
  withKeysTurned,
  withoutSpans,
} from './well-formed.js';

const context = contextFor();
const strict = contextFor({ strict: true });

describe('random results', () => {
  it('follow their schema', () => {
    const file = path.join(import.meta.dirname, '../../schemas/verify-result.schema.json');
    const check = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(file, 'utf8')));
    fc.assert(fc.property(randomResult, result => check(result)));
    expect([check(PASSED), check(FAILED)]).toEqual([true, true]);
  });
});

describe('every report', () => {
  it('has a name', () => {
    expect(Object.keys(REPORTERS)).toEqual(REPORTER_NAMES);
  });

  it('is the same for the same results', () => {
    fc.assert(
      fc.property(randomResults, results => {
        for (const name of REPORTER_NAMES)
          expect(REPORTERS[name](structuredClone(results), context)).toBe(REPORTERS[name](results, context));
      }),
      { numRuns: 20 },
    );
  });

  it('holds nothing that steers a terminal, and is UTF-8', () => {
    fc.assert(
      fc.property(randomResults, results => {
        for (const name of ['junit', 'sarif', 'github', 'markdown'] as const)
          expect(STRAY.exec(REPORTERS[name](results, context))).toBeNull();
        for (const verbose of [false, true])
          expect(STRAY.exec(terminalReport(results, terminalContext({ verbose })))).toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  it('ends in a line break', () => {
    for (const name of REPORTER_NAMES) expect(REPORTERS[name]([FAILED], context)).toMatch(/[^\n]\n$/);
    expect(terminalReport([FAILED], terminalContext())).toMatch(/[^\n]\n$/);
  });
});

describe('json', () => {
  it('is the document, in whatever order its keys were set', () => {
    fc.assert(
      fc.property(randomResults, results => {
        const text = jsonReport(results, context);
        expect(JSON.parse(text)).toEqual(results.length === 1 ? results[0] : results);
        const turned: typeof results = JSON.parse(JSON.stringify(results.map(withKeysTurned)));
        expect(jsonReport(turned, context)).toBe(text);
      }),
      { numRuns: 30 },
    );
  });
});

describe('junit', () => {
  it('follows the schema, whatever the texts', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomResults, { minLength: 20, maxLength: 40 }), async runs => {
        expect(await junitViolations(runs.map(results => junitReport(results, context)))).toEqual([]);
      }),
      { numRuns: 5, endOnFailure: true },
    );
    expect(await junitViolations([junitReport([], context)])).toEqual([]);
  });

  it('is checked by a schema that finds faults', async () => {
    const text = junitReport([FAILED], context);
    expect(await junitViolations([text.replaceAll('<failure ', '<failed ')])).not.toEqual([]);
    expect(await junitViolations([text.replace('tests="24"', 'tests="many"')])).not.toEqual([]);
    expect(await junitViolations([text.replace(' classname=', ' class=')])).not.toEqual([]);
  });

  it('has a case for each finding and counts them', () => {
    fc.assert(
      fc.property(randomResults, fc.boolean(), (results, isStrict) => {
        const text = junitReport(results, isStrict ? strict : context);
        const findings = findingsOf(results, isStrict).flatMap(group => group.findings);
        const number = (pattern: RegExp) => (text.match(pattern) ?? []).length;
        const of = (outcome: string) => findings.filter(each => each.outcome === outcome).length;
        expect(number(/<testcase /g)).toBe(findings.length);
        expect(number(/<failure /g)).toBe(of('failed'));
        expect(number(/<error /g)).toBe(of('undecided'));
        expect(number(/<skipped /g)).toBe(of('skipped'));
        expect(text).toContain(
          `<testsuites name="aura verify" tests="${findings.length}" failures="${of('failed')}" errors="${of('undecided')}"`,
        );
      }),
    );
  });

  it('is green exactly where the verdict is `passed`', () => {
    fc.assert(
      fc.property(randomResults, fc.boolean(), (results, isStrict) => {
        const text = junitReport(results, isStrict ? strict : context);
        expect(!/<(failure|error) /.test(text)).toBe(verdictOf(results, isStrict) === 'passed');
      }),
    );
  });
});

describe('sarif', () => {
  it('is read as draft-04', () => {
    expect(SARIF_DIALECT).toEqual([
      expect.stringContaining('sarif-2.1.0'),
      'http://json-schema.org/draft-04/schema#',
    ]);
    expect(SARIF_SCHEMA).not.toMatch(/"exclusiveM(in|ax)imum"/);
    expect(sarifViolations({ version: '2.1.0', runs: [{ tool: {} }] })).not.toEqual([]);
  });

  it('follows the schema, whatever the texts', () => {
    fc.assert(
      fc.property(randomResults, results => {
        const log: SarifLog = JSON.parse(sarifReport(results, context));
        expect(sarifViolations(log)).toEqual([]);
        for (const { tool, results: found } of log.runs) {
          const ids = tool.driver.rules.map(rule => rule.id);
          expect(new Set(ids).size).toBe(ids.length);
          expect(found.map(each => ids[each.ruleIndex])).toEqual(found.map(each => each.ruleId));
        }
      }),
    );
  });

  it('has an error for each failure on a trace and a warning for what is undecided there', () => {
    fc.assert(
      fc.property(randomResults, results => {
        const log: SarifLog = JSON.parse(sarifReport(results, context));
        const findings = findingsOf(results, false).flatMap(group => (group.trace ? group.findings : []));
        for (const [level, outcome] of [
          ['error', 'failed'],
          ['warning', 'undecided'],
        ])
          expect(log.runs[0]?.results.filter(each => each.level === level)).toHaveLength(
            findings.filter(each => each.outcome === outcome).length,
          );
      }),
    );
  });

  it('has the same fingerprints when lines move', () => {
    const moved: typeof FAILED = JSON.parse(JSON.stringify(FAILED).replaceAll('"line":51', '"line":57'));
    const prints = (text: string) => text.match(/"aura\/v1": "\w+"/g);
    expect(prints(sarifReport([moved], context))).toEqual(prints(sarifReport([FAILED], context)));
    expect(new Set(prints(sarifReport([FAILED], context))).size).toBe(7);
  });
});

describe('github', () => {
  it('is a command a line, whatever the texts', () => {
    fc.assert(
      fc.property(randomResults, results => {
        const lines = githubReport(results, context).split('\n').slice(0, -1);
        for (const line of lines) {
          const found = readCommand(line);
          expect(found?.command).toMatch(/^(error|warning|notice)$/);
          expect(
            [...(found?.properties.keys() ?? [])].filter(key => !/^(file|line|col|title)$/.test(key)),
          ).toEqual([]);
          expect(found?.message).not.toBe('');
        }
        expect(lines.some(line => line.startsWith('::error'))).toBe(verdictOf(results, false) === 'failed');
      }),
    );
  });

  it('says once what many traces say of one place', () => {
    const [late] = FAILED.traces.slice(1);
    const traces = ['a', 'b,c', 'd:e', 'f', 'g', 'h', 'i', 'j'].map(trace => ({ ...late, trace }));
    const many: typeof FAILED = JSON.parse(JSON.stringify({ ...FAILED, traces }));
    const lines = githubReport([many], context).split('\n');
    expect(lines.filter(line => line.startsWith('::error'))).toHaveLength(2);
    expect(lines[0]).toContain('also on 7 traces: b,c, d:e, f, g, h, and 2 more');
  });

  it('names files from the root', () => {
    const inside = githubReport([FAILED], contextFor({ root: path.join(context.root, 'test') }));
    expect(inside).toContain('::error file=fixtures/report/lock.qnt,line=25,col=5,');
    const outside = githubReport([FAILED], contextFor({ root: path.join(context.root, 'src') }));
    expect(outside).toContain(`::error file=${context.root}/test/fixtures/report/lock.qnt,`);
  });
});

describe('markdown', () => {
  it('has no markup but ours, whatever the texts', () => {
    fc.assert(
      fc.property(randomResults, results => {
        for (const line of outsideOfFences(markdownReport(results, context))) {
          const rest = withoutSpans(line).replace(/^#+ |^\*\*Coverage:\*\*|&#\d+;/g, '');
          expect(rest).not.toMatch(/[<>`[\]*_~$@#!&]|:\/\/|www\./);
        }
      }),
    );
  });

  it('has tables with as many cells in each row', () => {
    fc.assert(
      fc.property(randomResults, results => {
        const lines = outsideOfFences(markdownReport(results, context));
        const cells = lines.map(line => (line.startsWith('|') ? line.split('|').length : 0));
        const uneven = cells.filter((n, i) => n > 0 && (cells[i - 1] ?? 0) > 0 && cells[i - 1] !== n);
        expect(uneven).toEqual([]);
        expect(lines.filter(line => line.includes('|') && !line.startsWith('|'))).toEqual([]);
      }),
    );
  });

  it('stays below the limit of a job summary', () => {
    const [late] = FAILED.traces.slice(1);
    const traces = Array.from({ length: 500 }, (_, i) => ({ ...late, trace: `${HOSTILE.join('')}${i}` }));
    const many: typeof FAILED = JSON.parse(JSON.stringify({ ...FAILED, traces }));
    expect(Buffer.byteLength(markdownReport([many], context))).toBeLessThan(1_000_000);
  });
});

describe('terminal', () => {
  it('says the same with colours', () => {
    const mark = (name: string) => (text: string) => `\x1b[${name}m${text}\x1b[0m`;
    const palette = {
      red: mark('31'),
      green: mark('32'),
      yellow: mark('33'),
      dim: mark('2'),
      bold: mark('1'),
    };
    fc.assert(
      fc.property(randomResults, fc.boolean(), (results, verbose) => {
        const coloured = terminalReport(results, terminalContext({ palette, verbose }));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
        const plain = coloured.replace(/\x1b\[\d+m/g, '');
        expect(plain).toBe(terminalReport(results, terminalContext({ verbose })));
      }),
    );
  });

  it('keeps to 80 columns but for names of files and commands', () => {
    const long = 'Set("abcdefgh", "ijklmnop") '.repeat(40);
    const wide: typeof FAILED = JSON.parse(
      JSON.stringify(FAILED).replaceAll('\\"p1\\"', JSON.stringify(long).slice(1, -1)),
    );
    const lines = terminalReport([FAILED, wide], terminalContext()).split('\n');
    const kept = lines.filter(line => !/reproduce:|lock\.qnt/.test(line));
    expect(kept.filter(line => line.length > 80)).toEqual([]);
    expect(kept.length).toBeGreaterThan(60);
  });

  it('explains ten traces and counts the others', () => {
    const [late] = FAILED.traces.slice(1);
    const traces = Array.from({ length: 30 }, (_, i) => ({ ...late, trace: `t${i}` }));
    const many: typeof FAILED = JSON.parse(JSON.stringify({ ...FAILED, traces }));
    const text = terminalReport([many], terminalContext());
    expect(text.match(/rejected at step 4/g)).toHaveLength(10);
    expect(text).toContain('✗ t10  2 failed, 2 undecided');
    expect(terminalReport([many], terminalContext({ verbose: true })).match(/rejected at/g)).toHaveLength(30);
  });
});
