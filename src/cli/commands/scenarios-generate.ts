// aura scenarios generate: from specs to folders of scenarios.
import path from 'node:path';
import { type Command, Option } from 'commander';
import type { GenerateResult } from '../../../generated/generate-result.js';
import type { Manifest, ManifestScenario } from '../../../generated/manifest.js';
import { type Bridge, loadSpec } from '../../bridge/load-spec.js';
import { type Attack, loadAttacks, ownAttacks } from '../../generate/attacks.js';
import { createEvaluator } from '../../generate/evaluator.js';
import { STRATEGIES } from '../../generate/find.js';
import { ENGINES } from '../../generate/find-candidates.js';
import { generateSuite, type Suite } from '../../generate/generate.js';
import { checkOutputFolder, writeOutputFolder } from '../../generate/output-folder.js';
import { loadTemplate, type Template } from '../../generate/render.js';
import { buildModel } from '../../model/build-model.js';
import { auraError, showError } from '../../util/errors.js';
import { packageRoot } from '../../util/package-root.js';
import { fail, ok, type Result } from '../../util/result.js';
import { classificationOf, type LoadedConfig, loadConfig } from '../config.js';
import { type DrivingOptions, driveSpec, drivingActions, withDrivingOptions } from '../driven-spec.js';
import { EXIT } from '../exit-codes.js';
import { type GenerateFlags, generateOptions } from '../generate-options.js';
import { openBridge } from '../open-bridge.js';
import { collectOneOf, collectText, integerIn, numberIn, seed } from '../options.js';
import type { Runner, Session } from '../session.js';
import { findSpecs } from '../spec-files.js';
import type { Terminal } from '../terminal.js';

interface Options extends GenerateFlags, DrivingOptions {
  spec?: string;
  module?: string;
  output: string;
  template?: string;
  attacks?: string;
  config?: string;
  dryRun?: boolean;
  verbose?: boolean;
  force?: boolean;
  json?: boolean;
  cache?: boolean;
}

export function registerGenerate(parent: Command, runner: Runner): void {
  withDrivingOptions(parent.command('generate'))
    .description('make chaos scenarios from a Quint spec')
    .option(
      '--spec <path>',
      'a .qnt file, or a folder of them (default: spec_directory of the configuration)',
    )
    .option('--module <name>', 'main module (default: the one named like the file, or the only one)')
    .option('--output <folder>', 'where the scenarios go', 'scenarios/quint_generated')
    .option('--scenario-count <n>', 'scenarios to write for a spec (default: 5)', integerIn(1, 100_000))
    .option(
      '--traces <n>',
      'random walks to take (default: 500), or traces that Quint draws (default: 200)',
      integerIn(1, 100_000),
    )
    .option('--max-length <n>', 'longest trace, in steps (default: 20)', integerIn(1, 100_000))
    .option(
      '--byzantine-ratio <r>',
      'share of byzantine participants, 0 to 1; turns chaos on (default: 0.2)',
      numberIn(0, 1),
    )
    .option('--chaos-enabled', 'add network conditions and byzantine participants')
    .option(
      '--chaos-intensity <r>',
      'how hard chaos is, 0 to 1; turns chaos on (default: 0.3)',
      numberIn(0, 1),
    )
    .option('--focus-property <name>', 'target this property only; may be repeated', collectText)
    .option(
      '--strategy <name>',
      `way to look for schedules; may be repeated (default: all): ${STRATEGIES.join(', ')}`,
      collectOneOf(STRATEGIES),
    )
    .option(
      '--budget <states>',
      'states that each strategy may compute, random walks excepted',
      integerIn(1, 1_000_000_000),
      20_000,
    )
    .option(
      '--jobs <n>',
      'workers; the result does not depend on their number (default: one a core, up to 4)',
      integerIn(1, 256),
    )
    .addOption(
      new Option('--engine <name>', 'what looks for schedules: aura itself, or the simulator of Quint')
        .choices(ENGINES)
        .default('builtin'),
    )
    .option('--seed <n>', 'seed of all that is drawn', seed, '0')
    .option('--template <file>', 'Handlebars template to use instead of ours; x.json.hbs makes .json files')
    .option('--attacks <folder>', 'attack templates of your own, beside and instead of ours')
    .option('--config <file>', 'configuration (default: aura-config.toml if present)')
    .option('--dry-run', 'show what would be written and write nothing')
    .option('--verbose', 'show how every scenario was made')
    .option('--force', 'write into a folder that holds other files')
    .option('--no-cache', 'ask Quint again even if the answer is known')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  aura scenarios generate --spec specs/threshold_signing.qnt --output out --scenario-count 10 --chaos-enabled --seed 7\n',
    )
    .action((options: Options) => runner.run(options, session => generate(session, options)));
}

