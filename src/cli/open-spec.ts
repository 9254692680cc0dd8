// What every command on one spec begins with: its options, the configuration, the bridge, the checked spec and its
// model; and the turning of names and expressions into definitions of that spec.
import type { Command } from 'commander';
import { type Bridge, loadSpec } from '../bridge/load-spec.js';
import { type Expression, withExpressions } from '../bridge/with-expressions.js';
import { buildModel } from '../model/build-model.js';
import type { Model } from '../model/model.js';
import type { Spec } from '../model/spec.js';
import type { AuraError } from '../util/errors.js';
import { ok, type Result } from '../util/result.js';
import { classificationOf, type LoadedConfig, loadConfig } from './config.js';
import { openBridge } from './open-bridge.js';
import type { Session } from './session.js';

export interface SpecOptions {
  spec: string;
  module?: string;
  config?: string;
  cache?: boolean;
  json?: boolean;
}

/** The options of {@link SpecOptions}. */
export function withSpecOptions(command: Command): Command {
  return command
    .requiredOption('--spec <file>', 'a .qnt file')
    .option('--module <name>', 'main module (default: the one named like the file, or the only one)')
    .option('--config <file>', 'configuration (default: aura-config.toml if present)')
    .option('--no-cache', 'ask Quint again even if the answer is known')
    .option('--json', 'print one JSON document');
}

export interface OpenSpec {
  readonly config: LoadedConfig;
  readonly bridge: Bridge;
  readonly spec: Spec;
  readonly model: Model;
  /** The texts of the spec, where they are not those of its files. */
  readonly texts?: ReadonlyMap<string, string>;
}

export async function openSpec(session: Session, options: SpecOptions): Promise<Result<OpenSpec>> {
  const config = await loadConfig(options.config);
  if (!config.ok) return config;
  const bridge = await openBridge(session, config.value, options);
  if (!bridge.ok) return bridge;
  session.terminal.progress(`checking ${options.spec}`);
  const spec = await loadSpec(bridge.value, options.spec, options.module);
  if (!spec.ok) return spec;
  return ok({
    config: config.value,
    bridge: bridge.value,
    spec: spec.value,
    model: buildModel(spec.value, classificationOf(config.value)),
  });
}

/** Definitions of `spec`, one for each text, in their order. */
export interface Definitions {
  readonly spec: Spec;
  readonly names: readonly string[];
  /** Those of the temporal formulas. */
  readonly formulas: readonly string[];
  /** The text that the user gave for a name. */
  readonly textOf: ReadonlyMap<string, string>;
  /** The same error, placed inside the text where it lies in one. */
  inside(error: AuraError): AuraError;
}

/**
 * Texts that name a definition stay what they are; all others are checked by Quint as expressions of the main module,
 * `formulas` as temporal ones.
 */
export async function definitionsFor(
  { bridge, spec, texts: sources }: OpenSpec,
  texts: readonly string[],
  formulas: readonly string[] = [],
): Promise<Result<Definitions>> {
  const names = await definedNames(spec, [...texts, ...formulas]);
  if (!names.ok) return names;
  const isName = (text: string) => names.value.has(text);
  const wanted = [
    ...texts.map((text): Expression => ({ text, kind: 'val' })),
    ...formulas.map((text): Expression => ({ text, kind: 'temporal' })),
  ];
  const expressions = wanted.filter(({ text }) => !isName(text));
  const extended = await withExpressions(bridge, spec, expressions, sources);
  if (!extended.ok) return extended;
  const definitions = wanted.map(
    expression => extended.value.names[expressions.indexOf(expression)] ?? expression.text,
  );
  return ok({
    inside: extended.value.inside,
    spec: extended.value.spec,
    names: definitions.slice(0, texts.length),
    formulas: definitions.slice(texts.length),
    textOf: new Map(definitions.map((name, i) => [name, wanted[i]?.text ?? name])),
  });
}

/** Those of the texts that name a definition of the spec. The engine, which knows, is loaded only when it is asked. */
async function definedNames(spec: Spec, texts: readonly string[]): Promise<Result<ReadonlySet<string>>> {
  if (texts.length === 0) return ok(new Set());
  const { compileSpec, findOp } = await import('../engine/index.js');
  const compiled = compileSpec(spec);
  if (!compiled.ok) return compiled;
  return ok(new Set(texts.filter(text => findOp(compiled.value, text).ok)));
}
