// Scenarios from specs as people write them: copies of the project's specs without `step`, `init` and values of their
// constants give scenarios that take every action which the original takes; what cannot be taken is named with its guard.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { strip } from '../derive/strip.js';
import { taken } from '../derive/support.js';
import { SPECS } from '../engine/specs-of-project.js';
import { generateSuite } from '../generate/suites.js';
import { loadFile, ROOT } from '../quint.js';
import { newFolder } from './folders.js';
import { runAura } from './run-aura.js';

describe('scenarios of a spec without step, init and values of its constants', () => {
  it.each(SPECS)(
    '%s take the actions of the original',
    async file => {
      const text = strip(await readFile(path.join(ROOT, file), 'utf8'), ['step', 'init', 'constants']);
      const folder = await newFolder({ [path.basename(file)]: text });
      const { manifest } = await generateSuite(
        path.join(folder, path.basename(file)),
        ...['--scenario-count', '20', '--budget', '10000'],
      );
      const wanted = taken(await loadFile(file), 'init', 'step', 20_000);
      const missing = wanted.filter(action => !manifest.coverage.actions[action]);
      expect(wanted.length).toBeGreaterThan(5);
      expect(missing).toEqual([]);
      expect(manifest.undriven).toEqual([]);
      expect(manifest.derived).toContain('action step = any {');
    },
    900_000,
  );
});

describe('an action that is never possible', () => {
  it('is named with the guard in its way', async () => {
    const spec = `module shut {
  var n: int
  action init = n' = 0
  action grow(by: int): bool = all { by >= 1, by <= 2, n + by <= 5, n' = n + by }
  action burst: bool = all { n >= 3, n > 10, n' = 0 }
  val Small = n <= 5
}
`;
    const folder = await newFolder({ 'shut.qnt': spec });
    const run = await runAura(['scenarios', 'generate', '--spec', 'shut.qnt', '--output', 'out'], {
      cwd: folder,
    });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).toMatch(/burst is never taken: `n > 10` never holds in \d+ states \(shut\.qnt:5:38\)/);
    expect(run.stdout).toContain('1 of 2 actions taken');
  }, 60_000);
});