/** One spec and the folder that its scenarios go to. */
interface Job {
  readonly file: string;
  readonly output: string;
}

async function generate(session: Session, options: Options) {
  const { terminal } = session;
  if (options.engine === 'quint' && options.strategy !== undefined)
    return fail(
      auraError(
        'AUR001',
        '--strategy is for --engine builtin: the simulator of Quint knows random walks only',
      ),
    );
  const config = await loadConfig(options.config);
  if (!config.ok) return config;
  const specs = await findSpecs(options.spec, config.value);
  if (!specs.ok) return specs;
  const jobs = specs.value.files.map((file): Job => {
    const output = specs.value.isFolder
      ? path.join(options.output, path.basename(file, '.qnt'))
      : options.output;
    return { file, output };
  });
  if (!options.dryRun) {
    for (const { output } of jobs) {
      const free = await checkOutputFolder(output, options.force === true);
      if (!free.ok) return free;
    }
  }
  const template = await loadTemplate(
    options.template ?? path.join(packageRoot(), 'templates', 'scenario.toml.hbs'),
  );
  if (!template.ok) return template;
  const own = options.attacks ?? config.value.pathOf(config.value.data.generation?.attack_templates);
  const attacks = await loadAttacks([ownAttacks(), ...(own === undefined ? [] : [own])]);
  if (!attacks.ok) return attacks;
  const bridge = await openBridge(session, config.value, options);
  if (!bridge.ok) return bridge;
  const made = {
    config: config.value,
    bridge: bridge.value,
    template: template.value,
    attacks: attacks.value,
  };
  const suites: { job: Job; suite: Suite }[] = [];
  for (const job of jobs) {
    const suite = await suiteFor(job, session, options, made);
    if (suite.ok) suites.push({ job, suite: suite.value });
    else if (specs.value.isFolder && suite.errors.every(({ code }) => code === 'AUR203'))
      terminal.note(`${terminal.colour.yellow('skipped')} ${job.file}: it declares no state`);
    else return suite;
  }
  for (const { job, suite } of suites) {
    if (session.signal.aborted) return ok(EXIT.interrupted);
    const written = options.dryRun ? ok(undefined) : await writeOutputFolder(job.output, suite.files);
    if (!written.ok) return written;
    report(terminal, job, suite, options);
  }
  terminal.document(documentOf(suites, options.dryRun === true));
  return ok(suites.some(({ suite }) => suite.manifest.scenarios.length > 0) ? EXIT.ok : EXIT.undecided);
}

/** What all specs of a run have in common. */
interface Means {
  readonly config: LoadedConfig;
  readonly bridge: Bridge;
  readonly template: Template;
  readonly attacks: readonly Attack[];
}

async function suiteFor(
  job: Job,
  session: Session,
  options: Options,
  { config, bridge, template, attacks }: Means,
): Promise<Result<Suite>> {
  const { terminal } = session;
  terminal.progress(`checking ${job.file}`);
  const source = await loadSpec(bridge, job.file, options.module);
  if (!source.ok) return source;
  const classification = classificationOf(config);
  const opened = { config, bridge, spec: source.value, model: buildModel(source.value, classification) };
  const driven = await driveSpec(session, opened, options);
  if (!driven.ok) return driven;
  const { spec, derived, texts } = driven.value;
  const model = buildModel(
    spec,
    classification,
    drivingActions(driven.value, { init: 'init', step: 'step' }),
  );
  const evaluator = createEvaluator(model);
  if (!evaluator.ok) return evaluator;
  const onStage = (stage: string) => terminal.progress(stage);
  const specification = path.relative(process.cwd(), job.file).split(path.sep).join('/');
  const settings = { ...generateOptions(options, config, specification), ...(texts && { texts }) };
  return generateSuite(
    { bridge, source: source.value, model, derived, evaluator: evaluator.value, template, attacks, onStage },
    settings,
  );
}

