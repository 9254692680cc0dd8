// What is made from something else must be fresh.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');

it.each(['generate-types.js', 'generate-docs.js'])('%s has nothing to do', script => {
  const run = () =>
    execFileSync(process.execPath, [path.join(ROOT, 'scripts', script), '--check'], { stdio: 'pipe' });
  expect(run).not.toThrow();
});
