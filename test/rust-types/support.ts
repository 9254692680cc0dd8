// Rust texts and specs for the tests of check-types, compared without files.
import type { Model } from '../../src/model/model.js';
import { checkTypes } from '../../src/rust-types/check-types.js';
import type { TypeMapping } from '../../src/rust-types/counterparts.js';
import { readRustFiles, readTypeText } from '../../src/rust-types/read-rust.js';
import { must } from '../../src/util/assert.js';
import { unwrap } from '../quint.js';

export type Mappings = Readonly<Record<string, string>>;

/** Compares a model with Rust texts by their file names without `.rs`. */
export async function compareModel(
  model: Model,
  rust: Readonly<Record<string, string>>,
  mappings: Mappings = {},
) {
  return checkTypes(model, unwrap(await readTexts(rust)), await mappingsOf(mappings));
}

export function readTexts(rust: Readonly<Record<string, string>>) {
  return readRustFiles(
    Object.entries(rust).map(([name, text]) => ({ file: `${name}.rs`, text, module: name.split('/') })),
  );
}

async function mappingsOf(mappings: Mappings): Promise<TypeMapping[]> {
  const read = Object.entries(mappings).map(async ([quint, rust]) => {
    const type = await readTypeText(rust, { file: 'aura-config.toml', line: 1, column: 1 });
    return { quint, rust: must(type, rust) };
  });
  return Promise.all(read);
}

/** Mismatches as `path: kind`. */
export function kindsOf({ mismatches }: { mismatches: readonly { path: string; kind: string }[] }): string[] {
  return mismatches.map(({ path, kind }) => `${path}: ${kind}`);
}
