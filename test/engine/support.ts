// Specs for the engine's tests: compiled from text or from a file through the real bridge, and Quint's own answers.
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { loadSpec } from '../../src/bridge/load-spec.js';
import { type CompiledSpec, compileSpec } from '../../src/engine/compiled-spec.js';
import { sha256 } from '../../src/util/files.js';
import type { Result } from '../../src/util/result.js';
import { testBridge, unwrap } from '../quint.js';

const FOLDER = path.join(os.tmpdir(), 'aura-test-engine');

/** Quint's code of the first error; fails when there is none. */
export function originOf(result: Result<unknown>): string {
  if (result.ok) throw new Error('expected an error');
  return result.errors[0]?.origin ?? result.errors[0]?.code ?? '';
}

/** Writes a spec under a name made from its content; the path is returned. */
export async function specFile(text: string): Promise<string> {
  await mkdir(FOLDER, { recursive: true });
  const file = path.join(FOLDER, `${sha256(text).slice(0, 16)}.qnt`);
  await writeFile(file, text);
  return file;
}

export async function compileFile(file: string, main?: string): Promise<CompiledSpec> {
  return unwrap(compileSpec(unwrap(await loadSpec(await testBridge(), file, main))));
}

export async function compileText(text: string, main?: string): Promise<CompiledSpec> {
  return compileFile(await specFile(text), main);
}
