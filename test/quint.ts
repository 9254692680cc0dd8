// Specs for tests: loaded through the real Quint, with its answers cached in one folder for the whole test run.
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openCache } from '../src/bridge/cache.js';
import { type Bridge, loadSpec } from '../src/bridge/load-spec.js';
import { findQuint } from '../src/bridge/quint-program.js';
import type { Spec } from '../src/model/spec.js';
import { showError } from '../src/util/errors.js';
import type { Result } from '../src/util/result.js';

export const ROOT = path.join(import.meta.dirname, '..');

/** The value, or a test failure that shows the errors. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.errors.map(showError).join('\n'));
}

/** Folder with what Quint has answered. */
export const TEST_CACHE = path.join(os.tmpdir(), 'aura-test-cache');

export async function testBridge(): Promise<Bridge> {
  const cache = openCache(TEST_CACHE);
  return { quint: unwrap(await findQuint()), cache, timeoutMs: 120_000 };
}

/** Writes a spec into a folder of its own and gives its path. */
export function specFile(text: string, name = 'spec.qnt'): string {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'aura-spec-')), name);
  writeFileSync(file, text);
  return file;
}

export async function loadText(text: string, module?: string): Promise<Spec> {
  return unwrap(await loadSpec(await testBridge(), specFile(text), module));
}

export async function loadFile(file: string): Promise<Spec> {
  return unwrap(await loadSpec(await testBridge(), path.join(ROOT, file)));
}
