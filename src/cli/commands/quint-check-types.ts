// aura quint check-types: whether the types of a Rust program are those of a spec.
import type { Command } from 'commander';
import type { CheckTypesResult } from '../../../generated/check-types-result.js';
import { checkTypes } from '../../rust-types/check-types.js';
import type { TypeMapping } from '../../rust-types/counterparts.js';
import { readRustFiles, readTypeText } from '../../rust-types/read-rust.js';
import { auraError } from '../../util/errors.js';
import { collect, fail, ok, type Result } from '../../util/result.js';
import type { LoadedConfig } from '../config.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { openSpec, type SpecOptions, withSpecOptions } from '../open-spec.js';
import { collectText } from '../options.js';
import { readRustTexts } from '../rust-files.js';
import type { Runner, Session } from '../session.js';
import { showTypes } from '../show-types.js';

interface Options extends SpecOptions {
  rustTypes: readonly string[];
}

export function registerCheckTypes(parent: Command, runner: Runner): void {
  withSpecOptions(parent.command('check-types'))
    .description('compare the types of a spec with those of a Rust program')
    .requiredOption('--rust-types <path>', 'a .rs file, or a folder of them; may be repeated', collectText)
    .addHelpText(
      'after',
      '\nExample:\n  aura quint check-types --spec specs/threshold_signing.qnt --rust-types src/types.rs\n\nExit codes: 0 the types agree, 1 some do not, 2 bad input, 3 nothing could be compared.\n',
    )
    .action((options: Options) => runner.run(options, session => run(session, options)));
}

async function run(session: Session, options: Options): Promise<Result<ExitCode>> {
  const files = await readRustTexts(options.rustTypes);
  if (!files.ok) return files;
  session.terminal.progress(`reading ${files.value.length} Rust files`);
  const items = await readRustFiles(files.value, session.signal);
  if (!items.ok) return items;
  const opened = await openSpec(session, options);
  if (!opened.ok) return opened;
  const mappings = await typeMappings(opened.value.config);
  if (!mappings.ok) return mappings;
  const { model } = opened.value;
  const checked = checkTypes(model, items.value, mappings.value);
  if (!checked.ok) return checked;
  const result: CheckTypesResult = {
    format: 'aura-check-types-result',
    version: 1,
    spec: model.spec.file,
    module: model.spec.main,
    rust_files: files.value.map(({ file }) => file),
    ...checked.value,
  };
  session.terminal.document(result);
  showTypes(session.terminal, result);
  return ok(exitCode(result));
}

/** Errors: AUR722 for a text that is no type of Rust. */
async function typeMappings(config: LoadedConfig): Promise<Result<TypeMapping[]>> {
  const mappings = config.data.quint?.mapping?.type_mappings ?? [];
  const read = mappings.map(async ({ quint, rust }, i): Promise<Result<TypeMapping>> => {
    const location = config.locate(['quint', 'mapping', 'type_mappings', i, 'rust']);
    const type = await readTypeText(rust, location);
    if (type !== undefined) return ok({ quint, rust: type });
    return fail(auraError('AUR722', `\`${rust}\` is not a type of Rust`, { location }));
  });
  return collect(await Promise.all(read));
}

function exitCode({ matched, mismatches }: CheckTypesResult): ExitCode {
  if (mismatches.length > 0) return EXIT.violated;
  const wasCompared = matched.some(({ outcome, rule }) => outcome !== 'trusted' && rule !== 'built in');
  return wasCompared ? EXIT.ok : EXIT.undecided;
}
