// `--report name[=file]`.
import { describe, expect, it } from 'vitest';
import { parseReportOptions, type ReportSurroundings } from '../../src/cli/report-options.js';
import { REPORTER_NAMES } from '../../src/report/reporters.js';

function parse(texts: readonly string[], surroundings: Partial<ReportSurroundings> = {}) {
  return parseReportOptions(texts, { json: false, env: {}, ...surroundings });
}

function refusal(texts: readonly string[], surroundings: Partial<ReportSurroundings> = {}) {
  const parsed = parse(texts, surroundings);
  return parsed.ok ? [] : parsed.errors.map(({ code, message, hint }) => [code, message, hint]);
}

describe('--report', () => {
  it('takes a file after the name', () => {
    expect(parse(['junit=out/junit.xml', 'sarif=a=b.sarif'])).toEqual({
      ok: true,
      value: [
        { reporter: 'junit', target: { kind: 'file', file: 'out/junit.xml' } },
        { reporter: 'sarif', target: { kind: 'file', file: 'a=b.sarif' } },
      ],
    });
  });

  it('goes to standard output without one', () => {
    for (const reporter of REPORTER_NAMES)
      for (const text of [reporter, `${reporter}=-`])
        expect(parse([text])).toEqual({ ok: true, value: [{ reporter, target: { kind: 'stdout' } }] });
  });

  it('may be absent', () => {
    expect(parse([])).toEqual({ ok: true, value: [] });
  });

  it('adds Markdown to the summary of a job on GitHub', () => {
    const env = { GITHUB_STEP_SUMMARY: '/tmp/summary' };
    const appended = { reporter: 'markdown', target: { kind: 'append', file: '/tmp/summary' } };
    expect(parse(['markdown'], { env })).toEqual({ ok: true, value: [appended] });
    expect(parse(['markdown=a.md'], { env })).toEqual({
      ok: true,
      value: [{ reporter: 'markdown', target: { kind: 'file', file: 'a.md' } }],
    });
  });

  it('annotates on GitHub without being asked, once', () => {
    const env = { GITHUB_ACTIONS: 'true' };
    const annotations = { reporter: 'github', target: { kind: 'stderr' } };
    expect(parse([], { env, json: true })).toEqual({ ok: true, value: [annotations] });
    expect(parse(['github=notes.txt'], { env })).toEqual({
      ok: true,
      value: [{ reporter: 'github', target: { kind: 'file', file: 'notes.txt' } }],
    });
    expect(parse([], { env: { GITHUB_ACTIONS: 'false' } })).toEqual({ ok: true, value: [] });
  });

  it('knows near names', () => {
    expect(refusal(['junt=a.xml'])).toEqual([
      [
        'AUR740',
        'there is no report named "junt"',
        'did you mean junit? reports are: json, junit, sarif, github, markdown',
      ],
    ]);
    expect(refusal(['terminal', '=x', 'toString']).map(([code]) => code)).toEqual([
      'AUR740',
      'AUR740',
      'AUR740',
    ]);
  });

  it('asks for the file after an equals sign', () => {
    expect(refusal(['junit='])).toEqual([
      ['AUR741', '--report junit= names no file', 'write --report junit=FILE'],
    ]);
  });

  it('refuses two documents in one place', () => {
    expect(refusal(['junit=out/x', 'json=./out/../out/x'])).toEqual([
      [
        'AUR742',
        '--report junit and --report json both go to ./out/../out/x',
        'give each its own file: --report json=FILE',
      ],
    ]);
    expect(refusal(['junit', 'sarif']).map(([code]) => code)).toEqual(['AUR742']);
    expect(refusal(['junit'], { json: true })).toEqual([
      [
        'AUR742',
        '--json and --report junit both go to standard output',
        'give each its own file: --report junit=FILE',
      ],
    ]);
    expect(refusal(['junit=a', 'junit=b'])).toEqual([]);
  });
});
