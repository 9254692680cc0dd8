// Runs against drivers: the spec itself, and drivers that are made for the test. What a driver cannot do is inconclusive,
// what it does wrong is a failure, and that it cannot go on is an error.
import { describe, expect, it } from 'vitest';
import type { Capabilities, Driver } from '../../src/drivers/driver.js';
import { auraError } from '../../src/util/errors.js';
import { fail, ok, type Result } from '../../src/util/result.js';
import { type Asked, filesOf, run } from './support.js';

const SPEC = '[scenario.quint_source]\nspecification = "test/run/tally.qnt"\nmodule = "tally"\n';

function scenario(expected: string, steps: string, more = ''): string {
  return `[[scenario]]\nname = "steps"\nexpected_outcome = "${expected}"\n${SPEC}${more}${steps}`;
}

function step(action: string, node: number, more = ''): string {
  const name = action === 'forget' ? 'byz' : 'p';
  const literal = `'"p${node}"'`;
  return `\n[[scenario.steps]]\naction = "${action}"\nnode = ${node}\nparams = { ${name} = ${literal} }\npicks = { ${name} = ${literal} }\n${more}`;
}

const GOOD = step('add', 0) + step('add', 2) + step('forget', 2);

/** A system that counts, in which `forget` and a second `add` are as wrong as they are told to be. */
class Counter implements Driver {
  closed = 0;
  private readonly counts = [0, 0, 0];

  constructor(
    readonly capabilities: Capabilities = { faults: [], strategies: [], network: false, state: 'full' },
    private readonly changed: Partial<Driver> = {},
  ) {}

  prepare: Driver['prepare'] = setup => this.changed.prepare?.(setup) ?? Promise.resolve(ok(undefined));

  apply: Driver['apply'] = step => {
    if (this.changed.apply !== undefined) return this.changed.apply(step);
    const at = step.node ?? 0;
    const count = this.counts[at] ?? 0;
    if (step.action === 'add' ? count >= 2 : at !== 2 || count === 0)
      return Promise.resolve(ok({ outcome: 'rejected', reason: 'no' }));
    this.counts[at] = step.action === 'add' ? count + 1 : 0;
    return Promise.resolve(ok({ outcome: 'accepted' }));
  };

  inject: Driver['inject'] = fault => this.changed.inject?.(fault) ?? Promise.resolve(ok(undefined));

  observe: Driver['observe'] = () =>
    this.changed.observe?.() ?? Promise.resolve(ok({ counts: this.counts.map((n, id) => [`p${id}`, n]) }));

  close(withinMs?: number): Promise<Result<void>> {
    this.closed++;
    return this.changed.close?.(withinMs) ?? Promise.resolve(ok(undefined));
  }
}

function against(driver: Driver): Asked {
  return { driver: { kind: 'module', file: 'it.js' }, tools: { openDriver: async () => ok(driver) } };
}

describe('the spec itself', () => {
  const driver = { kind: 'model' } as const;

  it('runs any schedule of it', async () => {
    const refused = step('forget', 0, 'expect = "rejected"\n');
    const { result, folder } = await run(scenario('safety_violation_prevented', GOOD + refused), { driver });
    expect(result).toMatchObject({ result: 'met', reasons: [], events: 3 });
    expect(result.schedule).toMatchObject({ accepted: 3, rejected: 1, surprises: [] });
    expect(result.strategies).toEqual([{ type: 'conflicting_messages', participants: [2], count: 1 }]);
    expect(result.attempts.map(({ kind, action }) => [kind, action])).toEqual([
      ['adverse', 'forget'],
      ['forbidden', 'forget'],
    ]);
    expect([...(await filesOf(folder)).keys()]).toEqual(
      expect.arrayContaining(['trace.jsonl', 'trace.itf.json']),
    );
  });

  it('refuses what it does not allow', async () => {
    const { result } = await run(scenario('success', step('forget', 2)), { driver });
    expect(result).toMatchObject({ result: 'missed', outcome: 'failure' });
    expect(result.reasons[0]).toMatch(/^step 0, forget, was refused, which the spec allows/);
  });

  it('needs a spec and steps', async () => {
    const empty = await run('[[scenario]]\nname = "a"\n', { driver });
    expect(empty.result.errors).toMatchObject([{ code: 'AUR461' }]);
    const nowhere = await run(`[[scenario]]\nname = "a"\n${step('add', 0)}`, { driver });
    expect(nowhere.result.errors).toMatchObject([
      { code: 'AUR461', message: expect.stringContaining('no spec') },
    ]);
  });
});

