// A program as a driver: the protocol with one that keeps to it, one error of its own for each way to break it, and
// nothing left running afterwards, be it by us, by the program or by what that has started.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Applied, Driver, DriverStep } from '../../src/drivers/driver.js';
import { openProcessDriver, type ProcessDriverOptions } from '../../src/drivers/process-driver.js';
import type { Result } from '../../src/util/result.js';
import { ROOT, unwrap } from '../quint.js';
import { SETUP } from './support.js';

const COUNTER = path.join(ROOT, 'test', 'fixtures', 'drivers', 'counter.js');

async function opened(mode: string, options: ProcessDriverOptions = {}): Promise<Driver> {
  return unwrap(await openProcessDriver([process.execPath, COUNTER, mode], options));
}

function stepUp(index: number, by: unknown): DriverStep {
  return { index, action: 'up', operation: 'up', params: { by }, picks: {}, expect: 'accepted' };
}

/** Step 0, which every counter takes, and step 1, at which it may break. */
async function twoSteps(driver: Driver): Promise<Result<Applied>> {
  unwrap(await driver.prepare(SETUP));
  expect(unwrap(await driver.apply(stepUp(0, 2)))).toEqual({ outcome: 'accepted' });
  return driver.apply(stepUp(1, 3));
}

function errorOf(result: Result<unknown>): string {
  if (result.ok) throw new Error('expected an error');
  const [error] = result.errors;
  return `${error?.code} ${error?.message}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until none of the processes is there: they end when the system gets to it. */
async function expectGone(pids: readonly number[]): Promise<void> {
  for (let i = 0; i < 400 && pids.some(isAlive); i++) await sleep(25);
  expect(pids.filter(isAlive)).toEqual([]);
}

describe('a program that keeps to the protocol', () => {
  it('tells its capabilities, takes and refuses steps, and can be prepared again', async () => {
    const driver = await opened('good');
    expect(driver.capabilities).toEqual({
      faults: ['crash'],
      strategies: [],
      network: false,
      faultActions: [],
      state: 'full',
    });
    expect(await twoSteps(driver)).toEqual({ ok: true, value: { outcome: 'accepted' } });
    expect(await driver.apply(stepUp(2, -1))).toEqual({
      ok: true,
      value: { outcome: 'rejected', reason: 'it only goes up' },
    });
    expect(await driver.observe()).toEqual({ ok: true, value: { count: 5 } });
    expect(await driver.inject({ type: 'crash', participants: [1], parameters: {} })).toEqual({
      ok: true,
      value: undefined,
    });
    unwrap(await driver.prepare(SETUP));
    expect(await driver.observe()).toEqual({ ok: true, value: { count: 0 } });
    await driver.close();
    await driver.close();
    expect(errorOf(await driver.observe())).toBe("AUR452 the driver's program has been closed");
  });
});

const BROKEN = {
  exit: "AUR456 the driver's program ended with code 3 before it was told to",
  signal: "AUR456 the driver's program ended by SIGSEGV before it was told to",
  garbage:
    'AUR457 the driver\'s program printed "step taken!", which is no answer: what is for people goes to standard error',
  array:
    'AUR457 the driver\'s program printed "[1,2]", which is no answer: what is for people goes to standard error',
  anonymous:
    'AUR457 the driver\'s program printed "{\\"result\\":\\"accepted\\"}", which is no answer: what is for people goes to standard error',
  unknown: "AUR457 the driver's program answered request 11, which it was not asked",
  old: "AUR457 the driver's program answered request 3 twice",
  neither: "AUR457 the driver's program answered request 4, apply, with neither a result nor an error",
  both: "AUR457 the driver's program answered request 4, apply, with both a result and an error",
  error: "AUR452 the driver's program answered apply with an error: the counter is stuck",
  shape: `AUR453 the driver's program: apply of step 1 answered {"outcome":"acepted"}: expected 'accepted', 'rejected' or {outcome, reason, events}`,
  events:
    "AUR453 the driver's program: apply of step 1 answered event 0 in a wrong form: `events.action` must be a string, not 1",
  endless: "AUR457 the driver's program printed a line of more than 16000000 bytes",
};

describe('a program that breaks the protocol', () => {
  it.each(Object.entries(BROKEN))('by %s gets its own error', async (mode, message) => {
    const lines: string[] = [];
    const driver = await opened(mode, { onStderr: line => lines.push(line) });
    const broken = await twoSteps(driver);
    expect(errorOf(broken)).toBe(message);
    if (mode === 'exit') {
      expect(lines).toEqual(['first line', 'the disk is gone']);
      expect(broken.ok ? undefined : broken.errors[0]?.excerpt).toBe('first line\nthe disk is gone');
    }
    await driver.close();
  });

  it('by answering twice fails with the next request', async () => {
    const driver = await opened('twice');
    expect(await twoSteps(driver)).toEqual({ ok: true, value: { outcome: 'accepted' } });
    expect(errorOf(await driver.observe())).toBe("AUR457 the driver's program answered request 4 twice");
    await driver.close();
  });

  it('by hanging is ended, and stays ended', async () => {
    const driver = await opened('hang', { timeoutMs: 5_000 });
    const message = "AUR454 the driver's program did not answer apply within 5000 ms";
    expect(errorOf(await twoSteps(driver))).toBe(message);
    expect(errorOf(await driver.observe())).toBe(message);
    await driver.close();
  });

  it('by taking longer than all of its time is ended', async () => {
    const driver = await opened('hang', { deadlineMs: 5_000 });
    expect(errorOf(await twoSteps(driver))).toBe("AUR454 the driver's program has run for more than 5000 ms");
    await driver.close();
  });

  it.each([
    [['no-such-program'], "AUR455 the driver's program no-such-program cannot be started: no such program"],
    [
      ['./no/such/program'],
      "AUR455 the driver's program ./no/such/program cannot be started: no such file or folder",
    ],
    [[COUNTER], `AUR455 the driver's program ${COUNTER} cannot be started: permission denied`],
    [[process.execPath, '-e', '0'], "AUR456 the driver's program ended with code 0 before it was told to"],
  ])('by not starting: %j', async (command, message) => {
    expect(errorOf(await openProcessDriver(command))).toBe(message);
  });
});

describe('nothing is left running', () => {
  const pidsOf = async (mode: string) => {
    const lines: string[] = [];
    const driver = await opened(mode, { onStderr: line => lines.push(line), timeoutMs: 60_000 });
    unwrap(await driver.prepare(SETUP));
    const pids = lines.join(' ').split(' ').map(Number);
    expect(pids.map(isAlive)).toEqual([true, true]);
    return { driver, pids };
  };

  it.each(['deaf', 'stubborn', 'leaves-child'])('of a program that is %s', async mode => {
    const { driver, pids } = await pidsOf(mode);
    await driver.close();
    await expectGone(pids);
  });

  it('when we are killed', async () => {
    const host = `
      import { createJiti } from 'jiti';
      const jiti = createJiti(process.cwd() + '/', { fsCache: false });
      const { openProcessDriver } = await jiti.import('./src/drivers/process-driver.ts');
      await openProcessDriver(${JSON.stringify([process.execPath, COUNTER, 'stubborn'])}, {
        onStderr: line => console.log(line),
      });
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', host], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pids = await new Promise<number[]>(resolve => {
      child.stdout.once('data', (chunk: Buffer) => resolve(`${chunk}`.trim().split(' ').map(Number)));
    });
    expect(pids.map(isAlive)).toEqual([true, true]);
    child.kill('SIGKILL');
    await expectGone(pids);
  });
});
