// One scratch folder for a run of the tests, removed at its end. The cache of Quint's answers is in it, so that
// tests share what Quint has answered, and nobody's own cache is read or filled.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    scratch: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'aura-test-'));
  project.provide('scratch', scratch);
  return () => rm(scratch, { recursive: true, force: true });
}
