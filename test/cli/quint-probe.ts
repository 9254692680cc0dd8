// Asks Quint whether a condition holds in some of given states: a module whose `init` is the first state, literally,
// and whose steps are the others, is run against the negated condition as its invariant. Independent of our engine.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type State, showValue } from '../../src/model/value.js';
import { newFolder } from './folders.js';
import { auraEnvironment, PROJECT } from './run-aura.js';

export interface ProbedSpec {
  /** Path without `.qnt`. */
  readonly spec: string;
  /** The module that declares the variables. */
  readonly module: string;
  /** Literals of Quint in strings, numbers and booleans as they are. */
  readonly constants: Readonly<Record<string, string | number | boolean>>;
}

/** Names of variables may come with the modules in front; those of Quint's own metadata are left out. */
export async function holdsSomewhere(
  condition: string,
  states: readonly State[],
  { spec, module, constants }: ProbedSpec,
): Promise<boolean> {
  const folder = await newFolder();
  const assignments = states.map(
    (state, i) =>
      `all { at' = ${i}, ${[...state].flatMap(([name, value]) => assignment(name, showValue(value))).join(', ')} }`,
  );
  const [init, ...steps] = assignments;
  const given = Object.entries(constants).map(([name, value]) => `${name} = ${value}`);
  const text = `module probe {
  import ${module}(${given.join(', ')}).* from "${path.relative(folder, spec)}"
  var at: int
  action begin = ${init}
  action go = any {
    all { at == ${steps.length}, ${init} },
${steps.map((step, i) => `    all { at == ${i}, ${step} },`).join('\n')}
  }
  val somewhere = ${condition}
}
`;
  await writeFile(path.join(folder, 'probe.qnt'), text);
  return (await statusOf(folder, steps.length)) === 'violation';
}

function assignment(name: string, value: string): string[] {
  return name.startsWith('mbt::') ? [] : [`${name.slice(name.lastIndexOf(':') + 1)}' = ${value}`];
}

async function statusOf(folder: string, steps: number): Promise<string> {
  const quint = path.join(PROJECT, 'node_modules', '@informalsystems', 'quint', 'dist', 'src', 'cli.js');
  const limits = ['--max-samples=1', `--max-steps=${steps}`, '--verbosity=0', '--backend=typescript'];
  const names = ['--main=probe', '--init=begin', '--step=go', '--invariant=not(somewhere)'];
  const args = [quint, 'run', 'probe.qnt', ...names, ...limits, '--out=answer.json'];
  const options = { cwd: folder, env: auraEnvironment() };
  // Quint ends with 1 on a violation: what it found is in the file.
  await promisify(execFile)(process.execPath, args, options).catch(() => undefined);
  const answer: { status: string; errors: unknown[] } = JSON.parse(
    await readFile(path.join(folder, 'answer.json'), 'utf8'),
  );
  if (answer.status === 'error') throw new Error(`Quint: ${JSON.stringify(answer.errors)}`);
  return answer.status;
}
