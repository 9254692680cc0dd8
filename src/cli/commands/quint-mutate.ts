// aura quint mutate: how good the properties of a spec are, told by what becomes of it when its guards are weakened one
// at a time.
import type { Command } from 'commander';
import type { MutantResult, MutateResult } from '../../../generated/mutate-result.js';
import { mutateInWorkers } from '../../generate/mutants/mutate-in-workers.js';
import { countMutants, type MutantReport, type Mutation } from '../../generate/mutants/mutate-task.js';
import type { Model } from '../../model/model.js';
import { stopwatch } from '../../util/clock.js';
import { showError, showLocation } from '../../util/errors.js';
import { ok, type Result } from '../../util/result.js';
import { aligned } from '../aligned.js';
import { type DrivingOptions, driveSpec, drivingActions, withDrivingOptions } from '../driven-spec.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { openSpec, type SpecOptions, withSpecOptions } from '../open-spec.js';
import { integerIn, numberIn } from '../options.js';
import type { Runner, Session } from '../session.js';
import type { Terminal } from '../terminal.js';

interface Options extends SpecOptions, DrivingOptions {
  maxStates: number;
  jobs: number;
  minScore?: number;
}

export function registerMutate(parent: Command, runner: Runner): void {
  withDrivingOptions(withSpecOptions(parent.command('mutate')))
    .description('weaken the guards of a spec one at a time and see whether its properties notice')
    .option(
      '--max-states <n>',
      'states of the spec that are visited, and new ones of each mutant',
      integerIn(1, 100_000_000),
      100_000,
    )
    .option('--jobs <n>', 'workers; the result does not depend on their number', integerIn(1, 256), 1)
    .option('--min-score <share>', 'share of killed mutants that is enough, 0 to 1', numberIn(0, 1))
    .addHelpText(
      'after',
      '\nExample:\n  aura quint mutate --spec specs/dkd.qnt\n\nExit codes: 0 no mutant survived or the score is enough, 1 the score is below --min-score,\n            2 bad input, 3 mutants survived or none could be judged.\n',
    )
    .action((options: Options) => runner.run(options, session => run(session, options)));
}

async function run(session: Session, options: Options): Promise<Result<ExitCode>> {
  const opened = await openSpec(session, options);
  if (!opened.ok) return opened;
  const driven = await driveSpec(session, opened.value, options);
  if (!driven.ok) return driven;
  const { model } = driven.value;
  const total = countMutants(model);
  const { terminal, signal } = session;
  const clock = stopwatch();
  const known: MutantReport[] = [];
  terminal.progress(`exploring ${model.spec.main} to judge ${total} mutants`);
  const actions = drivingActions(driven.value, { init: 'init', step: 'step' });
  const task = { model, ...actions, maxStates: options.maxStates };
  const judged = await mutateInWorkers(task, options.jobs, signal, report => {
    known.push(report);
    terminal.progress(`${known.length} of ${total} mutants judged`);
  });
  if (!judged.ok && !(signal.aborted && known.length > 0)) return judged;
  const mutation = judged.ok ? judged.value : undefined;
  const mutants = [...(mutation?.mutants ?? known)].sort((a, b) => a.number - b.number);
  const result = documentOf(model, mutation, mutants, total, clock());
  terminal.document(result);
  show(terminal, result);
  return ok(exitCode(result, options.minScore));
}

function exitCode({ score }: MutateResult, minScore: number | undefined): ExitCode {
  if (score === null) return EXIT.undecided;
  if (minScore !== undefined) return score < minScore ? EXIT.violated : EXIT.ok;
  return score < 1 ? EXIT.undecided : EXIT.ok;
}

