// aura quint test: the spec's own `run` tests, on our engine.
import type { Command } from 'commander';
import type { TestResult } from '../../../generated/test-result.js';
import { runInWorker } from '../../engine/in-worker.js';
import { auraError, showError } from '../../util/errors.js';
import { fail, ok } from '../../util/result.js';
import { EXIT } from '../exit-codes.js';
import { openSpec, type SpecOptions, withSpecOptions } from '../open-spec.js';
import { integerIn, seed } from '../options.js';
import type { Runner, Session } from '../session.js';

interface Options extends SpecOptions {
  match?: string;
  maxSamples: number;
  seed: string;
}

export function registerTest(parent: Command, runner: Runner): void {
  withSpecOptions(parent.command('test'))
    .description('run the tests of a spec')
    .option(
      '--match <pattern>',
      'regular expression that names of tests must match (default: names that end in Test)',
    )
    .option('--max-samples <n>', 'runs of a test that draws at random', integerIn(1, 100_000_000), 10_000)
    .option('--seed <n>', 'seed of all that is drawn', seed, '0')
    .addHelpText(
      'after',
      '\nExample:\n  aura quint test --spec specs/counter.qnt\n\nExit codes: 0 all pass, 1 some fail, 2 bad input, 3 there is no test.\n',
    )
    .action((options: Options) => runner.run(options, session => run(session, options)));
}

async function run(session: Session, options: Options) {
  if (options.match !== undefined && !isPattern(options.match))
    return fail(auraError('AUR001', `--match ${options.match} is not a regular expression`));
  const opened = await openSpec(session, options);
  if (!opened.ok) return opened;
  session.terminal.progress('testing');
  const { maxSamples, match } = options;
  const report = await runInWorker<'test'>(
    {
      kind: 'test',
      spec: opened.value.spec,
      seed: options.seed,
      maxSamples,
      ...(match !== undefined && { match }),
    },
    session.signal,
  );
  if (!report.ok) return report;
  const { passed, failed, ignored } = report.value;
  const { terminal } = session;
  const result: TestResult = {
    format: 'aura-test-result',
    version: 1,
    passed: passed.map(({ name }) => name),
    failed: failed.map(({ name, error }) => ({
      name,
      message: error.message,
      location: error.location ? { ...error.location } : null,
    })),
    ignored: [...ignored],
  };
  terminal.document(result);
  for (const { name, samples } of passed)
    terminal.print(`${terminal.colour.green('ok')} ${name}${samples > 1 ? ` (${samples} samples)` : ''}`);
  for (const { name, error, sample } of failed) {
    terminal.print(`${terminal.colour.red('failed')} ${name} in sample ${sample}`);
    terminal.print(showError(error));
    terminal.print(
      `  again: aura quint test --spec ${options.spec} --match '^${name}$' --seed ${options.seed} --max-samples ${maxSamples}`,
    );
  }
  for (const name of ignored) terminal.print(`${terminal.colour.yellow('ignored')} ${name}`);
  terminal.print(`${passed.length} passed, ${failed.length} failed`);
  if (failed.length > 0) return ok(EXIT.violated);
  return ok(passed.length > 0 ? EXIT.ok : EXIT.undecided);
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
