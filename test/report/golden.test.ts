// The text of every report on the results and runs by hand, as files that are read in review. A change shows there what
// users will see. `npx vitest run test/report -u` writes them anew.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPORTER_NAMES, REPORTERS, type ReporterName } from '../../src/report/reporters.js';
import { RUN_REPORTERS } from '../../src/report/runs/run-reporters.js';
import { terminalReport } from '../../src/report/terminal.js';
import { contextFor, terminalContext } from './contexts.js';
import { FAILED, PASSED } from './sample-results.js';
import { BAD_RUNS, summaryOf } from './sample-runs.js';

const FIXTURES = path.join(import.meta.dirname, '../fixtures/report');
const EXTENSIONS = {
  json: 'json',
  junit: 'xml',
  sarif: 'sarif',
  github: 'github.txt',
  markdown: 'md',
} as const;
const RUNS = { passed: [PASSED], failed: [FAILED] };

const RUN_CONTEXT = contextFor();

function runReport(name: ReporterName): string {
  return RUN_REPORTERS[name](summaryOf(BAD_RUNS, 2), BAD_RUNS, RUN_CONTEXT);
}

const cases = Object.entries(RUNS).flatMap(([run, results]) =>
  (['json', 'junit', 'sarif', 'github', 'markdown'] as const).map(reporter => ({ run, results, reporter })),
);

describe('golden reports', () => {
  it.each(cases)('$reporter, $run', async ({ run, results, reporter }) => {
    const text = REPORTERS[reporter](results, contextFor());
    await expect(text).toMatchFileSnapshot(path.join(FIXTURES, `${run}.${EXTENSIONS[reporter]}`));
  });

  it.each(REPORTER_NAMES)('%s, of runs', async reporter => {
    await expect(runReport(reporter)).toMatchFileSnapshot(
      path.join(FIXTURES, `runs.${EXTENSIONS[reporter]}`),
    );
  });

  it.each(Object.entries(RUNS))('terminal, %s', async (run, results) => {
    const text = terminalReport(results, terminalContext());
    await expect(text).toMatchFileSnapshot(path.join(FIXTURES, `${run}.terminal.txt`));
  });

  it('terminal, verbose', async () => {
    const text = terminalReport([PASSED, FAILED], terminalContext({ verbose: true }));
    await expect(text).toMatchFileSnapshot(path.join(FIXTURES, 'verbose.terminal.txt'));
  });
});

describe('docs/reports.md', () => {
  const docs = readFileSync(path.join(import.meta.dirname, '../../docs/reports.md'), 'utf8');
  const blocks = [...docs.matchAll(/^````?(?:text|xml|json|markdown)\n([\s\S]*?)\n````?$/gm)].map(
    ([, text = '']) => text,
  );

  it('shows real output', () => {
    const real = [
      ...Object.values(RUNS).flatMap(results => [
        terminalReport(results, terminalContext()),
        ...Object.values(REPORTERS).map(reporter => reporter(results, contextFor())),
      ]),
      ...REPORTER_NAMES.map(runReport),
    ];
    expect(blocks.length).toBeGreaterThan(4);
    expect(blocks.filter(block => !real.some(text => text.includes(block)))).toEqual([]);
  });
});
