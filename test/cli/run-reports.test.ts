// Reports of runs arrive where `--report` wants them: replaced files, added to a summary, on a stream, or one error.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { reportsOnStdout } from '../../src/cli/report-delivery.js';
import type { ReportRequest } from '../../src/cli/report-options.js';
import { deliverRunReports } from '../../src/cli/run-reports.js';
import { BAD_RUNS, summaryOf } from '../report/sample-runs.js';
import { newFolder } from './folders.js';

const deliver = (requests: readonly ReportRequest[]) =>
  deliverRunReports(summaryOf(BAD_RUNS), BAD_RUNS, requests);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('deliverRunReports', () => {
  it('replaces files and makes their folders', async () => {
    const folder = await newFolder({ 'runs.xml': 'of an earlier run' });
    const files = { json: 'new/runs.json', junit: 'runs.xml' };
    const request = (reporter: keyof typeof files): ReportRequest => ({
      reporter,
      target: { kind: 'file', file: path.join(folder, files[reporter]) },
    });
    expect(await deliver([request('json'), request('junit')])).toEqual({ ok: true, value: undefined });
    const text = async (file: string) => readFile(path.join(folder, file), 'utf8');
    expect(JSON.parse(await text(files.json))).toEqual(summaryOf(BAD_RUNS));
    expect(await text(files.junit)).toMatch(/^<\?xml [\s\S]*<\/testsuites>\n$/);
  });

  it('adds to the summary of a job', async () => {
    const folder = await newFolder({ 'summary.md': '# Earlier step\n' });
    const file = path.join(folder, 'summary.md');
    expect((await deliver([{ reporter: 'markdown', target: { kind: 'append', file } }])).ok).toBe(true);
    expect(await readFile(file, 'utf8')).toMatch(/^# Earlier step\n## ❌ aura scenarios run: failed\n/);
  });

  it('writes to the stream that is asked for', async () => {
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const delivered = await deliver([
      { reporter: 'markdown', target: { kind: 'stdout' } },
      { reporter: 'github', target: { kind: 'stderr' } },
    ]);
    const written = [out, err].map(({ mock }) => mock.calls.map(([text]) => String(text)).join(''));
    vi.restoreAllMocks();
    expect(delivered.ok).toBe(true);
    expect(written[0]).toMatch(/^## ❌ aura scenarios run/);
    expect(written[1]).toMatch(/^::error file=/);
  });

  it('says which file cannot be written', async () => {
    const folder = await newFolder({ taken: '' });
    for (const kind of ['file', 'append'] as const) {
      const file = path.join(folder, 'taken', 'runs.json');
      const delivered = await deliver([{ reporter: 'json', target: { kind, file } }]);
      expect(delivered).toMatchObject({ ok: false, errors: [{ code: 'AUR006' }] });
    }
  });
});

describe('reportsOnStdout', () => {
  it('is so only for standard output', () => {
    const file: ReportRequest = { reporter: 'json', target: { kind: 'file', file: 'runs.json' } };
    const stderr: ReportRequest = { reporter: 'github', target: { kind: 'stderr' } };
    expect(reportsOnStdout([file, stderr])).toBe(false);
    expect(reportsOnStdout([file, { reporter: 'markdown', target: { kind: 'stdout' } }])).toBe(true);
  });
});