function report(
  terminal: Terminal,
  { output, file }: Job,
  { manifest, troubles }: Suite,
  options: Options,
): void {
  const { bold, dim, yellow } = terminal.colour;
  const { scenarios, untargeted } = manifest;
  const verb = options.dryRun ? 'would write' : 'wrote';
  terminal.print(bold(`${file}: ${verb} ${scenarios.length} scenarios to ${output}`));
  for (const scenario of scenarios) {
    terminal.print(`  ${scenario.file}  ${dim(`${lengthText(scenario)}, ${scenario.expected_outcome}`)}`);
    if (options.verbose) for (const line of detailsOf(scenario)) terminal.print(dim(`      ${line}`));
  }
  terminal.print(`  ${coverageText(manifest)}`);
  if (options.verbose) for (const line of effortsOf(manifest)) terminal.print(dim(`      ${line}`));
  for (const trouble of troubles)
    terminal.note(`${yellow('warning')}: not all could be looked at:\n${showError(trouble)}`);
  for (const { action, reason, place } of manifest.untaken)
    terminal.note(
      `${yellow('warning')}: ${action} is never taken: ${reason}${place === undefined ? '' : ` (${place})`}`,
    );
  for (const { property, reason } of untargeted)
    terminal.note(`${yellow('warning')}: ${property} is not targeted: ${reason}`);
  for (const { name, expected_outcome } of scenarios)
    if (expected_outcome === 'property_violation')
      terminal.note(`${yellow('warning')}: ${name}: the spec itself violates the property`);
}

function lengthText({ steps, refused_steps }: ManifestScenario): string {
  const length = steps === 1 ? '1 step' : `${steps} steps`;
  return refused_steps > 0 ? `${length} and a forbidden one` : length;
}

function detailsOf({ property, traces, source, covers_alone }: ManifestScenario): string[] {
  const found = `found by ${source.strategy} with seed ${source.seed}`;
  return [
    `targets ${property ?? 'actions'}; traces ${traces.join(', ')}; ${found}`,
    ...(covers_alone.length > 0 ? [`alone: ${covers_alone.join('; ')}`] : []),
  ];
}

function coverageText({ coverage }: Manifest): string {
  const { properties, actions, branches, guards } = coverage;
  const above = (counts: Record<string, number>) => Object.values(counts).filter(count => count > 0).length;
  const parts = [
    `${above(properties)} of ${Object.keys(properties).length} properties targeted`,
    `${above(actions)} of ${Object.keys(actions).length} actions taken`,
    `${branches.covered} of ${branches.seen} branches`,
    ...(guards.seen > 0 ? [`${guards.covered} of ${guards.seen} guards tried`] : []),
  ];
  return parts.join(', ');
}

function effortsOf({ coverage, strategies }: Manifest): string[] {
  const { actions, properties } = coverage;
  const lines = Object.entries({ actions, properties }).flatMap(([kind, counts]) =>
    Object.entries(counts).map(([name, count]) => `${kind} ${name}: ${count}`),
  );
  const efforts = strategies.map(({ name, states, schedules, exhausted }) => {
    const all = exhausted ? ', all that there is' : '';
    return `strategy ${name}: ${schedules} schedules in ${states} states${all}`;
  });
  return [...lines, ...efforts];
}

function documentOf(suites: readonly { job: Job; suite: Suite }[], dryRun: boolean): GenerateResult {
  return {
    format: 'aura-generate-result',
    version: 1,
    dry_run: dryRun,
    suites: suites.map(({ job, suite }) => ({
      spec: job.file,
      output: job.output,
      manifest: { ...suite.manifest },
    })),
  };
}
