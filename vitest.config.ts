// How the tests run: a process each file, two at a time, with time enough for those that start Quint on a busy
// machine. No test may depend on how long it takes; the limits only end what hangs.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/cli/global-setup.ts'],
    setupFiles: ['test/fixed-seed.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
