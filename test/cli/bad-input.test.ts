// Bad input, one case each: an exit code of 2, one clear error with its code, its place and what to do, no stack
// trace, and nothing written: not the output, nothing beside it and nothing in the temporary folder. With --json
// the same errors come as one document.
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FROM_GOOD, GOOD, GROUPS } from './bad-input-cases.js';
import { newFolder, pathsIn } from './folders.js';
import { hasProcessLike } from './processes.js';
import { expectRefusal } from './refusal.js';
import { runAura } from './run-aura.js';

describe.each(Object.entries(GROUPS))('%s', (_, cases) => {
  it.each(cases)('$what: $code', async ({ files, prepare, args = FROM_GOOD, code, says }) => {
    const folder = await newFolder({ ...GOOD, ...files });
    await prepare?.(folder);
    const temporary = await newFolder();
    const before = await pathsIn(folder);
    const run = await runAura(['scenarios', 'generate', '--json', ...args], {
      cwd: folder,
      env: { TMPDIR: temporary },
    });
    expectRefusal(run, code, says);
    expect(await pathsIn(folder)).toEqual(before);
    expect(await pathsIn(temporary)).toEqual([]);
  });
});

describe('a Quint that hangs', () => {
  it('is ended after the time limit, with all that it started', async () => {
    const nap = String(10_000_000 + process.pid);
    const script = `#!/bin/sh\nif [ "$1" = --version ]; then echo 0.33.0; exit 0; fi\nsleep ${nap} & sleep ${nap}\n`;
    const folder = await newFolder({
      ...GOOD,
      'aura-config.toml': '[quint]\nquint_path = "slow"\ntimeout_ms = 700\n',
      slow: script,
    });
    await chmod(path.join(folder, 'slow'), 0o755);
    const temporary = await newFolder();
    const run = await runAura(['scenarios', 'generate', ...FROM_GOOD, '--json', '--no-cache'], {
      cwd: folder,
      env: { TMPDIR: temporary },
    });
    expectRefusal(run, 'AUR103', ['within 700 ms', 'timeout_ms']);
    expect(await pathsIn(folder)).toEqual(['aura-config.toml', 'good.qnt', 'slow']);
    expect(await pathsIn(temporary)).toEqual([]);
    await expect.poll(() => hasProcessLike(`sleep ${nap}`), { timeout: 60_000 }).toBe(false);
  });
});