describe('a driver', () => {
  it('that is right', async () => {
    const counter = new Counter();
    const { result } = await run(scenario('success', GOOD), against(counter));
    expect(result).toMatchObject({ result: 'met', driver: { kind: 'module', detail: 'it.js' }, events: 3 });
    expect(result.phases[0]?.protocols[0]).toMatchObject({ verdict: 'conforms' });
    expect(result.reproduce).toMatch(/--driver module --driver-file it.js$/);
    expect(counter.closed).toBeGreaterThan(0);
  });

  it('that tells part of the state, or none', async () => {
    for (const state of ['partial', 'none'] as const) {
      const counter = new Counter({ faults: [], strategies: [], network: false, state });
      const { result } = await run(scenario('inconclusive', GOOD), against(counter));
      expect(result.phases[0]?.protocols[0]?.verdict).toBe('conforms');
    }
  });

  it('that does something else is violating its spec', async () => {
    const wrong = new Counter(undefined, { apply: async () => ok({ outcome: 'accepted' }) });
    const { result, violation } = await run(scenario('success', GOOD), against(wrong));
    expect(result).toMatchObject({ result: 'missed', outcome: 'property_violation' });
    expect(violation?.property.kind).toBe('conformance');
  });

  it('that refuses what it has to do, or does what it has to refuse', async () => {
    const lazy = new Counter(undefined, { apply: async () => ok({ outcome: 'rejected', reason: 'tired' }) });
    const { result } = await run(scenario('success', GOOD), against(lazy));
    expect(result.reasons[0]).toBe('step 0, add, was refused, which the spec allows: tired');
    const eager = await run(
      scenario('success', step('add', 0, 'expect = "rejected"\n')),
      against(new Counter()),
    );
    expect(eager.result.reasons[0]).toBe('step 0, add, was carried out, which the spec forbids');
  });

  it.each([
    ['a fault', step('add', 0, 'fault = { type = "crash" }\n'), '', 'cannot inject the fault crash'],
    [
      'a strategy',
      GOOD,
      '[scenario.byzantine]\ncount = 1\nstrategies = [{ type = "silent" }]\n',
      'cannot play the strategy silent',
    ],
    ['a network', GOOD, '[scenario.network]\ndrop_rate = 0.5\n', 'cannot make the network'],
    [
      'timed faults',
      GOOD,
      '[[scenario.faults]]\ntype = "crash"\nparticipants = [0]\n',
      'cannot inject faults at times',
    ],
  ])('that cannot make %s is inconclusive, never green', async (_, steps, more, reason) => {
    const { result } = await run(scenario('success', steps, more), against(new Counter()));
    expect(result).toMatchObject({ result: 'inconclusive', outcome: 'inconclusive' });
    expect(result.reasons.join()).toContain(reason);
  });

  it('is not asked for a step that the spec does not have', async () => {
    const apply: Driver['apply'] = () => expect.fail('it is not asked');
    const refused = step('forgets', 0, 'expect = "rejected"\n');
    const { result } = await run(
      scenario('property_holds', refused),
      against(new Counter(undefined, { apply })),
    );
    expect(result).toMatchObject({
      result: 'error',
      errors: [{ code: 'AUR459', hint: 'did you mean forget?' }],
    });
  });

  it('injects the faults that it can, once each', async () => {
    const injected: unknown[] = [];
    const inject: Driver['inject'] = async fault => ok(void injected.push(fault));
    const able = new Counter(
      { faults: ['crash'], strategies: [], network: false, state: 'full' },
      { inject },
    );
    const crash = 'fault = { type = "crash", duration_ms = 5, disk = "lost" }\n';
    const { result } = await run(scenario('success', step('add', 1, crash)), against(able));
    expect(injected).toEqual([
      { type: 'crash', participants: [1], durationMs: 5, parameters: { disk: 'lost' } },
    ]);
    expect(result.faults).toEqual([{ type: 'crash', participants: [1], count: 1 }]);
  });

  it('that fails is an error of its own and is closed', async () => {
    const broken = fail(auraError('AUR452', 'it fell over'));
    for (const changed of [
      { prepare: async () => broken },
      { apply: async () => broken },
      { observe: async () => broken },
    ]) {
      const counter = new Counter(undefined, changed);
      const { result } = await run(scenario('success', GOOD), against(counter));
      expect(result).toMatchObject({ result: 'error', reasons: ['it fell over'] });
      expect(result.errors).toMatchObject([{ code: 'AUR452' }]);
      expect(counter.closed).toBeGreaterThan(0);
    }
  });

  it('that hangs is closed when the time is over', async () => {
    let answer = (): void => undefined;
    const hanging = new Counter(undefined, {
      apply: () =>
        new Promise(resolve => (answer = () => resolve(fail(auraError('AUR456', 'it was ended'))))),
    });
    const close = hanging.close.bind(hanging);
    hanging.close = () => {
      answer();
      return close();
    };
    const asked = { ...against(hanging), options: { timeoutMs: 200 } };
    const { result } = await run(scenario('success', GOOD), asked);
    expect(result.result).toBe('inconclusive');
    expect(result.reasons[0]).toBe('the run was not over after 0.2 s');
  });

  it('that takes a step which it says it refuses is found by its state', async () => {
    const counts = [0, 0, 0];
    const liar = new Counter(undefined, {
      apply: async ({ action, node = 0 }) => {
        if (action !== 'add') counts[node] = 7;
        else counts[node] = (counts[node] ?? 0) + 1;
        return ok({ outcome: action === 'add' ? 'accepted' : 'rejected' });
      },
      observe: async () => ok({ counts: counts.map((n, id) => [`p${id}`, n]) }),
    });
    const steps = step('add', 0) + step('forget', 0, 'expect = "rejected"\n');
    const { result, violation } = await run(scenario('success', steps), against(liar));
    expect(result).toMatchObject({ result: 'missed', outcome: 'property_violation' });
    expect(violation).toBeDefined();
  });

  it('that does not close well is an error, unless the run showed more', async () => {
    const close = async () => fail(auraError('AUR454', 'close did not answer'));
    const untidy = await run(scenario('success', GOOD), against(new Counter(undefined, { close })));
    expect(untidy.result).toMatchObject({ result: 'error', errors: [{ code: 'AUR454' }] });
    const wrong = new Counter(undefined, { close, apply: async () => ok({ outcome: 'accepted' }) });
    const { result } = await run(scenario('success', GOOD), against(wrong));
    expect(result).toMatchObject({ result: 'missed', outcome: 'property_violation', errors: [] });
  });

  it('has little time for closing when the time of the run is over', async () => {
    const bounds: (number | undefined)[] = [];
    const slow = new Counter(undefined, {
      apply: () => new Promise(resolve => setTimeout(() => resolve(ok({ outcome: 'accepted' })), 300)),
      close: async withinMs => {
        bounds.push(withinMs);
        return ok(undefined);
      },
    });
    await run(scenario('success', GOOD), { ...against(slow), options: { timeoutMs: 100 } });
    expect(bounds).not.toEqual([]);
    expect(bounds.every(ms => ms !== undefined && ms < 10_000)).toBe(true);
  });

  it('that tells what is no state of the spec is an error', async () => {
    const odd = new Counter(undefined, { observe: async () => ok({ counts: 'many' }) });
    const { result } = await run(scenario('success', GOOD), against(odd));
    expect(result).toMatchObject({ result: 'error', errors: [{ code: 'AUR303' }] });
  });
});
