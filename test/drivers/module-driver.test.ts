// A user's module as a driver: TypeScript and JavaScript, in both styles of export; and whatever is wrong with one is an
// error that names the method, and the place where something was thrown.
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Driver, DriverStep } from '../../src/drivers/driver.js';
import { type ModuleDriverOptions, openModuleDriver } from '../../src/drivers/module-driver.js';
import type { AuraError } from '../../src/util/errors.js';
import type { Result } from '../../src/util/result.js';
import { unwrap } from '../quint.js';
import { SETUP } from './support.js';

async function moduleFile(text: string, name: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'aura-driver-')), name);
  await writeFile(file, text);
  return file;
}

async function openText(
  text: string,
  name = 'driver.ts',
  options: ModuleDriverOptions = {},
): Promise<Result<Driver>> {
  return openModuleDriver(await moduleFile(text, name), options);
}

const TYPED = `
  export type Count = { value: bigint };
  const count: Count = { value: 0n };
  const log: unknown[] = [];
  export function createDriver() {
    return {
      capabilities: { faults: ['crash'], state: 'full' } as const,
      prepare: (setup: { seed: string; constants: unknown }) => {
        count.value = BigInt(setup.seed);
        log.push(setup.constants);
      },
      async apply({ params }: { params: { by: number | bigint } }): Promise<unknown> {
        if (params.by < 0) return { outcome: 'rejected', reason: 'it only goes up' };
        count.value += BigInt(params.by);
        return { outcome: 'accepted', events: [{ action: 'up', state: { count: count.value } }] };
      },
      inject(fault: object) { log.push(fault); },
      observe: () => ({ count: count.value, log }),
      close: () => { count.value = -1n; },
    };
  }`;

const CLASSIC = `
  class Counter {
    count = 0;
    prepare() { this.count = 0; }
    apply({ params }) { this.count += params.by; return 'accepted'; }
    observe() { return { count: this.count }; }
    close() {}
  }`;

function stepUp(by: unknown, index = 4): DriverStep {
  return { index, action: 'up', operation: 'up', params: { by }, picks: {}, expect: 'accepted' };
}

describe('a module with the interface', () => {
  it('in TypeScript gets plain data and bigints, and what it gives cannot change afterwards', async () => {
    const driver = unwrap(await openText(TYPED));
    expect(driver.capabilities).toEqual({
      faults: ['crash'],
      strategies: [],
      network: false,
      faultActions: [],
      state: 'full',
    });
    unwrap(
      await driver.prepare({ ...SETUP, seed: '5', constants: { N: { '#bigint': '9007199254740993' } } }),
    );
    const before = unwrap(await driver.observe());
    const applied = unwrap(await driver.apply(stepUp({ '#bigint': '9007199254740993' })));
    const state = { count: { '#bigint': '9007199254740998' } };
    expect(applied).toEqual({ outcome: 'accepted', events: [{ action: 'up', state }] });
    unwrap(await driver.inject({ type: 'crash', participants: [], parameters: {} }));
    expect(unwrap(await driver.apply(stepUp(-1)))).toEqual({
      outcome: 'rejected',
      reason: 'it only goes up',
    });
    expect(before).toEqual({ count: 5, log: [{ N: { '#bigint': '9007199254740993' } }] });
    await driver.close();
    await driver.close();
  });

  it.each([
    ['driver.mjs', `${CLASSIC} export default () => new Counter();`],
    ['driver.mjs', `${CLASSIC} export default async function () { return new Counter(); }`],
    ['driver.cjs', `${CLASSIC} module.exports = { createDriver: () => new Counter() };`],
    ['driver.js', `${CLASSIC} export const createDriver = () => new Counter(); export default 7;`],
  ])('is found in %s', async (name, text) => {
    const driver = unwrap(await openText(text, name));
    unwrap(await driver.prepare(SETUP));
    expect(unwrap(await driver.apply(stepUp(3)))).toEqual({ outcome: 'accepted' });
    expect(unwrap(await driver.observe())).toEqual({ count: 3 });
    await driver.close();
  });
});

