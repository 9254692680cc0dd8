// A spec that a command can run: what it lacks is derived, and what was derived is said. The values that the command line
// and the configuration give come together here.
import type { Command } from 'commander';
import type { Derived, DeriveOptions, GivenValue } from '../derive/derive-spec.js';
import { buildModel } from '../model/build-model.js';
import type { EntryActions, Model } from '../model/model.js';
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import { classificationOf, type LoadedConfig } from './config.js';
import type { OpenSpec } from './open-spec.js';
import { collectText } from './options.js';
import type { Session } from './session.js';
import type { Terminal } from './terminal.js';

export interface DrivingOptions {
  const?: readonly string[];
  /** Whether every domain that was derived is told, be they many. */
  verbose?: boolean;
}

/** Domains that are told one by one. */
const TOLD_MAX = 10;

/** The options of {@link DrivingOptions}. */
export function withDrivingOptions(command: Command): Command {
  return command.option(
    '--const <name=value>',
    'value of a constant, as Quint writes it; may be repeated',
    collectText,
  );
}

/** What the user says about constants and domains. Errors: AUR221 for a `--const` without a name or a value, or twice. */
function derivationOptions(config: LoadedConfig, options: DrivingOptions): Result<DeriveOptions> {
  const onLine: GivenValue[] = [];
  for (const text of options.const ?? []) {
    const [, name, value] = /^\s*([A-Za-z_][\w:]*)\s*=(?!=)([\s\S]*\S[\s\S]*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined)
      return fail(
        auraError('AUR221', `--const ${text} is not NAME=VALUE`, {
          hint: 'such as --const N=3, or --const \'NAMES=Set("a")\'',
        }),
      );
    if (onLine.some(one => one.name === name))
      return fail(auraError('AUR221', `--const gives ${name} twice`, { hint: 'leave one of them out' }));
    const line = `--const ${text.replace(/\s+/g, ' ')}`;
    const column = line.indexOf('=') + 2;
    const place = { file: '--const', line: 1, column, endColumn: line.length + 1 };
    onLine.push({ name, text: value, strict: true, place, line });
  }
  const { constants = {}, domains = {} } = config.data.quint ?? {};
  const fromConfig = (section: 'constants' | 'domains', name: string, value: unknown): GivenValue => ({
    name,
    text: String(value),
    strict: false,
    place: config.locate(['quint', section, name]),
  });
  const given = new Set(onLine.map(({ name }) => name));
  return ok({
    constants: [
      ...onLine,
      ...Object.entries(constants)
        .filter(([name]) => !given.has(name))
        .map(([name, value]) => fromConfig('constants', name, value)),
    ],
    domains: Object.entries(domains).map(([name, value]) => fromConfig('domains', name, value)),
    classification: classificationOf(config),
  });
}

export interface DrivenSpec extends OpenSpec {
  /** Absent where the spec has all that it needs. */
  readonly derived?: Derived;
}

const USUAL: EntryActions = { init: 'init', step: 'step' };

/** For who takes no step of the spec: only constants are derived for that. */
export const NO_ACTIONS: EntryActions = { init: '', step: '' };

/**
 * The spec with what it lacks. Nothing is derived for an action that the user names. What was derived goes to standard
 * error, a line each.
 *
 * Errors: those of {@link derivationOptions} and of deriving.
 */
export async function driveSpec(
  session: Session,
  opened: OpenSpec,
  options: DrivingOptions,
  wanted: EntryActions = USUAL,
): Promise<Result<DrivenSpec>> {
  const given = derivationOptions(opened.config, options);
  if (!given.ok) return given;
  if (!needsDeriving(opened.model, given.value, wanted)) return ok(opened);
  session.terminal.progress(`deriving what ${opened.spec.main} lacks`);
  const { deriveSpec } = await import('../derive/derive-spec.js');
  const derived = await deriveSpec(opened.bridge, opened.spec, {
    ...given.value,
    ...(opened.texts && { texts: opened.texts }),
  });
  if (!derived.ok) return derived;
  tellDerived(session.terminal, derived.value, options.verbose === true);
  const { spec, texts, init, step } = derived.value;
  const model = buildModel(spec, classificationOf(opened.config), { init, step });
  return ok({ ...opened, spec, texts, model, derived: derived.value });
}

/** The actions that the user names, or those that were derived in their place. */
export function drivingActions({ derived }: DrivenSpec, { init, step }: EntryActions = USUAL): EntryActions {
  const isDerived = step === USUAL.step && derived?.derivedStep !== undefined;
  return {
    init: init === USUAL.init ? (derived?.init ?? init) : init,
    step: step === USUAL.step ? (derived?.step ?? step) : step,
    ...(isDerived && { stepIsDerived: true }),
  };
}

/** What a search of all states is all of, where arguments were drawn from sets that aura chose. */
export function withinDomains({ derived }: DrivenSpec): string {
  return derived === undefined || derived.domains.length === 0 ? '' : ' within the derived domains';
}

function needsDeriving(model: Model, given: DeriveOptions, wanted: EntryActions): boolean {
  const open = model.constants.some(({ declaredAs, value }) => declaredAs === 'const' && value === undefined);
  const lacksInit = wanted.init === USUAL.init && !model.hasInit;
  const lacksStep = wanted.step === USUAL.step && !model.hasStep;
  return open || lacksInit || lacksStep || given.constants.length > 0;
}

/** What was derived, for people. */
function tellDerived(terminal: Terminal, derived: Derived, isVerbose: boolean): void {
  const { yellow } = terminal.colour;
  for (const { name, value, why } of derived.constants)
    terminal.note(`derived: constant ${name} = ${value} (${why})`);
  if (derived.derivedInit) terminal.note(`derived: ${derived.derivedInit.name}: ${derived.derivedInit.from}`);
  if (derived.derivedStep) terminal.note(`derived: ${derived.derivedStep.name}: ${derived.derivedStep.from}`);
  const { domains } = derived;
  const actions = new Set(domains.map(({ action }) => action)).size;
  if (domains.length > TOLD_MAX && !isVerbose)
    terminal.note(
      `derived: ${domains.length} parameters of ${actions} actions are drawn from sets that aura chose (aura quint actions lists them)`,
    );
  else
    for (const { action, parameter, expression, from } of domains)
      terminal.note(`derived: ${action}.${parameter} from ${expression} (${from})`);
  for (const { action, parameter, type, help } of derived.undriven)
    terminal.note(
      `${yellow('warning')}: ${action} is not driven: no values of type ${type} for ${parameter}; add ${help}`,
    );
}
