// aura scenarios vary: variations around scenarios that exist. The spec that a scenario came from, where it is at hand,
// says which of them are possible.
import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { VariedScenario, VaryResult } from '../../../generated/vary-result.js';
import { checkOutputFolder, MANIFEST, writeOutputFolder } from '../../generate/output-folder.js';
import { writeScenarioText } from '../../generate/scenario-text.js';
import { slug } from '../../generate/slug.js';
import { type LocatedOriginal, loadOriginals } from '../../generate/vary/originals.js';
import { relocate } from '../../generate/vary/relocate.js';
import { VARIATION_KINDS, type VariationKind } from '../../generate/vary/variation.js';
import { type Variations, varyScenario } from '../../generate/vary/vary.js';
import { sha256 } from '../../util/files.js';
import { nearest } from '../../util/nearest.js';
import { createRandom } from '../../util/random.js';
import { ok, type Result } from '../../util/result.js';
import { EXIT } from '../exit-codes.js';
import { integerIn, seed } from '../options.js';
import { openReplayers, type Replaying } from '../replayers.js';
import type { Runner, Session } from '../session.js';
import type { Terminal } from '../terminal.js';
import { packageVersion } from '../version.js';

interface Options {
  scenario?: string;
  count: number;
  seed: string;
  kind: readonly VariationKind[];
  spec?: string;
  output: string;
  config?: string;
  force?: boolean;
  dryRun?: boolean;
  cache?: boolean;
  json?: boolean;
}

export function registerVary(parent: Command, runner: Runner): void {
  parent
    .command('vary <file>')
    .description('make variations of the scenarios of a file')
    .option('--scenario <name>', 'the scenario to vary (default: all of the file)')
    .option('--count <n>', 'variations of each scenario', integerIn(1, 10_000), 10)
    .option('--seed <n>', 'seed of all that is drawn', seed, '0')
    .option(
      '--kind <list>',
      `what to vary, with commas between: ${VARIATION_KINDS.join(', ')}`,
      kindList,
      VARIATION_KINDS,
    )
    .option(
      '--spec <file>',
      'the spec that says which schedules are possible (default: the one that the scenario names, if it is there)',
    )
    .option('--output <folder>', 'where the variations go', 'scenarios/variations')
    .option('--config <file>', 'configuration (default: aura-config.toml if present)')
    .option('--force', 'write into a folder that holds other files')
    .option('--dry-run', 'show what would be written and write nothing')
    .option('--no-cache', 'ask Quint again even if the answer is known')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  aura scenarios vary scenarios/dkd.toml --kind timing,network --count 20 --output scenarios/dkd_variations\n' +
        '\nExit codes: 0 variations were made, 3 none could be.\n',
    )
    .action((file: string, options: Options) => runner.run(options, session => vary(session, file, options)));
}

function kindList(text: string): readonly VariationKind[] {
  const words = text.split(',').map(word => word.trim());
  const kinds = words.map(word => {
    const kind = VARIATION_KINDS.find(known => known === word);
    if (kind !== undefined) return kind;
    const near = nearest(word, VARIATION_KINDS);
    throw new InvalidArgumentError(
      near === undefined ? `expected ${VARIATION_KINDS.join(', ')}` : `did you mean ${near}?`,
    );
  });
  return VARIATION_KINDS.filter(kind => kinds.includes(kind));
}

/** A scenario and what was made of it. */
interface Varied extends LocatedOriginal, Variations {
  readonly replaying: Replaying;
}

async function vary(session: Session, file: string, options: Options) {
  const { terminal } = session;
  const originals = await loadOriginals(file, options.scenario);
  if (!originals.ok) return originals;
  const use = { format: 'aura-vary-result', source: file } as const;
  if (!options.dryRun) {
    const free = await checkOutputFolder(options.output, options.force === true, use);
    if (!free.ok) return free;
  }
  const varied: Varied[] = [];
  const replayers = openReplayers(session, file, options);
  for (const located of originals.value) {
    if (session.signal.aborted) return ok(EXIT.interrupted);
    const one = await varyOne(located, session, options, await replayers(located.original));
    if (!one.ok) return one;
    varied.push(one.value);
  }
  if (session.signal.aborted) return ok(EXIT.interrupted);
  const { files, result } = filesOf(varied, file, options);
  if (!options.dryRun) {
    const written = await writeOutputFolder(options.output, files, use);
    if (!written.ok) return written;
  }
  report(terminal, result);
  terminal.document({ ...result, dry_run: options.dryRun === true });
  return ok(result.scenarios.some(({ variations }) => variations.length > 0) ? EXIT.ok : EXIT.undecided);
}

