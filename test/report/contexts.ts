// What the reporters are given in tests: the sources below test/fixtures, a version that never changes, no colours.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PLAIN } from '../../src/report/palette.js';
import type { ReportContext } from '../../src/report/reporter.js';
import type { TerminalContext } from '../../src/report/terminal.js';

const ROOT = path.join(import.meta.dirname, '../..');

function lineAt(file: string, line: number): string | undefined {
  if (!/^[\w/.]+\.qnt$/.test(file) || !existsSync(path.join(ROOT, file))) return undefined;
  return readFileSync(path.join(ROOT, file), 'utf8').split('\n')[line - 1];
}

export function contextFor(changes: Partial<ReportContext> = {}): ReportContext {
  return { version: '0.0.0', strict: false, folder: ROOT, root: ROOT, lineAt, ...changes };
}

export function terminalContext(changes: Partial<TerminalContext> = {}): TerminalContext {
  return { ...contextFor(), palette: PLAIN, width: 80, verbose: false, ...changes };
}