/** `mutation` is undefined where an interruption came first. */
function documentOf(
  { spec }: Model,
  mutation: Mutation | undefined,
  mutants: readonly MutantReport[],
  total: number,
  seconds: number,
): MutateResult {
  const count = (verdict: MutantReport['verdict']) =>
    mutants.filter(mutant => mutant.verdict === verdict).length;
  const [killed, survived] = [count('killed'), count('survived')];
  return {
    format: 'aura-mutate-result',
    version: 1,
    spec: spec.file,
    module: spec.main,
    states: mutation
      ? { distinct: mutation.states, depth: mutation.depth, complete: mutation.complete }
      : null,
    violated_by_spec: [...(mutation?.violated ?? [])],
    mutants: mutants.map(mutantResult),
    totals: {
      mutants: total,
      killed,
      survived,
      undecided: count('undecided'),
      equivalent: count('equivalent'),
      skipped: count('skipped'),
    },
    score: killed + survived > 0 ? killed / (killed + survived) : null,
    interrupted: mutation === undefined,
    timing: { seconds },
  };
}

function mutantResult(report: MutantReport): MutantResult {
  const { location, illegal, error } = report;
  return {
    actions: [...report.actions],
    guard: report.guard,
    location: location ? { file: location.file, line: location.line, column: location.column } : null,
    kind: report.kind,
    mutation: report.mutation,
    verdict: report.verdict,
    property: report.property ?? null,
    depth: report.depth ?? null,
    illegal_step: illegal
      ? { state: illegal.at - 1, action: illegal.action, values: [...illegal.values] }
      : null,
    bounded: report.bounded,
    reason: error ? showError(error) : null,
  };
}

function show(terminal: Terminal, result: MutateResult): void {
  const { colour } = terminal;
  const { states, totals, mutants, score } = result;
  const rows = mutants.map(mutant => [
    mutant.verdict,
    mutant.actions.join(', '),
    mutant.location ? showLocation(mutant.location) : '',
    mutant.mutation,
    mutant.verdict === 'killed'
      ? `${mutant.property} after ${mutant.depth} ${mutant.depth === 1 ? 'step' : 'steps'}`
      : told(mutant),
  ]);
  for (const line of aligned(rows)) terminal.print(line);
  for (const name of result.violated_by_spec)
    terminal.print(colour.yellow(`the spec itself violates ${name}: no mutant is held to it`));
  if (states !== null && !states.complete)
    terminal.print(
      colour.yellow(`not all states of the spec were visited: ${states.distinct}, depth ${states.depth}`),
    );
  const survivors = mutants.filter(({ verdict }) => verdict === 'survived');
  if (survivors.length > 0)
    terminal.print(
      `${colour.yellow('survived')}: either the guard is redundant or no property protects it. The first step that only the mutant takes:`,
    );
  for (const { location, mutation, illegal_step: step } of survivors)
    terminal.print(
      `  ${location ? showLocation(location) : ''} ${mutation}: ${step ? shownStep(step) : 'unknown'}`,
    );
  const { killed, survived, undecided, equivalent, skipped } = totals;
  const share = score === null ? 'no score' : `score ${Math.round(score * 1000) / 10} %`;
  terminal.print(
    `${survived > 0 ? colour.yellow(share) : share}: ${totals.mutants} mutants, ${killed} killed, ${survived} survived, ${undecided} undecided, ${equivalent} equivalent up to the bound, ${skipped} skipped`,
  );
}

function told({ verdict, illegal_step: step, bounded, reason }: MutantResult): string {
  if (verdict === 'skipped') return reason?.split('\n')[0] ?? '';
  const bound = bounded ? ' (a bound ended the search)' : '';
  if (verdict === 'undecided') return 'the spec may do the same beyond the bound: try a larger --max-states';
  if (verdict === 'survived') return `no property notices${bound}`;
  return step ? `adds steps but no states${bound}` : `adds nothing${bound}`;
}

function shownStep({ state, action, values }: NonNullable<MutantResult['illegal_step']>): string {
  const args = values.map(({ name, value }) => `${name} = ${value}`).join(', ');
  return `${action}${args === '' ? '' : `(${args})`} in state ${state}`;
}