async function varyOne(
  located: LocatedOriginal,
  { terminal, signal }: Session,
  options: Options,
  replaying: Result<Replaying>,
): Promise<Result<Varied>> {
  if (!replaying.ok) return replaying;
  const { scenario } = located.original;
  const { replayer, members } = replaying.value;
  terminal.progress(`varying ${scenario.name}`);
  const original = {
    ...located.original,
    hasSpec: replayer !== undefined,
    members: located.original.members ?? members,
  };
  const made = await varyScenario(original, replayer, {
    count: options.count,
    kinds: options.kind,
    random: createRandom(options.seed).fork(scenario.name),
    signal,
  });
  return made.ok ? ok({ ...located, ...made.value, replaying: replaying.value }) : made;
}

function filesOf(varied: readonly Varied[], file: string, options: Options) {
  const files = new Map<string, string>();
  const stems = stemsOf(varied.map(({ original }) => original.scenario.name));
  const scenarios = varied.map((each, i): VariedScenario => {
    const { original, line, replaying, inapplicable, dropped } = each;
    const variations = each.variations.map(({ kind, number, change, scenario }) => {
      const name = `${stems[i]}-${kind}-${number}.toml`;
      const heading = `Made by aura ${packageVersion()} from "${original.scenario.name}" of ${path.basename(file)}.`;
      files.set(name, writeScenarioText([relocate(scenario, file, options.output)], heading));
      const { expected_outcome } = scenario;
      return {
        name: scenario.name,
        file: name,
        kind,
        change,
        expected_outcome: expected_outcome ?? 'success',
      };
    });
    return {
      name: original.scenario.name,
      file,
      line,
      spec: replaying.spec,
      ...(replaying.unchecked !== undefined && { unchecked: replaying.unchecked }),
      variations,
      inapplicable: inapplicable.map(entry => ({ ...entry })),
      dropped: { ...dropped },
    };
  });
  const result: VaryResult = {
    format: 'aura-vary-result',
    version: 1,
    aura_version: packageVersion(),
    dry_run: false,
    output: options.output,
    options: { seed: options.seed, count: options.count, kinds: [...options.kind] },
    scenarios,
    files: Object.fromEntries([...files].map(([name, text]) => [name, sha256(text)])),
  };
  files.set(MANIFEST, `${JSON.stringify(result, null, 2)}\n`);
  return { files, result };
}

/** Names of files for names of scenarios; of those that would be one the later get numbers. */
function stemsOf(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map(name => {
    const stem = slug(name);
    let unique = stem;
    for (let n = 2; used.has(unique); n++) unique = `${stem}_${n}`;
    used.add(unique);
    return unique;
  });
}

function report(terminal: Terminal, { scenarios, output, dry_run }: VaryResult): void {
  const { bold, dim, yellow } = terminal.colour;
  for (const { name, spec, unchecked, variations, inapplicable, dropped } of scenarios) {
    const verb = dry_run ? 'would write' : 'wrote';
    terminal.print(bold(`${name}: ${verb} ${variations.length} variations to ${output}`));
    for (const { file, change } of variations) {
      terminal.print(`  ${file}`);
      terminal.print(dim(`      ${change}`));
    }
    if (spec !== null)
      terminal.print(`  schedules replayed on ${spec}, ${dropped.impossible} impossible ones dropped`);
    if (unchecked !== undefined)
      terminal.note(`${yellow('warning')}: ${name}: schedules are not replayed: ${unchecked}`);
    for (const { kind, reason } of inapplicable)
      terminal.note(`${yellow('warning')}: ${name}: no variations of ${kind}: ${reason}`);
  }
}
