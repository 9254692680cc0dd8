// A module of the user's as a driver: loaded, checked for the interface, and called in the user's style, where errors are
// thrown and answers are plain data. Whatever goes wrong there is an error of the harness that names the method. It runs
// in this process: a method that never gives up its turn cannot be stopped here.
import path from 'node:path';
import { type AuraError, auraError } from '../util/errors.js';
import { pathKind } from '../util/files.js';
import { LIMITS } from '../util/limits.js';
import { nearest } from '../util/nearest.js';
import { fail, ok, type Result } from '../util/result.js';
import { type AnswerReader, createAnswerReader } from './answers.js';
import { Calls, foreignError } from './calls.js';
import type { Applied, Capabilities, Driver, DriverFault, DriverStep, RunSetup } from './driver.js';
import { plainCopy, withBigints } from './plain-data.js';
import type { UserDriver } from './user-driver.js';

export interface ModuleDriverOptions {
  /** Milliseconds that one call may take. */
  readonly timeoutMs?: number;
}

/**
 * The driver that `createDriver` of the module, or else its default export, makes. TypeScript is taken as it is.
 *
 * Errors: AUR003 for a file that is not there, AUR450 for one that cannot be loaded, AUR451 for what lacks the interface,
 * AUR452 and AUR453 from `createDriver` and the capabilities; in a run AUR452 for what a method throws, AUR453 for answers
 * in a wrong form, AUR454 for none in time.
 */
export async function openModuleDriver(
  file: string,
  { timeoutMs = LIMITS.driverMs }: ModuleDriverOptions = {},
): Promise<Result<Driver>> {
  const exported = await loadModule(file);
  if (!exported.ok) return exported;
  const factory = factoryOf(exported.value);
  if (factory === undefined) return fail(noFactory(file, exported.value));
  const calls = new Calls(file, timeoutMs);
  const made = await calls.call('createDriver', () => factory());
  if (!made.ok) return made;
  const missing = missingMember(made.value);
  if (missing !== undefined || !isUserDriver(made.value))
    return fail(
      auraError('AUR451', `${file}: what createDriver gives ${missing ?? 'is no driver'}`, INTERFACE),
    );
  const user = made.value;
  const reader = await createAnswerReader();
  const told = await calls.call('capabilities', () => user.capabilities);
  if (!told.ok) return told;
  const capabilities = reader.capabilities(told.value, `${file}: capabilities`);
  if (!capabilities.ok) return capabilities;
  if (capabilities.value.faults.length > 0 && user.inject === undefined)
    return fail(auraError('AUR451', `${file}: the driver has faults but no method inject`, INTERFACE));
  return ok(new ModuleDriver(user, capabilities.value, calls, reader));
}

const INTERFACE = { hint: 'the interface is in docs/drivers.md' };
const METHODS = ['prepare', 'apply', 'observe', 'close'] as const;

type Exports = Readonly<Record<string, unknown>>;

async function loadModule(file: string): Promise<Result<Exports>> {
  const kind = await pathKind(file);
  if (kind !== 'file') {
    const what = kind === 'absent' ? 'no such file' : 'it is not a file';
    return fail(auraError('AUR003', `cannot read ${file}: ${what}`));
  }
  const { createJiti } = await import('jiti');
  // Nothing is kept on disk, and a module that has changed is loaded anew.
  const jiti = createJiti(import.meta.url, { fsCache: false, moduleCache: false, interopDefault: false });
  try {
    const loaded: unknown = await jiti.import(path.resolve(file));
    return ok(typeof loaded === 'object' && loaded !== null ? { ...loaded } : {});
  } catch (error) {
    return fail(foreignError('AUR450', `${file} cannot be loaded`, error));
  }
}

/** CommonJS exports arrive as those of a module by default. */
function factoryOf({ createDriver, default: fallback }: Exports): (() => unknown) | undefined {
  const inner: unknown =
    typeof fallback === 'object' && fallback !== null ? Reflect.get(fallback, 'createDriver') : undefined;
  for (const factory of [createDriver, inner, fallback])
    if (typeof factory === 'function') return () => factory();
  return undefined;
}

function noFactory(file: string, exported: Exports): AuraError {
  const names = Object.keys(exported).filter(name => name !== 'default' && name !== '__esModule');
  const near = nearest('createDriver', names);
  const found = names.length === 0 ? '' : `; it exports ${names.join(', ')}`;
  const message = `${file} exports no function createDriver and none by default${found}`;
  return auraError('AUR451', message, near === undefined ? INTERFACE : { hint: `rename ${near}` });
}

/** What is wrong with a driver, as the rest of a sentence. */
function missingMember(driver: unknown): string | undefined {
  if (typeof driver !== 'object' || driver === null)
    return `is ${driver === null ? 'null' : typeof driver}, not an object`;
  const missing = METHODS.find(name => typeof Reflect.get(driver, name) !== 'function');
  if (missing === undefined) {
    const inject: unknown = Reflect.get(driver, 'inject');
    return inject === undefined || typeof inject === 'function'
      ? undefined
      : 'has an inject that is no method';
  }
  const others = memberNames(driver).filter(name => !METHODS.some(known => known === name));
  const near = nearest(missing, others);
  return `has no method ${missing}${near === undefined ? '' : ` (is it ${near}?)`}`;
}

function isUserDriver(driver: unknown): driver is UserDriver {
  return missingMember(driver) === undefined;
}

function memberNames(object: object): string[] {
  const prototype: unknown = Object.getPrototypeOf(object);
  const own = Object.getOwnPropertyNames(object).filter(name => name !== 'constructor');
  const isLast = typeof prototype !== 'object' || prototype === null || prototype === Object.prototype;
  return isLast ? own : [...own, ...memberNames(prototype)];
}

class ModuleDriver implements Driver {
  private closing: Promise<Result<void>> | undefined;

  constructor(
    private readonly user: UserDriver,
    readonly capabilities: Capabilities,
    private readonly calls: Calls,
    private readonly reader: AnswerReader,
  ) {}

  async prepare(setup: RunSetup): Promise<Result<void>> {
    // The steps to come are none of the system's business.
    const { schedule: _, ...rest } = setup;
    return this.silent('prepare', () => this.user.prepare({ ...rest, constants: forUser(rest.constants) }));
  }

  async apply(step: DriverStep): Promise<Result<Applied>> {
    const method = `apply of step ${step.index}`;
    const given = { ...step, params: forUser(step.params), picks: forUser(step.picks) };
    const answer = await this.calls.call(method, () => this.user.apply(given));
    return answer.ok ? this.reader.applied(answer.value, this.calls.who(method)) : answer;
  }

  async inject(fault: DriverFault): Promise<Result<void>> {
    return this.silent('inject', () =>
      this.user.inject?.({ ...fault, parameters: forUser(fault.parameters) }),
    );
  }

  async observe() {
    const answer = await this.calls.call('observe', () => this.user.observe());
    return answer.ok ? this.reader.state(answer.value, this.calls.who('observe')) : answer;
  }

  close(withinMs?: number): Promise<Result<void>> {
    if (this.closing === undefined) this.calls.giveUp();
    this.closing ??= this.silent('close', () => this.user.close(), withinMs);
    return this.closing;
  }

  private async silent(method: string, call: () => unknown, withinMs?: number): Promise<Result<void>> {
    const answer = await this.calls.call(method, call, withinMs);
    return answer.ok ? ok(undefined) : answer;
  }
}

/** Members in the form that JavaScript likes best, which the user may change without harm. */
function forUser(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => {
      const plain = plainCopy(member);
      return [name, 'copy' in plain ? withBigints(plain.copy) : member];
    }),
  );
}
