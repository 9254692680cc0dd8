// aura quint actions: what a spec can do: its actions, what their parameters are drawn from and why, which of them were
// possible in an exploration, and what keeps the others from ever being taken.
import type { Command } from 'commander';
import type { ActionsResult } from '../../../generated/actions-result.js';
import { readSpecTexts } from '../../bridge/load-spec.js';
import type { ActionSurvey, Blocker, Survey } from '../../derive/survey.js';
import { surveyInWorker } from '../../derive/survey-in-worker.js';
import { spanText } from '../../derive/text-edits.js';
import type { Action, Parameter } from '../../model/model.js';
import { typeText } from '../../model/type-text.js';
import { showLocation } from '../../util/errors.js';
import { ok } from '../../util/result.js';
import { quoted } from '../../util/shell.js';
import { aligned } from '../aligned.js';
import { classificationOf } from '../config.js';
import {
  type DrivenSpec,
  type DrivingOptions,
  driveSpec,
  drivingActions,
  withDrivingOptions,
} from '../driven-spec.js';
import { EXIT } from '../exit-codes.js';
import { openSpec, type SpecOptions, withSpecOptions } from '../open-spec.js';
import { integerIn, seed } from '../options.js';
import type { Runner, Session } from '../session.js';
import type { Terminal } from '../terminal.js';

interface Options extends SpecOptions, DrivingOptions {
  maxStates: number;
  seed: string;
  showDriver?: boolean;
}

type Listed = ActionsResult['actions'][number];

export function registerActions(parent: Command, runner: Runner): void {
  withDrivingOptions(withSpecOptions(parent.command('actions')))
    .description('list actions, what drives their parameters, and which are ever possible')
    .option('--max-states <n>', 'distinct states to look at', integerIn(1, 10_000_000), 20_000)
    .option('--seed <n>', 'seed of the walks that follow the breadth-first part', seed, '0')
    .option('--show-driver', 'print what was derived, as Quint source')
    .addHelpText(
      'after',
      '\nExample:\n  aura quint actions --spec specs/recovery.qnt --max-states 5000\n  aura quint actions --spec proto.qnt --const \'NODES=Set("a", "b")\' --show-driver\n\nExit codes: 0 every action can be driven, 2 bad input, 3 an action has a parameter that nothing is known for.\n',
    )
    .action((options: Options) => runner.run(options, session => run(session, options)));
}

async function run(session: Session, options: Options) {
  const opened = await openSpec(session, options);
  if (!opened.ok) return opened;
  const driven = await driveSpec({ ...session, terminal: quiet(session.terminal) }, opened.value, options);
  if (!driven.ok) return driven;
  const { spec, config } = driven.value;
  const { init, step } = drivingActions(driven.value, { init: 'init', step: 'step' });
  session.terminal.progress(`exploring ${spec.main}`);
  const surveyed = await surveyInWorker(
    {
      spec,
      classification: classificationOf(config),
      options: { init, step, maxStates: options.maxStates, seed: options.seed },
    },
    session.signal,
  );
  if (!surveyed.ok) return surveyed;
  const texts = driven.value.texts ?? (await readSpecTexts(spec));
  const undriven = undrivenActions(opened.value.model.actions, driven.value);
  const actions = [...surveyed.value.actions.map(action => listed(action, driven.value, texts)), ...undriven];
  const result = documentOf(driven.value, surveyed.value, actions, { init, step });
  session.terminal.document(result);
  show(session.terminal, result, options);
  return ok(undriven.length > 0 ? EXIT.undecided : EXIT.ok);
}

// The list tells what was derived: it need not be told before.
function quiet(terminal: Terminal): Terminal {
  return { ...terminal, note: () => undefined };
}

function listed(
  { name, enabledIn, steps, blocker }: ActionSurvey,
  driven: DrivenSpec,
  texts: ReadonlyMap<string, string>,
): Listed {
  const action = driven.model.actions.find(one => one.name === name);
  return {
    name,
    kind: action?.kind ?? 'honest',
    location: { ...action?.location },
    parameters: (action?.parameters ?? []).map(parameter =>
      listedParameter(action, parameter, driven, texts),
    ),
    driven: true,
    enabled_states: enabledIn,
    steps,
    blocked: blocker === undefined ? null : blockedBy(blocker, driven, texts),
  };
}

function listedParameter(
  action: Action | undefined,
  parameter: Parameter,
  { derived, spec }: DrivenSpec,
  texts: ReadonlyMap<string, string>,
): Listed['parameters'][number] {
  const { name } = parameter;
  const type = typeText(parameter.type);
  const known = derived?.domains.find(domain => domain.action === action?.name && domain.parameter === name);
  if (known !== undefined) return { name, type, domain: known.expression, from: known.from };
  const found = action === undefined ? [] : domainsInStep(action, parameter, spec);
  const written = found.map(id => textAt(id, spec, texts)).filter(text => text !== undefined);
  const domain = written.length === 0 ? null : [...new Set(written)].join(', or ');
  return { name, type, domain, from: domain === null ? null : 'step of the spec' };
}