/** The error with the folder left out. */
function shown({ code, message, hint, location }: AuraError): string {
  const place = location === undefined ? '' : ` at ${path.basename(location.file)}:${location.line}`;
  const text = `${code} ${message}${hint === undefined ? '' : ` | ${hint}`}${place}`;
  return text.replaceAll(/\/[^ ]*\/(driver\.\w+)/g, '$1');
}

function errorOf(result: Result<unknown>): string {
  return result.ok ? 'no error' : result.errors.map(shown).join('\n');
}

const REST = 'prepare() {}, apply: () => "accepted", observe: () => ({}), close() {}';
const SEE = ' | the interface is in docs/drivers.md';

describe('a module without the interface', () => {
  it.each([
    [
      'export const createDrivers = () => 7;',
      'AUR451 driver.ts exports no function createDriver and none by default; it exports createDrivers | rename createDrivers',
    ],
    ['export default 7;', `AUR451 driver.ts exports no function createDriver and none by default${SEE}`],
    ['export default () => 7;', `AUR451 driver.ts: what createDriver gives is number, not an object${SEE}`],
    ['export default () => null;', `AUR451 driver.ts: what createDriver gives is null, not an object${SEE}`],
    [
      'export default () => ({ prepare() {}, aply() {}, observe() {}, close() {} });',
      `AUR451 driver.ts: what createDriver gives has no method apply (is it aply?)${SEE}`,
    ],
    [
      'class D { prepare() {} apply() {} observ() {} close() {} }\nexport default () => new D();',
      `AUR451 driver.ts: what createDriver gives has no method observe (is it observ?)${SEE}`,
    ],
    [
      `export default () => ({ ${REST}, inject: 1 });`,
      `AUR451 driver.ts: what createDriver gives has an inject that is no method${SEE}`,
    ],
    [
      `export default () => ({ ${REST}, capabilities: { faults: ['crash'] } });`,
      `AUR451 driver.ts: the driver has faults but no method inject${SEE}`,
    ],
    [
      `export default () => ({ ${REST}, capabilities: { fault: [] } });`,
      "AUR453 driver.ts: capabilities answered an unknown key fault: known are faults, strategies, faultActions, network, state | did you mean 'faults'?",
    ],
    [
      `export default () => ({ ${REST}, capabilities: { faults: 'crash' } });`,
      `AUR453 driver.ts: capabilities answered faults = "crash": expected a list of names or 'all'`,
    ],
    ['\n\nthrow new Error("no licence");', 'AUR450 driver.ts cannot be loaded: no licence at driver.ts:3'],
    [
      'export default () => {\n  throw new Error("no licence"); };',
      'AUR452 driver.ts: createDriver: no licence at driver.ts:2',
    ],
  ])('is refused: %j', async (text, message) => {
    expect(errorOf(await openText(text))).toBe(message);
  });

  it('because it is no module is refused', async () => {
    expect(errorOf(await openText('export default ((('))).toMatch(/^AUR450 driver.ts cannot be loaded: /);
    expect(errorOf(await openText('import "./nowhere.js";'))).toMatch(
      /^AUR450 driver.ts cannot be loaded: .*nowhere/,
    );
    expect(errorOf(await openModuleDriver('/nowhere/driver.ts'))).toBe(
      'AUR003 cannot read driver.ts: no such file',
    );
  });
});

