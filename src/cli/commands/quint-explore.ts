// aura quint explore: every reachable state, breadth first, and the shortest violation.
import type { Command } from 'commander';
import type { ExploreResult } from '../../../generated/explore-result.js';
import { runInWorker } from '../../engine/in-worker.js';
import { ok } from '../../util/result.js';
import {
  type DrivingOptions,
  driveSpec,
  drivingActions,
  withDrivingOptions,
  withinDomains,
} from '../driven-spec.js';
import { EXIT } from '../exit-codes.js';
import { definitionsFor, openSpec, type SpecOptions, withSpecOptions } from '../open-spec.js';
import { collectText, integerIn } from '../options.js';
import type { Runner, Session } from '../session.js';
import { showViolation, violationDocument } from '../violation.js';

interface Options extends SpecOptions, DrivingOptions {
  init: string;
  step: string;
  invariant?: readonly string[];
  maxDepth?: number;
  maxStates: number;
}

export function registerExplore(parent: Command, runner: Runner): void {
  withDrivingOptions(withSpecOptions(parent.command('explore')))
    .description('visit every reachable state once and check invariants')
    .option('--init <name>', 'action that gives the initial states', 'init')
    .option('--step <name>', 'action that takes a step', 'step')
    .option('--invariant <name or expression>', 'checked in every state; may be repeated', collectText)
    .option('--max-depth <n>', 'steps from an initial state (default: no bound)', integerIn(0, 1_000_000))
    .option('--max-states <n>', 'distinct states after which it stops', integerIn(1, 100_000_000), 1_000_000)
    .addHelpText(
      'after',
      '\nExample:\n  aura quint explore --spec specs/dkd.qnt --invariant KeysAgree\n\nExit codes: 0 all states visited and no violation, 1 a violation, 2 bad input, 3 a bound ended the search.\n',
    )
    .action((options: Options) => runner.run(options, session => run(session, options)));
}

async function run(session: Session, options: Options) {
  const opened = await openSpec(session, options);
  if (!opened.ok) return opened;
  const driven = await driveSpec(session, opened.value, options, options);
  if (!driven.ok) return driven;
  const definitions = await definitionsFor(driven.value, options.invariant ?? []);
  if (!definitions.ok) return definitions;
  session.terminal.progress(`exploring ${opened.value.spec.main}`);
  const { maxDepth, maxStates } = options;
  const { init, step } = drivingActions(driven.value, options);
  const machine = { init, step, invariants: definitions.value.names };
  const bounds = { maxStates, ...(maxDepth !== undefined && { maxDepth }) };
  const explored = await runInWorker<'explore'>(
    { kind: 'explore', spec: definitions.value.spec, machine, options: bounds },
    session.signal,
  );
  if (!explored.ok) return explored;
  const { distinctStates, transitions, depth, complete, deadlocks, violation, seconds } = explored.value;
  const { terminal } = session;
  const result: ExploreResult = {
    format: 'aura-explore-result',
    version: 1,
    distinctStates,
    transitions,
    depth,
    complete,
    deadlocks,
    violation: violationDocument(violation, definitions.value),
    timing: { seconds, statesPerSecond: distinctStates / seconds },
  };
  terminal.document(result);
  if (violation) await showViolation(terminal, violation, definitions.value);
  const { red, green, yellow } = terminal.colour;
  const verdict = violation
    ? red('a violation was found')
    : complete
      ? green(`all states visited${withinDomains(driven.value)}`)
      : yellow('a bound ended the search');
  terminal.print(
    `${verdict}: ${distinctStates} distinct states, ${transitions} transitions, depth ${depth}, ${deadlocks} deadlocks`,
  );
  return ok(violation ? EXIT.violated : complete ? EXIT.ok : EXIT.undecided);
}
