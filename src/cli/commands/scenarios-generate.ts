// aura scenarios generate: from specs to folders of scenarios.
import path from 'node:path';
import { type Command, Option } from 'commander';
import type { GenerateResult } from '../../../generated/generate-result.js';
import type { Manifest } from '../../../generated/manifest.js';
import { type Bridge, loadSpec } from '../../bridge/load-spec.js';
import { createEvaluator } from '../../generate/evaluator.js';
import { generateSuite, type Suite } from '../../generate/generate.js';
import { checkOutputFolder, writeOutputFolder } from '../../generate/output-folder.js';
import { loadTemplate, type Template } from '../../generate/render.js';
import { ENGINES } from '../../generate/sample.js';
import { buildModel } from '../../model/build-model.js';
import { packageRoot } from '../../util/package-root.js';
import { ok, type Result } from '../../util/result.js';
import { classificationOf, type LoadedConfig, loadConfig, warnWithoutEffect } from '../config.js';
import { EXIT } from '../exit-codes.js';
import { type GenerateFlags, generateOptions } from '../generate-options.js';
import { openBridge } from '../open-bridge.js';
import { collectText, integerIn, numberIn, seed } from '../options.js';
import type { Runner, Session } from '../session.js';
import { findSpecs } from '../spec-files.js';
import type { Terminal } from '../terminal.js';

interface Options extends GenerateFlags {
  spec?: string;
  module?: string;
  output: string;
  template?: string;
  config?: string;
  dryRun?: boolean;
  verbose?: boolean;
  force?: boolean;
  json?: boolean;
  cache?: boolean;
}

export function registerGenerate(parent: Command, runner: Runner): void {
  parent
    .command('generate')
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
      'candidate traces to sample (default: 1000, with --engine quint 200)',
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
    .addOption(new Option('--engine <name>', 'what draws the traces').choices(ENGINES).default('builtin'))
    .option('--seed <n>', 'seed of all that is drawn', seed, '0')
    .option('--template <file>', 'Handlebars template to use instead of ours; x.json.hbs makes .json files')
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
  const config = await loadConfig(options.config);
  if (!config.ok) return config;
  warnWithoutEffect(config.value, terminal);
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
  const bridge = await openBridge(session, config.value, options);
  if (!bridge.ok) return bridge;
  const suites: { job: Job; suite: Suite }[] = [];
  for (const job of jobs) {
    const suite = await suiteFor(job, session, options, config.value, bridge.value, template.value);
    if (suite.ok) suites.push({ job, suite: suite.value });
    else if (specs.value.isFolder && suite.errors.every(({ code }) => code === 'AUR203'))
      terminal.note(`${terminal.colour.yellow('skipped')} ${job.file}: it declares no state`);
    else return suite;
  }
  for (const { job, suite } of suites) {
    if (session.signal.aborted) return ok(EXIT.interrupted);
    const written = options.dryRun ? ok(undefined) : await writeOutputFolder(job.output, suite.files);
    if (!written.ok) return written;
    report(terminal, job, suite.manifest, options);
  }
  terminal.document(documentOf(suites, options.dryRun === true));
  return ok(suites.some(({ suite }) => suite.manifest.scenarios.length > 0) ? EXIT.ok : EXIT.undecided);
}

async function suiteFor(
  job: Job,
  session: Session,
  options: Options,
  config: LoadedConfig,
  bridge: Bridge,
  template: Template,
): Promise<Result<Suite>> {
  const { terminal } = session;
  terminal.progress(`checking ${job.file}`);
  const spec = await loadSpec(bridge, job.file, options.module);
  if (!spec.ok) return spec;
  const model = buildModel(spec.value, classificationOf(config));
  const evaluator = createEvaluator(model);
  if (!evaluator.ok) return evaluator;
  const onStage = (stage: string) => terminal.progress(stage);
  const specification = path.relative(process.cwd(), job.file).split(path.sep).join('/');
  const settings = generateOptions(options, config, specification);
  return generateSuite({ bridge, model, evaluator: evaluator.value, template, onStage }, settings);
}

function report(terminal: Terminal, { output, file }: Job, manifest: Manifest, options: Options): void {
  const { bold, dim, yellow } = terminal.colour;
  const { scenarios, coverage, untargeted } = manifest;
  const verb = options.dryRun ? 'would write' : 'wrote';
  terminal.print(bold(`${file}: ${verb} ${scenarios.length} scenarios to ${output}`));
  for (const scenario of scenarios) {
    terminal.print(`  ${scenario.file}  ${dim(`${scenario.steps} steps, ${scenario.expected_outcome}`)}`);
    if (options.verbose)
      terminal.print(
        dim(
          `      targets ${scenario.property ?? 'actions'}; traces ${scenario.traces.join(', ')}; drawn with seed ${scenario.source.seed}`,
        ),
      );
  }
  const hit = Object.values(coverage.properties).filter(count => count > 0).length;
  const taken = Object.values(coverage.actions).filter(count => count > 0).length;
  terminal.print(
    `  ${hit} of ${Object.keys(coverage.properties).length} properties targeted, ${taken} of ${Object.keys(coverage.actions).length} actions taken`,
  );
  for (const [kind, counts] of Object.entries(options.verbose ? coverage : {}))
    for (const [name, count] of Object.entries(counts))
      terminal.print(dim(`      ${kind} ${name}: ${count}`));
  for (const { property, reason } of untargeted)
    terminal.note(`${yellow('warning')}: ${property} is not targeted: ${reason}`);
  for (const { name, expected_outcome } of scenarios)
    if (expected_outcome === 'property_violation')
      terminal.note(`${yellow('warning')}: ${name}: the spec itself violates the property`);
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
