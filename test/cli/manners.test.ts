// The manners of the program: exit codes, help, colours, one JSON document, and what it leaves behind when it is cut
// short or its reader goes away. They are the same for all commands, so each is tested where it is cheapest.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DoctorReport } from '../../generated/doctor-report.js';
import type { ListResult } from '../../generated/list-result.js';
import type { PropertyMapping } from '../../generated/property-mapping.js';
import type { ValidateResult } from '../../generated/validate-result.js';
import { expectDocument, expectErrors } from './documents.js';
import { newFolder, pathsIn } from './folders.js';
import { hasProcessLike } from './processes.js';
import { AURA, auraEnvironment, PROJECT, runAura, startAura } from './run-aura.js';
import { tickingSpec, VOTING } from './sample-specs.js';

const RFC080 = path.join(PROJECT, 'test', 'fixtures', 'rfc080');

describe('help', () => {
  it('of every command has an example', async () => {
    const seen: string[] = [];
    const visit = async (words: readonly string[]): Promise<void> => {
      const { exitCode, stdout, stderr } = await runAura([...words, '--help']);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      const commands = /\nCommands:\n([\s\S]*?)\n\n/.exec(`${stdout}\n\n`)?.[1] ?? '';
      const names = [...commands.matchAll(/^ {2}([a-z][\w-]*)/gm)].flatMap(([, name]) => name ?? []);
      const isLeaf = names.length === 0;
      if (isLeaf || words.length === 0) expect(stdout, words.join(' ')).toMatch(/\nExamples?:\n {2}aura /);
      if (isLeaf) seen.push(words.join(' '));
      for (const name of names) await visit([...words, name]);
    };
    await visit([]);
    expect(seen).toEqual(
      expect.arrayContaining([
        'scenarios generate',
        'scenarios validate',
        'scenarios list',
        'quint map-properties',
        'doctor',
      ]),
    );
  });

  it('comes, with exit code 2, when no command is given', async () => {
    for (const words of [[], ['scenarios'], ['quint']]) {
      const run = await runAura(words);
      expect(run).toMatchObject({ exitCode: 2, stdout: '' });
      expect(run.stderr).toContain('Usage: aura');
    }
  });

  it('tells the version', async () => {
    expect(await runAura(['--version'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it.each([
    [['scenarois'], "unknown command 'scenarois'", 'Did you mean scenarios?'],
    [['scenarios', 'generat'], "unknown command 'generat'", 'Did you mean generate?'],
    [['doctor', '--jsno'], "unknown option '--jsno'", 'Did you mean --json?'],
    [['quint', 'map-properties'], "required option '--spec <file>' not specified", '--help'],
  ])('is near when words are wrong: %j', async (words, message, hint) => {
    const run = await runAura(words);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(`error AUR001: ${message}`);
    expect(run.stderr).toContain(hint);
  });
});

describe('colours', () => {
  const ESCAPE = '\x1b[';

  it.each([
    [{}, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('with %j', async (env, coloured) => {
    const { stdout } = await runAura(['doctor'], { env });
    expect(stdout.includes(ESCAPE)).toBe(coloured);
    const { stderr } = await runAura(['scenarios', 'list', 'nowhere'], { env });
    expect(stderr.includes(ESCAPE)).toBe(coloured);
  });

  it('never get into JSON', async () => {
    const { stdout } = await runAura(['doctor', '--json'], { env: { FORCE_COLOR: '1' } });
    expect(stdout).not.toContain(ESCAPE);
  });
});

describe('--json', () => {
  it('prints errors of the command line as one document', async () => {
    const run = await runAura(['scenarios', 'generate', '--json', '--traces', 'many']);
    expect(run.exitCode).toBe(2);
    expect(expectErrors(run.stdout).errors).toMatchObject([{ code: 'AUR002' }]);
    expect(run.stderr).toContain('error AUR002');
  });

  it('prints errors of the input as one document, with their places', async () => {
    const cwd = await newFolder({ 'cut.qnt': 'module cut {\n  val x =\n}\n' });
    const run = await runAura(['quint', 'map-properties', '--spec', 'cut.qnt', '--json'], { cwd });
    expect(run.exitCode).toBe(2);
    expect(expectErrors(run.stdout).errors).toMatchObject([
      { code: 'AUR102', origin: 'QNT000', location: { file: 'cut.qnt', line: 3, column: 1 } },
    ]);
  });
});

describe('aura scenarios validate', () => {
  it('passes the texts of RFC 080', async () => {
    const run = await runAura(['scenarios', 'validate', RFC080, '--json']);
    expect(run.exitCode, run.stderr).toBe(0);
    expectDocument(run.stdout, 'validate-result');
    const result: ValidateResult = JSON.parse(run.stdout);
    expect(result).toMatchObject({ valid: true, errors: [] });
    expect(result.scenarios.length).toBeGreaterThanOrEqual(4);
    expect(run.stderr).toContain('is valid');
  });

  it('fails what is invalid with 1, naming each place', async () => {
    const cwd = await newFolder({
      'good.toml': '[[scenario]]\nname = "a"\n',
      'bad.toml':
        '[[scenario]]\nname = "b"\nexpected_outcome = "sucess"\n\n[scenario.setup]\nthreshhold = 2\n',
    });
    const run = await runAura(['scenarios', 'validate', '.', '--json'], { cwd });
    expect(run.exitCode).toBe(1);
    expectDocument(run.stdout, 'validate-result');
    const result: ValidateResult = JSON.parse(run.stdout);
    expect(result.valid).toBe(false);
    expect(result.errors.map(({ code, location }) => [code, location?.file, location?.line])).toEqual([
      ['AUR402', 'bad.toml', 3],
      ['AUR402', 'bad.toml', 6],
    ]);
    expect(run.stderr).toContain('error AUR402: bad.toml:6:1: unknown key `threshhold`');
    expect(run.stderr).toContain('did you mean `threshold`?');
    expect(await runAura(['scenarios', 'validate', 'good.toml'], { cwd })).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['scenario files that are not TOML', { 'x.toml': '[[scenario]\n' }, 1, 'AUR401'],
    [
      'two scenarios of one name',
      { 'x.toml': '[[scenario]]\nname = "a"\n', 'y.toml': '[[scenario]]\nname = "a"\n' },
      1,
      'AUR405',
    ],
    ['a missing base', { 'x.toml': '[[scenario]]\nname = "a"\nextends = "b.toml"\n' }, 1, 'AUR403'],
    ['a folder without scenarios', { 'readme.txt': 'nothing' }, 2, 'AUR008'],
  ])('of %s', async (_, files, exitCode, code) => {
    const run = await runAura(['scenarios', 'validate', '.'], { cwd: await newFolder({ ...files }) });
    expect(run.stderr).toContain(`error ${code}`);
    expect(run.exitCode).toBe(exitCode);
  });

  it('of a path that is not there has nothing to judge', async () => {
    const run = await runAura(['scenarios', 'validate', 'nowhere', '--json']);
    expect(run.exitCode).toBe(2);
    expect(expectErrors(run.stdout).errors).toMatchObject([{ code: 'AUR003' }]);
  });
});

describe('other commands', () => {
  it('aura scenarios list tells what there is', async () => {
    const run = await runAura(['scenarios', 'list', RFC080, '--json']);
    expect(run.exitCode, run.stderr).toBe(0);
    expectDocument(run.stdout, 'list-result');
    const result: ListResult = JSON.parse(run.stdout);
    expect(new Set(result.scenarios.map(({ file }) => path.relative(RFC080, file)))).toEqual(
      new Set((await pathsIn(RFC080)).filter(name => name.endsWith('.toml'))),
    );
    const shown = await runAura(['scenarios', 'list', RFC080]);
    for (const { name } of result.scenarios) expect(shown.stdout).toContain(`  ${name}\n`);
  });

  it('aura doctor tells which Quint and which cache are used', async () => {
    const folder = await newFolder();
    const run = await runAura(['doctor', '--json'], { env: { AURA_CACHE_DIR: folder } });
    expect(run.exitCode, run.stderr).toBe(0);
    expectDocument(run.stdout, 'doctor-report');
    const report: DoctorReport = JSON.parse(run.stdout);
    expect(report.quint).toMatchObject({ found: true, origin: 'bundled', version: '0.33.0' });
    expect(report.cache).toEqual({ folder, exists: true });
    expect(report.backends.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['TypeScript simulator', 'Rust evaluator', 'Java', 'Apalache', 'TLC']),
    );
    expect(run.stderr).toContain('found    Quint 0.33.0 (bundled)');
  });

  it('aura doctor fails where there is no Quint', async () => {
    const cwd = await newFolder({ 'aura-config.toml': '[quint]\nquint_path = "./gone"\n' });
    const run = await runAura(['doctor', '--json'], { cwd });
    expect(run.exitCode).toBe(2);
    expectDocument(run.stdout, 'doctor-report');
    expect(run.stderr).toContain('error AUR101');
  });

  it('aura quint map-properties tells classes and the rules that gave them', async () => {
    const cwd = await newFolder({ 'voting.qnt': VOTING });
    const args = ['quint', 'map-properties', '--spec', 'voting.qnt', '--show-mapping'];
    const run = await runAura([...args, '--json'], { cwd });
    expect(run.exitCode, run.stderr).toBe(0);
    expectDocument(run.stdout, 'property-mapping');
    const mapping: PropertyMapping = JSON.parse(run.stdout);
    expect(mapping.module).toBe('voting');
    const shown = await runAura(args, { cwd });
    expect(shown.stdout).toMatch(
      /^ {2}DecisionHasQuorum +ThresholdSafety +annotation @property ThresholdSafety/m,
    );
    expect(shown.stdout).toMatch(/^ {2}SomethingIsDecided +ProtocolProgress +name contains "Decid"/m);
    expect(shown.stdout).toMatch(/^ {2}revote\(v, x\) +byzantine: equivocation +annotation @byzantine/m);
    expect(shown.stdout).toMatch(/^ {2}crash\(v\) +fault: crash +annotation @fault/m);
  });
});

describe('Ctrl-C', () => {
  it.each(['builtin', 'quint'])(
    'while %s draws traces ends with 130 and leaves nothing behind',
    async engine => {
      const cwd = await newFolder({ 'voting.qnt': VOTING });
      const [temporary, cache] = [await newFolder(), await newFolder()];
      const args = ['scenarios', 'generate', '--spec', 'voting.qnt', '--output', 'out', '--traces', '100000'];
      const { child, finished } = startAura([...args, '--engine', engine, '--json'], {
        cwd,
        env: { TMPDIR: temporary, AURA_CACHE_DIR: cache },
      });
      await expect.poll(() => isDrawing(cache, temporary, engine), { timeout: 100_000 }).toBe(true);
      child.kill('SIGINT');
      const run = await finished;
      expect(run).toMatchObject({ exitCode: 130, stdout: '' });
      expect(run.stderr).toBe('interrupted\n');
      expect(await pathsIn(cwd)).toEqual(['voting.qnt']);
      expect(await pathsIn(temporary)).toEqual([]);
      await expect.poll(() => hasProcessLike(temporary), { timeout: 60_000 }).toBe(false);
    },
  );

  // Traces are drawn once what Quint said of the spec is in the cache. The arguments of a `quint run` name files in
  // the temporary folder, which those of no other process do.
  async function isDrawing(cache: string, temporary: string, engine: string): Promise<boolean> {
    const isChecked = (await pathsIn(cache)).some(name => name.endsWith('.json'));
    return isChecked && (engine !== 'quint' || (await hasProcessLike(temporary)));
  }
});

describe('standard output', () => {
  it.each([
    ['a person', []],
    ['a program', ['--json']],
  ])('that %s closes early is no error, and all work is done', async (_, more) => {
    const cwd = await newFolder({ 'specs/one.qnt': tickingSpec('one'), 'specs/two.qnt': tickingSpec('two') });
    const args = ['scenarios', 'generate', '--spec', 'specs', '--output', 'out', '--traces', '4', ...more];
    const child = spawn(process.execPath, [AURA, ...args], {
      cwd,
      env: auraEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    child.stderr.destroy();
    expect(await exitCodeOf(child)).toBe(0);
    expect((await readdir(path.join(cwd, 'out'))).sort()).toEqual(['one', 'two']);
  });

  it.runIf(process.platform === 'linux')('that takes nothing is an error', async () => {
    const child = spawn(
      '/bin/sh',
      ['-c', '"$0" "$@" > /dev/full', process.execPath, AURA, 'doctor', '--json'],
      {
        env: auraEnvironment(),
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
    });
    expect(await exitCodeOf(child)).toBe(2);
    expect(stderr).toContain('error AUR006: cannot write to standard output: the disk is full');
  });
});

function exitCodeOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve(code));
  });
}
