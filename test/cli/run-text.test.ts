// What a run says to people: each thing once, on lines that nothing in a scenario can break or colour, and a command
// that a shell reads as it was meant.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runLines } from '../../src/cli/run-text.js';
import { quietTerminal } from '../../src/cli/terminal.js';
import { must } from '../../src/util/assert.js';
import { quoted } from '../../src/util/shell.js';
import { BAD_RUNS } from '../report/sample-runs.js';

const { colour } = quietTerminal();
const sample = must(
  BAD_RUNS.find(({ result }) => result === 'error'),
  'a run with an error',
);

describe('a run in words', () => {
  it('says an error once', () => {
    const error = { code: 'AUR452', message: 'it fell over', location: null, hint: null };
    const lines = runLines(
      { ...sample, reasons: ['it fell over'], errors: [error] },
      colour,
      undefined,
      false,
    );
    expect(lines.filter(line => line.includes('it fell over'))).toEqual(['    AUR452: it fell over']);
  });

  it('keeps to its lines', () => {
    const odd = 'a\nb\rc\x1b[31md';
    const error = { code: 'AUR452', message: odd, location: null, hint: odd };
    const run = { ...sample, scenario: odd, reasons: [`because ${odd}`], errors: [error] };
    const text = runLines(run, colour, odd, true).join('');
    expect(text).not.toMatch(/[\n\r]/);
    expect(text).not.toContain('\x1b');
    expect(text).toContain('because a\\nb\\rc\\x1b[31md');
  });
});

describe('a quoted word', () => {
  it.each(['plain', "it's", 'a b', 'a\nb', "\x1b[31m it's \\n\r\n\t", '\u202eabc\u2028', '$x `y`'])(
    '%j is what bash reads, on one line',
    word => {
      const text = quoted(word);
      expect(text).not.toMatch(/[\p{Cc}\u2028]/u);
      const env = { ...process.env, LC_ALL: 'C.UTF-8' };
      expect(execFileSync('bash', ['-c', `printf %s ${text}`], { encoding: 'utf8', env })).toBe(word);
    },
  );
});
