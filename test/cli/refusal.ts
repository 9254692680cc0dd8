// What every refusal of bad input has in common when the command runs with --json: the exit code, one error for people
// whose words the case tells, no stack trace, and the same error as a document. What was or was not written is for
// the caller to look at.
import { expect } from 'vitest';
import { expectErrors } from './documents.js';
import type { AuraRun } from './run-aura.js';

/** Expects exit code 2, the error for people on standard error with all of `says` in it, and the same as a document. */
export function expectRefusal(run: AuraRun, code: string, says: readonly string[]): void {
  expect(run.stderr).toMatch(new RegExp(`^error ${code}\\b`));
  expect(run.exitCode).toBe(2);
  for (const piece of says) expect(run.stderr).toContain(piece);
  expect(run.stderr).not.toMatch(/^\s+at .*:\d+/m);
  const document = expectErrors(run.stdout);
  expect(document.errors[0]?.code).toBe(code);
}
