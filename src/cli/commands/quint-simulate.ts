// aura quint simulate: random runs of a spec, on one worker or several with the same result.
import type { Command } from 'commander';
import type { SimulateResult } from '../../../generated/simulate-result.js';
import type { Step, Violation } from '../../engine/index.js';
import { startSimulation } from '../../engine/simulate-parallel.js';
import { writeItf } from '../../trace/itf-writer.js';
import { itfOfSteps } from '../../trace/steps-itf.js';
import { stopwatch } from '../../util/clock.js';
import { ok, type Result } from '../../util/result.js';
import { quoted } from '../../util/shell.js';
import {
  type DrivenSpec,
  type DrivingOptions,
  driveSpec,
  drivingActions,
  withDrivingOptions,
  withinDomains,
} from '../driven-spec.js';
import { EXIT } from '../exit-codes.js';
import {
  type Definitions,
  definitionsFor,
  openSpec,
  type SpecOptions,
  withSpecOptions,
} from '../open-spec.js';
import { collectText, integerIn, seed } from '../options.js';
import type { Runner, Session } from '../session.js';
import { showViolation, violationDocument } from '../violation.js';

interface Options extends SpecOptions, DrivingOptions {
  init: string;
  step: string;
  invariant?: readonly string[];
  samples: number;
  maxSteps: number;
  seed: string;
  outItf?: string;
  jobs: number;
}

export function registerSimulate(parent: Command, runner: Runner): void {
  withDrivingOptions(withSpecOptions(parent.command('simulate')))
    .description('run a spec at random and check invariants')
    .option('--init <name>', 'action that gives the initial state', 'init')
    .option('--step <name>', 'action that takes a step', 'step')
    .option('--invariant <name or expression>', 'checked in every state; may be repeated', collectText)
    .option('--samples <n>', 'runs', integerIn(1, 1_000_000_000), 10_000)
    .option('--max-steps <n>', 'longest run, in steps', integerIn(0, 1_000_000), 20)
    .option('--seed <n>', 'seed of all that is drawn', seed, '0')
    .option(
      '--out-itf <file>',
      'write the violating trace, or else the first one; with {seq} in the name, up to 100 traces',
    )
    .option('--jobs <n>', 'workers; the result does not depend on their number', integerIn(1, 256), 1)
    .addHelpText(
      'after',
      '\nExample:\n  aura quint simulate --spec specs/counter.qnt --invariant NoValueTwice --samples 2000\n\nExit codes: 0 no violation found, 1 a violation, 2 bad input.\n',
    )
    .action((options: Options) => runner.run(options, session => run(session, options)));
}

/** Traces that `{seq}` writes at most. */
const MOST_TRACES = 100;

async function run(session: Session, options: Options) {
  const simulation = startSimulation(options.jobs, session.signal);
  const driven = await drivenSpec(session, options);
  if (!driven.ok) {
    simulation.drop();
    return driven;
  }
  const definitions = await definitionsFor(driven.value, options.invariant ?? []);
  if (!definitions.ok) {
    simulation.drop();
    return definitions;
  }
  session.terminal.progress(`simulating ${options.samples} runs`);
  const keep = options.outItf === undefined ? 0 : options.outItf.includes('{seq}') ? MOST_TRACES : 1;
  const { samples, maxSteps, jobs } = options;
  const { init, step } = drivingActions(driven.value, options);
  const machine = { init, step, invariants: definitions.value.names };
  const clock = stopwatch();
  const simulated = await simulation.run({
    kind: 'simulate',
    spec: definitions.value.spec,
    machine,
    options: { seed: options.seed, samples, maxSteps },
    keep,
  });
  if (!simulated.ok) return simulated;
  const { traces, states, violation, kept, seconds } = simulated.value;
  if (options.outItf !== undefined) {
    const written = await writeTraces(options.outItf, violation, kept, definitions.value);
    if (!written.ok) return written;
  }
  // With several workers their own times overlap: what counts is the time that passed.
  const passed = jobs > 1 ? clock() : seconds;
  const result: SimulateResult = {
    format: 'aura-simulate-result',
    version: 1,
    traces,
    states,
    violation: violationDocument(violation, definitions.value),
    timing: { seconds: passed, tracesPerSecond: traces / passed },
  };
  session.terminal.document(result);
  if (violation) await showViolation(session.terminal, violation, definitions.value);
  const verdict = violation
    ? session.terminal.colour.red('a violation was found')
    : session.terminal.colour.green(`no violation found${withinDomains(driven.value)}`);
  session.terminal.print(
    `${verdict}: ${traces} runs, ${states} states, ${Math.round(traces / passed)} runs a second`,
  );
  if (violation)
    session.terminal.print(
      `  again: aura quint simulate --spec ${options.spec} --seed ${options.seed} --samples ${violation.sample + 1} --max-steps ${maxSteps}${(options.invariant ?? []).map(text => ` --invariant '${text}'`).join('')}${(options.const ?? []).map(text => ` --const ${quoted(text)}`).join('')}`,
    );
  return ok(violation ? EXIT.violated : EXIT.ok);
}

async function drivenSpec(session: Session, options: Options): Promise<Result<DrivenSpec>> {
  const opened = await openSpec(session, options);
  return opened.ok ? driveSpec(session, opened.value, options, options) : opened;
}

async function writeTraces(
  pattern: string,
  violation: Violation | undefined,
  kept: readonly (readonly Step[])[],
  { spec }: Definitions,
): Promise<Result<void>> {
  const chosen = violation ? [violation.trace] : kept;
  for (const [i, steps] of chosen.entries()) {
    const file = pattern.replaceAll('{seq}', String(i));
    const written = await writeItf(
      file,
      itfOfSteps(steps, { source: spec.file, status: violation ? 'violation' : 'ok' }),
    );
    if (!written.ok) return written;
  }
  return ok(undefined);
}