/** Ids of the sets that `step` draws the parameter from, where its argument is such a choice. */
function domainsInStep(
  { parameters, calls }: Action,
  parameter: Parameter,
  { ir }: DrivenSpec['spec'],
): number[] {
  const at = parameters.indexOf(parameter);
  return calls.flatMap(({ args, bindings }) => {
    const arg = args[at];
    const target = arg?.kind === 'name' ? ir.table.get(arg.id)?.id : undefined;
    const binding = bindings.find(({ id, nondet }) => nondet && id === target);
    const set = binding?.expr.kind === 'app' ? binding.expr.args[0] : undefined;
    return set === undefined ? [] : [set.id];
  });
}

function textAt(
  id: number,
  { ir, file }: DrivenSpec['spec'],
  texts: ReadonlyMap<string, string>,
): string | undefined {
  const span = ir.spans.get(id);
  return span && spanText(span, file, texts);
}

function blockedBy(
  { kind, span, tried }: Blocker,
  { spec, derived }: DrivenSpec,
  texts: ReadonlyMap<string, string>,
): NonNullable<Listed['blocked']> {
  const text = span === undefined ? undefined : spanText(span, spec.file, texts);
  // A domain that was derived stands in no file of the user's.
  const isOurs = kind === 'empty domain' && derived?.derivedStep !== undefined;
  const location = span === undefined || isOurs ? null : { ...span };
  return { reason: kind, location, text: text ?? '', tried };
}

function undrivenActions(actions: readonly Action[], { derived }: DrivenSpec): Listed[] {
  return (derived?.undriven ?? []).flatMap(({ action: name, help }) => {
    const action = actions.find(one => one.name === name);
    if (action === undefined) return [];
    return [
      {
        name,
        kind: action.kind,
        location: { ...action.location },
        parameters: action.parameters.map(parameter => ({
          name: parameter.name,
          type: typeText(parameter.type),
          domain: null,
          from: null,
        })),
        driven: false,
        help,
        enabled_states: 0,
        steps: 0,
        blocked: null,
      },
    ];
  });
}

function documentOf(
  { spec, derived }: DrivenSpec,
  { states, complete, deadlocks }: Survey,
  actions: ActionsResult['actions'],
  { init, step }: { init: string; step: string },
): ActionsResult {
  return {
    format: 'aura-actions-result',
    version: 1,
    spec: spec.file,
    module: spec.main,
    constants: (derived?.constants ?? []).map(({ name, value, why }) => ({ name, value, from: why })),
    init: { name: init, from: derived?.derivedInit?.from ?? null },
    step: { name: step, from: derived?.derivedStep?.from ?? null },
    driver: derived?.text ?? '',
    actions,
    exploration: { states, complete, deadlocks },
  };
}

function show(terminal: Terminal, result: ActionsResult, options: Options): void {
  const { bold, dim, yellow, red } = terminal.colour;
  terminal.print(`module ${result.module} of ${result.spec}`);
  for (const { name, value, from } of result.constants)
    terminal.print(`  constant ${name} = ${value}  ${dim(from)}`);
  for (const [what, { name, from }] of [
    ['begins', result.init],
    ['goes on', result.step],
  ] as const)
    if (from !== null) terminal.print(`  ${what} with ${name}  ${dim(`derived: ${from}`)}`);
  terminal.print(bold('actions'));
  const rows = result.actions.map(action => [
    `${action.name}(${action.parameters.map(({ name, type }) => `${name}: ${type}`).join(', ')})`,
    action.kind,
    counts(action),
  ]);
  const lines = aligned(rows);
  for (const [i, action] of result.actions.entries()) {
    terminal.print(`  ${action.steps > 0 ? lines[i] : yellow(lines[i] ?? '')}`);
    for (const { name, domain, from } of action.parameters)
      if (domain !== null) terminal.print(dim(`      ${name} from ${domain}  (${from})`));
    if (action.help !== undefined) terminal.print(`      ${red('cannot be driven')}: add ${action.help}`);
    if (action.blocked !== null) terminal.print(`      ${reasonText(action.blocked)}`);
  }
  const { states, complete, deadlocks } = result.exploration;
  const taken = result.actions.filter(({ steps }) => steps > 0).length;
  const bound = complete ? 'all states within reach' : `${states} states, not all; see --max-states`;
  terminal.print(
    `${taken} of ${result.actions.length} actions possible in ${complete ? `${states} states: ` : ''}${bound}, ${deadlocks} deadlocks`,
  );
  if (options.showDriver && result.driver !== '') {
    terminal.print(bold('derived'));
    for (const line of result.driver.split('\n')) terminal.print(`  ${line}`);
  } else if (result.driver !== '')
    terminal.print(
      dim(`  what was derived, in Quint: aura quint actions --spec ${quoted(options.spec)} --show-driver`),
    );
}

function counts({ driven, steps, enabled_states: states }: Listed): string {
  if (!driven) return 'not driven';
  return steps === 0 ? 'never possible' : `in ${states} states, ${steps} steps`;
}

function reasonText({ reason, location, text, tried }: NonNullable<Listed['blocked']>): string {
  const { file, line, column } = { file: '', line: 1, column: 1, ...location };
  const place = location === null ? '' : `${showLocation({ file, line, column })}: `;
  const said = {
    'never true': 'this guard was never true',
    'mostly false': 'this guard failed most often',
    'empty domain': 'there was never a value to draw from',
  };
  return `${place}${said[reason]}: ${text}  (tried ${tried} times)`;
}