describe('a driver that goes wrong', () => {
  const applying = async (apply: string, options: ModuleDriverOptions = {}) => {
    const driver = unwrap(
      await openText(
        `export default () => ({ prepare() {}, apply: ${apply}, observe: () => 'full', close() { throw 1; } });`,
        'driver.ts',
        options,
      ),
    );
    unwrap(await driver.prepare(SETUP));
    const result = errorOf(await driver.apply(stepUp(1)));
    const state = errorOf(await driver.observe());
    await driver.close();
    return { result, state };
  };
  const EXPECTED = "expected 'accepted', 'rejected' or {outcome, reason, events}";

  it.each([
    [
      '() => { throw new Error("no seats left"); }',
      'AUR452 driver.ts: apply of step 4: no seats left at driver.ts:1',
    ],
    [
      'async () => {\nawait 0;\nthrow new Error("late"); }',
      'AUR452 driver.ts: apply of step 4: late at driver.ts:3',
    ],
    ['() => { throw "text"; }', 'AUR452 driver.ts: apply of step 4: text'],
    [
      '() => "acepted"',
      `AUR453 driver.ts: apply of step 4 answered "acepted": ${EXPECTED} | did you mean 'accepted'?`,
    ],
    ['() => true', `AUR453 driver.ts: apply of step 4 answered true: ${EXPECTED}`],
    [
      '() => {}',
      'AUR453 driver.ts: apply of step 4 answered something that is undefined | answers have to be plain data',
    ],
    [
      '() => ({ outcome: "accepted", reasons: "" })',
      `AUR453 driver.ts: apply of step 4 answered an unknown key reasons: ${EXPECTED} | did you mean 'reason'?`,
    ],
    [
      '() => ({ outcome: "rejected", reason: 7 })',
      'AUR453 driver.ts: apply of step 4 answered the reason 7: expected text',
    ],
    [
      '() => ({ outcome: "accepted", events: [{}, { state: { seats: new Map() } }] })',
      'AUR453 driver.ts: apply of step 4 answered events[1].state.seats, which is a Map: give an array of pairs [key, value] | answers have to be plain data',
    ],
    [
      '() => ({ outcome: "accepted", events: [{}, { time: "now" }] })',
      'AUR453 driver.ts: apply of step 4 answered event 1 in a wrong form: `events.time` must be a number, not "now" | Milliseconds of virtual or wall time.',
    ],
  ])('in apply: %j', async (apply, message) => {
    const { result, state } = await applying(apply);
    expect(result).toBe(message);
    expect(state).toBe(
      'AUR453 driver.ts: observe answered "full": expected an object of the variables of the spec',
    );
  });

  it('by data that cannot be read, in one line', async () => {
    const cyclic = await applying('() => { const a = { outcome: "accepted" }; a.reason = { a }; return a; }');
    expect(cyclic.result).toMatch(/^AUR453 driver.ts: apply of step 4 answered .*holds itself/);
    expect(cyclic.result.length).toBeLessThan(300);
    const getter = await applying('() => ({ get outcome() { throw new Error("no\\nmore"); } })');
    expect(getter.result).toMatch(/^AUR453 driver.ts: apply of step 4 .*outcome, which cannot be read: no/);
    const capabilities = `export default () => ({ ${REST}, get capabilities() { throw new Error("none"); } })`;
    expect(errorOf(await openText(capabilities))).toMatch(/^AUR452 driver.ts: capabilities: none/);
  });

  it('by hanging is given up when it is closed', async () => {
    const text = `export default () => ({ prepare() {}, apply: () => new Promise(() => {}), observe: () => ({}), close: () => new Promise(() => {}) });`;
    const driver = unwrap(await openText(text));
    const applied = driver.apply(stepUp(1));
    expect(await driver.close(100)).toMatchObject({ ok: false, errors: [{ code: 'AUR454' }] });
    expect(await applied).toMatchObject({ ok: false, errors: [{ code: 'AUR454' }] });
  });

  it('by hanging is not called again', async () => {
    const message = 'AUR454 driver.ts: apply of step 4 did not answer within 200 ms';
    const hanging = await applying('() => new Promise(() => {})', { timeoutMs: 200 });
    expect(hanging).toEqual({ result: message, state: message });
  });
});
