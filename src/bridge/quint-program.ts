// Finds the `quint` to use and tells its version. The one our package depends on is the default: its JSON is what
// the rest of aura was tested with.
import { readFile, realpath, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type AuraError, auraError } from '../util/errors.js';
import { systemReason } from '../util/files.js';
import { LIMITS } from '../util/limits.js';
import { fail, ok, type Result } from '../util/result.js';
import { type ProgramResult, runProgram } from './run-program.js';

/** How to start Quint: `command` with `args` before its own arguments. */
export interface QuintProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** What a person would look for: the path of the program. */
  readonly path: string;
  readonly origin: 'bundled' | 'configured';
  readonly version: string;
}

/**
 * The Quint at `configuredPath`, or the bundled one.
 *
 * Errors: AUR101 when there is none or it cannot be started, AUR105 when it tells no version, AUR103 when it hangs.
 */
export async function findQuint(configuredPath?: string): Promise<Result<QuintProgram>> {
  return configuredPath === undefined ? bundledQuint() : configuredQuint(configuredPath);
}

async function bundledQuint(): Promise<Result<QuintProgram>> {
  try {
    const manifest = createRequire(import.meta.url).resolve('@informalsystems/quint/package.json');
    const { version, bin }: { version: string; bin: { quint: string } } = JSON.parse(
      await readFile(manifest, 'utf8'),
    );
    const script = path.join(path.dirname(manifest), bin.quint);
    await stat(script);
    return ok({ command: process.execPath, args: [script], path: script, origin: 'bundled', version });
  } catch (error) {
    return fail(
      auraError('AUR101', `the bundled Quint was not found: ${systemReason(error)}`, {
        hint: 'reinstall aura-quint, or set quint_path in aura-config.toml',
      }),
    );
  }
}

async function configuredQuint(configuredPath: string): Promise<Result<QuintProgram>> {
  const file = await realpath(configuredPath).catch(() => configuredPath);
  const result = await runProgram(file, ['--version'], { timeoutMs: LIMITS.quintVersionMs });
  const what = `quint_path ${configuredPath}`;
  if (result.outcome === 'timedOut')
    return fail(auraError('AUR103', `${what} did not tell its version within ${LIMITS.quintVersionMs} ms`));
  if (result.outcome !== 'exited')
    return fail(
      auraError('AUR101', `${what} cannot be started: ${result.stderr}`, {
        hint: 'correct quint_path, or remove it to use the bundled Quint',
      }),
    );
  const version = /^v?(\d+\.\d+\.\d+\S*)$/m.exec(result.stdout.trim())?.[1];
  if (version === undefined)
    return fail(auraError('AUR105', `${what} is not Quint: --version printed no version`));
  return ok({ command: file, args: [], path: file, origin: 'configured', version });
}

export interface QuintCall {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export function callQuint(
  quint: QuintProgram,
  args: readonly string[],
  call: QuintCall,
): Promise<ProgramResult> {
  return runProgram(quint.command, [...quint.args, ...args], call);
}

/** The error of a call that did not come to its own end or printed nothing that we understand. */
export function brokenCall(
  quint: QuintProgram,
  verb: string,
  result: ProgramResult,
  call: QuintCall,
): AuraError {
  if (result.outcome === 'timedOut')
    return auraError('AUR103', `quint ${verb} did not finish within ${call.timeoutMs} ms`, {
      hint: 'simplify the spec, or raise quint.timeout_ms in aura-config.toml',
    });
  if (result.outcome === 'notStarted')
    return auraError('AUR101', `${quint.path} cannot be started: ${result.stderr}`);
  if (result.outcome === 'outputTooLarge')
    return auraError('AUR104', `quint ${verb} printed more than ${LIMITS.quintOutputBytes} bytes`);
  if (result.outcome === 'cancelled') return auraError('AUR104', `quint ${verb} was cancelled`);
  const how = result.exitCode === undefined ? 'was killed' : `ended with exit code ${result.exitCode}`;
  const said = firstWords(result.stderr || result.stdout);
  return auraError('AUR104', `quint ${verb} ${how}${said ? `: ${said}` : ' and said nothing'}`, {
    hint: 'run `aura doctor` to check the Quint in use',
  });
}

function firstWords(text: string): string {
  const line = text.split('\n').find(candidate => candidate.trim() !== '') ?? '';
  return line.trim().slice(0, 300);
}
