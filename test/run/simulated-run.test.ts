// Runs on the simulator, with a small protocol: what they come to, what their folders hold, and what goes wrong.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../generated/run-result.js';
import { folderError } from '../../src/run/run-folder.js';
import type { Protocol } from '../../src/simulate/protocol.js';
import { Simulation } from '../../src/simulate/simulation.js';
import { must } from '../../src/util/assert.js';
import { loadSchemaCheck } from '../../src/util/schema-check.js';
import { unwrap } from '../quint.js';
import { filesOf, jobOf, perform, run, TOOLS, tally } from './support.js';
import { TALLY } from './tally.js';

const PROPERTY = '[scenario.quint_source]\nspecification = "tally.qnt"\nproperty = "CounterUniqueness"\n';

/** A step of the schedule. */
function step(action: string, node: number, more = ''): string {
  const name = action === 'forget' ? 'byz' : 'p';
  return `\n[[scenario.steps]]\naction = "${action}"\nnode = ${node}\nparams = { ${name} = '"p${node}"' }\n${more}`;
}

const BYZANTINE = '[scenario.byzantine]\nparticipants = [2]\n';
const FORGETS = `${BYZANTINE}[[scenario.byzantine.strategies]]\ntype = "conflicting_messages"\n`;

describe('a run', () => {
  it('conforms, and its folder holds what the legend says', async () => {
    const { result, folder, violation } = await run(tally('success'));
    expect(result).toMatchObject({ result: 'met', outcome: 'success', reasons: [], events: 6 });
    expect(violation).toBeUndefined();
    const files = await filesOf(folder);
    expect([...files.keys()]).toEqual([
      'replay.txt',
      'scenario.toml',
      'trace.itf.json',
      'trace.jsonl',
      'verdict.json',
    ]);
    expect(path.basename(folder)).toBe(result.id);
    expect(files.get('replay.txt')).toBe(`${result.reproduce}\n`);
    const check = await loadSchemaCheck<RunResult>('run-result');
    expect(check(JSON.parse(must(files.get('verdict.json'), 'the verdict')))).toMatchObject({ ok: true });
  });

  it('gives the same bytes again, and what it wrote as its scenario is the same run', async () => {
    const text = tally('success', `${FORGETS}[scenario.network]\ndrop_rate = 0.2\n`);
    const options = { checkpointEvery: 2, trace: 'verbose' } as const;
    const first = await run(text, { options });
    const second = await run(text, { options });
    const files = await filesOf(first.folder);
    expect(files).toEqual(await filesOf(second.folder));
    expect(files.has('effects.jsonl')).toBe(true);
    const again = await run(must(files.get('scenario.toml'), 'the scenario'), { options });
    expect(again.result.id).toBe(first.result.id);
    expect(again.result.digest).toBe(first.result.digest);
    const other = await run(text, { options, seed: '7' });
    expect(other.result.id).not.toBe(first.result.id);
  });

  it('replaces the folder of an earlier one', async () => {
    const job = await jobOf(tally('success'));
    const options = { output: job.options.output };
    const { folder } = await run(tally('success'), { options: { ...options, checkpointEvery: 1 } });
    expect((await filesOf(folder)).has('checkpoints/step_000001.json')).toBe(true);
    const again = await run(tally('success'), { options });
    expect(again.folder).toBe(folder);
    expect([...(await filesOf(job.options.output)).keys()].map(name => path.dirname(name))).toEqual(
      Array.from({ length: 5 }, () => path.basename(folder)),
    );
  });

  it('leaves of its traces what the level says', async () => {
    const at = async (trace: 'off' | 'summary') =>
      filesOf((await run(tally('success'), { options: { trace } })).folder);
    expect([...(await at('off')).keys()]).toEqual(['replay.txt', 'scenario.toml', 'verdict.json']);
    const lines = must((await at('summary')).get('trace.jsonl'), 'the trace')
      .trim()
      .split('\n');
    expect(lines.slice(1).map(line => JSON.parse(line).state)).toEqual([
      { counts: [0, 1, 2].map(id => [`p${id}`, 0]) },
      { counts: [0, 1, 2].map(id => [`p${id}`, 2]) },
    ]);
  });

  it('without checks opens no spec', async () => {
    const openSpec = () => Promise.reject(new Error('it is not asked for'));
    const options = { conformance: false, invariants: false, temporal: false };
    const { result } = await run(tally('success'), { options, tools: { openSpec } });
    expect(result).toMatchObject({ result: 'met', events: 6 });
    expect(result.phases[0]?.protocols[0]).toMatchObject({ verdict: 'skipped', properties: [] });
  });

  it('checks only what it is asked to check', async () => {
    const options = { conformance: false, temporal: false };
    const { result } = await run(tally('success'), { options });
    const [protocol] = result.phases[0]?.protocols ?? [];
    expect(protocol?.verdict).toBe('skipped');
    expect(protocol?.properties.map(({ name }) => name)).toEqual(['Bounded']);
    expect(result.reproduce).toMatch(/--check-invariants$/);
  });
});

describe('a violation', () => {
  const driver = { kind: 'simulated', bug: 'counts on' } as const;

  it('ends the run with a checkpoint and is told with its reason', async () => {
    const told: unknown[] = [];
    const tools = { onViolation: [(found: unknown) => void told.push(found)] };
    const { result, violation, folder } = await run(tally('success'), { driver, tools });
    expect(result).toMatchObject({ result: 'missed', outcome: 'property_violation', nondeterminism: null });
    expect(result.reasons[0]).toMatch(/^Bounded is violated at state \d+ of trace.jsonl$/);
    expect(result.reproduce).toMatch(/--plant 'counts on'$/);
    const step = must(violation?.step, 'a step');
    expect(violation).toMatchObject({
      property: { name: 'Bounded', kind: 'invariant' },
      source: 'trace.jsonl',
    });
    expect(told).toEqual([expect.objectContaining({ kind: 'invariant', property: 'Bounded', step })]);
    const files = await filesOf(folder);
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['checkpoints/violation.json', 'violation.json']),
    );
    const lines = must(files.get('trace.jsonl'), 'the trace').trim().split('\n');
    expect(lines).toHaveLength(step + 2);
    const restored = unwrap(
      Simulation.restore(must(files.get('checkpoints/violation.json'), 'it'), TOOLS.protocols),
    );
    expect(restored.steps).toBe(step);
  });

  it('can be what is expected', async () => {
    const { result } = await run(tally('property_violation'), { driver });
    expect(result.result).toBe('met');
    expect((await run(tally('property_violation'))).result).toMatchObject({
      result: 'missed',
      reasons: ['no property was violated, though that was expected'],
    });
  });

  it('of conformance alone is one too', async () => {
    const options = { invariants: false, temporal: false };
    const { result, violation } = await run(tally('success'), { driver, options });
    expect(result.outcome).toBe('property_violation');
    expect(violation?.property).toEqual({ name: 'conformance', kind: 'conformance' });
  });
});

describe('a schedule', () => {
  it('is followed, and then the world runs on', async () => {
    const text =
      tally('safety_violation_prevented', `${FORGETS}${PROPERTY}`) + step('add', 2) + step('forget', 2);
    const { result, folder } = await run(text);
    expect(result).toMatchObject({
      result: 'met',
      schedule: { steps: 2, accepted: 2, rejected: 0, surprises: [] },
    });
    expect(result.strategies).toEqual([{ type: 'conflicting_messages', participants: [2], count: 1 }]);
    expect(result.attempts.find(({ kind }) => kind === 'adverse')).toMatchObject({
      action: 'forget',
      properties: expect.arrayContaining(['Bounded', 'CounterUniqueness']),
    });
    const lines = must((await filesOf(folder)).get('trace.jsonl'), 'the trace')
      .trim()
      .split('\n');
    const actions = lines.slice(1).map(line => JSON.parse(line).action);
    expect(actions.slice(0, 3)).toEqual(['init', 'add', 'forget']);
    expect(actions.length).toBeGreaterThan(6);
  });

  it('a step that has to be refused is an attempt', async () => {
    const forbidden = step('forget', 0, 'expect = "rejected"\n');
    const { result } = await run(tally('safety_violation_prevented', PROPERTY) + step('add', 0) + forbidden);
    expect(result).toMatchObject({ result: 'met', schedule: { accepted: 1, rejected: 1, surprises: [] } });
    expect(result.attempts).toEqual([
      { kind: 'forbidden', action: 'forget', properties: expect.arrayContaining(['Bounded']), times: 1 },
    ]);
  });

  it('a step that is refused though the spec allows it is a failure', async () => {
    const { result } = await run(tally('success') + step('forget', 0));
    expect(result).toMatchObject({ result: 'missed', outcome: 'failure' });
    expect(result.reasons[0]).toBe('step 0, forget, was refused, which the spec allows: p0 refuses it');
  });

  it('a step that is carried out though the spec forbids it is a failure', async () => {
    const { result } = await run(tally('success') + step('add', 0, 'expect = "rejected"\n'));
    expect(result).toMatchObject({ result: 'missed', outcome: 'failure' });
    expect(result.reasons).toEqual(['step 0, add, was carried out, which the spec forbids']);
  });

  it('a step that the spec does not have is an error, whatever is expected', async () => {
    for (const more of ['', 'expect = "rejected"\n']) {
      const { result } = await run(tally('property_holds') + step('forgets', 0, more));
      expect(result).toMatchObject({
        result: 'error',
        errors: [{ code: 'AUR459', hint: 'did you mean forget?' }],
      });
    }
  });

  it('injects the fault of a step', async () => {
    const fault = 'fault = { type = "crash", participants = [1], duration_ms = 100 }\n';
    const { result } = await run(tally('success') + step('add', 0, fault));
    expect(result.result).toBe('met');
    expect(result.faults).toEqual([{ type: 'crash', participants: [1], count: 1 }]);
  });
});

describe('a target', () => {
  const attack = step('add', 2) + step('forget', 2);
  const text = (property: string) =>
    tally('safety_violation_prevented', FORGETS + PROPERTY.replace('CounterUniqueness', property)) + attack;

  it('that no spec has is missed, and one that was not checked is open', async () => {
    expect((await run(text('Bonded'))).result).toMatchObject({
      result: 'missed',
      reasons: ['no spec that was checked has a property Bonded'],
    });
    const options = { invariants: false };
    const asserted = '\n[[scenario.assertions]]\ntype = "property_violation_detected"\n';
    for (const name of ['Bounded', 'CounterUniqueness']) {
      expect((await run(text(name))).result.result).toBe('met');
      const { result } = await run(text(name), { options });
      expect(result).toMatchObject({ result: 'inconclusive', reasons: [`${name} was not checked`] });
      const judged = await run(text(name) + asserted, { options });
      expect(judged.result.assertions).toMatchObject([
        { verdict: 'unknown', detail: `${name} was not checked` },
      ]);
    }
  });

  it('is the property that has to be violated', async () => {
    const driver = { kind: 'simulated', bug: 'counts on' } as const;
    const expected = (property: string) =>
      tally('property_violation', PROPERTY.replace('CounterUniqueness', property));
    expect((await run(expected('Bounded'), { driver })).result.result).toBe('met');
    const { result } = await run(expected('SomebodyCounts'), { driver });
    expect(result.result).toBe('missed');
    expect(result.reasons[0]).toBe('SomebodyCounts was not violated, though that was expected');
  });

  it('is not attacked by silence', async () => {
    const silent = `${BYZANTINE}[[scenario.byzantine.strategies]]\ntype = "silent"\n`;
    const { result } = await run(tally('safety_violation_prevented', silent + PROPERTY));
    expect(result).toMatchObject({ result: 'missed', attempts: [] });
    expect(result.reasons).toEqual(['no attack was made, so none was prevented']);
  });
});

describe('phases', () => {
  const phase = (name: string, more = '') => `[[scenario.phases]]\nname = "${name}"\n${more}`;
  const protocol = (more = '') => `[[scenario.phases.protocols]]\ntype = "tally"\n${more}`;
  const head = (expected: string) => `[[scenario]]\nname = "phases"\nexpected_outcome = "${expected}"\n`;

  it('run in one world, with checkpoints by name, and what was simulated before', async () => {
    const second = `checkpoints = ["pre_loss", "end"]\n[scenario.phases.setup]\nparticipants = 4\n[[scenario.phases.simulate]]\ntype = "device_loss"\nlost_device = 1\n`;
    const text =
      head('success') +
      phase('one', protocol()) +
      phase(
        'two',
        `${second + protocol('rounds = 1\n')}[[scenario.phases.assertions]]\ntype = "no_timeout_errors"\n`,
      );
    const { result, folder } = await run(text);
    expect(result.reasons).toEqual([]);
    expect(result.phases.map(({ name, ran }) => [name, ran])).toEqual([
      ['one', true],
      ['two', true],
    ]);
    const protocols = result.phases.flatMap(each => each.protocols);
    expect(protocols.map(({ trace, endings }) => [trace, endings])).toEqual([
      ['trace-1-tally.jsonl', ['success', 'success', 'success']],
      ['trace-2-tally.jsonl', ['success', null, 'success', 'success']],
    ]);
    expect(result.phases[1]?.checkpoints).toEqual(['pre_loss', 'end']);
    expect(result.phases[1]?.assertions).toMatchObject([{ type: 'no_timeout_errors', verdict: 'held' }]);
    expect(result.faults).toEqual([{ type: 'device_loss', participants: [1], count: 1 }]);
    const files = await filesOf(folder);
    expect(files.get('trace.jsonl')).toBe(files.get('trace-2-tally.jsonl'));
    expect(files.get('trace.itf.json')).toBe(files.get('trace-2-tally.itf.json'));
    const restored = unwrap(
      Simulation.restore(must(files.get('checkpoints/end.json'), 'it'), TOOLS.protocols),
    );
    expect(restored.endings).toHaveLength(6);
  });

  it('one that failed ends the scenario', async () => {
    const fails = '[[scenario.phases.assertions]]\ntype = "recovery_successful"\n';
    const holds =
      '[[scenario.phases.assertions]]\ntype = "byzantine_participants_detected"\nexpected_detected = [1]\n';
    const { result } = await run(
      head('failure') + phase('one', protocol() + holds) + phase('two', protocol()),
    );
    expect(result).toMatchObject({ result: 'met', outcome: 'failure' });
    expect(result.phases.map(({ ran }) => ran)).toEqual([true, false]);
    const open = await run(head('success') + phase('one', protocol() + fails));
    expect(open.result).toMatchObject({ result: 'inconclusive', outcome: 'inconclusive' });
    expect(open.result.reasons[0]).toMatch(
      /^recovery_successful cannot be decided at the end of the phase one/,
    );
  });
});

describe('chaos', () => {
  it('asks for progress once a quorum is healed', async () => {
    const cut = '[scenario.network]\npartitions = [{ groups = [[0], [1], [2]] }]\n';
    const down = '[[scenario.faults]]\ntype = "crash"\nparticipants = [1]\n';
    const healed = '[scenario.chaos]\nsafety_ms = 3000\nliveness_ms = 5000\n';
    const dead = await run(tally('success', cut + down));
    expect(dead.result.phases[0]?.protocols[0]?.endings[1]).toBeNull();
    const alive = await run(tally('success', cut + down + healed));
    expect(alive.result.phases[0]?.protocols[0]?.endings.slice(0, 2)).toEqual(['success', 'success']);
    const late = healed
      .replace('5000', '1')
      .replace('[scenario.chaos]', '[scenario.timing]\nepoch_ms = 500\n[scenario.chaos]');
    const slow = await run(
      tally('success', `${cut}${down}${late}`).replace('"tally"', '"tally"\nrounds = 500'),
    );
    expect(slow.result).toMatchObject({ result: 'missed', outcome: 'failure' });
    expect(slow.result.reasons[0]).toMatch(/^no progress: 0, 1 did not finish within \d/);
  });

  it('takes no timeout for progress', async () => {
    const late: typeof TALLY = {
      ...TALLY,
      participant: {
        ...TALLY.participant,
        act: (state, taken, ctx) => {
          const turn = TALLY.participant.act(state, taken, ctx);
          const effects = turn?.effects.map(one =>
            one.kind === 'finish' ? { ...one, as: 'timeout' as const } : one,
          );
          return turn && { ...turn, effects: effects ?? [] };
        },
      },
    };
    const text = tally('success', '[scenario.chaos]\nsafety_ms = 3000\n');
    const { result } = await run(text, { tools: { protocols: { tally: late } } });
    expect(result).toMatchObject({ result: 'missed', outcome: 'failure' });
    expect(result.reasons[0]).toMatch(/^no progress: 0, 1 did not finish within \d+(\.\d+)? ms/);
  });

  it('of a swarm is another for each seed', async () => {
    const text = tally('inconclusive', '[scenario.chaos]\nswarm = true\nsafety_ms = 500\n');
    const results = await Promise.all(['1', '2', '3', '4'].map(seed => run(text, { seed })));
    expect(new Set(results.map(({ result }) => JSON.stringify(result.faults))).size).toBeGreaterThan(1);
    expect(results.map(({ result }) => result.result)).toEqual(['met', 'met', 'met', 'met']);
  });
});

describe('what is no verdict', () => {
  it.each([
    [
      'a protocol that is not there',
      tally('success').replace('"tally"', '"taly"'),
      'AUR460',
      'did you mean tally?',
    ],
    [
      'a setting that the protocol refuses',
      tally('success').replace('"tally"', '"tally"\nrounds = 0'),
      'AUR441',
      null,
    ],
    [
      'nothing to run',
      '[[scenario]]\nname = "empty"\n',
      'AUR461',
      expect.stringContaining('[[scenario.protocols]]'),
    ],
  ])('%s is an error with its place', async (_, text, code, hint) => {
    const { result, folder } = await run(text);
    expect(result).toMatchObject({ result: 'error', outcome: 'error' });
    expect(result.errors).toMatchObject([{ code, hint, location: 'scenarios/test.toml:1:1' }]);
    expect((await filesOf(folder)).has('verdict.json')).toBe(true);
  });

  it('an unknown bug has a near one', async () => {
    const { result } = await run(tally('success'), { driver: { kind: 'simulated', bug: 'count on' } });
    expect(result.errors).toMatchObject([{ code: 'AUR461', hint: 'did you mean counts on?' }]);
  });

  it('a mapping that names what the spec does not have is an error, not a violation', async () => {
    const broken: Protocol = { ...TALLY, project: () => ({ cuonts: [] }) };
    const { result } = await run(tally('success'), { tools: { protocols: { tally: broken } } });
    expect(result).toMatchObject({ result: 'error', errors: [{ code: 'AUR314' }] });
  });

  it('the wall clock makes a run inconclusive', async () => {
    const { result } = await run(tally('success').replace('"tally"', '"tally"\nrounds = 200'), {
      options: { timeoutMs: 0 },
    });
    expect(result).toMatchObject({ result: 'inconclusive', outcome: 'inconclusive' });
    expect(result.reasons[0]).toBe('the run was not over after 0 s');
  });

  it('an interruption leaves no folder', async () => {
    const job = await jobOf(tally('success'));
    const options = { output: job.options.output };
    const interrupted = await perform(tally('success'), { options, tools: { signal: AbortSignal.abort() } });
    expect(interrupted).toMatchObject({ ok: false, errors: [{ code: 'AUR607' }] });
    expect((await filesOf(options.output)).size).toBe(0);
  });

  it('a folder that cannot be written, a disk that is full', async () => {
    const output = path.join(import.meta.filename, 'runs');
    expect(await perform(tally('success'), { options: { output } })).toMatchObject({
      ok: false,
      errors: [{ code: 'AUR464' }],
    });
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' });
    expect(folderError('runs', full)).toMatchObject({
      code: 'AUR464',
      message: 'cannot write the run into runs: the disk is full',
    });
    const bug = new Error('a bug');
    expect(() => folderError('runs', bug)).toThrow(bug);
  });

  it('a failure that does not repeat is nondeterminism, with its first event', async () => {
    let turns = 0;
    const fickle: typeof TALLY = {
      ...TALLY,
      participant: {
        ...TALLY.participant,
        act: (state, taken, ctx) => (turns++ === 2 ? undefined : TALLY.participant.act(state, taken, ctx)),
      },
    };
    const driver = { kind: 'simulated', bug: 'counts on' } as const;
    const { result } = await run(tally('success'), { driver, tools: { protocols: { tally: fickle } } });
    expect(result).toMatchObject({
      result: 'missed',
      outcome: 'property_violation',
      errors: [{ code: 'AUR468' }],
    });
    expect(result.reasons[0]).toMatch(/^Bounded is violated/);
    const { trace, event, first, second } = must(result.nondeterminism, 'a difference');
    expect(trace).toBe('trace.jsonl');
    expect(event).toBeGreaterThan(0);
    expect(first).not.toBe(second);
  });

  it('a failure that cannot be made again stays one, and says so', async () => {
    let begun = 0;
    const broken: typeof TALLY = {
      ...TALLY,
      begin: () => {
        begun++;
        return null;
      },
      project: view => (begun < 2 ? TALLY.project(view) : { cuonts: [] }),
    };
    const driver = { kind: 'simulated', bug: 'counts on' } as const;
    const { result } = await run(tally('success'), { driver, tools: { protocols: { tally: broken } } });
    expect(result).toMatchObject({
      result: 'missed',
      outcome: 'property_violation',
      nondeterminism: null,
      errors: [{ code: 'AUR314' }],
    });
    expect(result.reasons.at(-1)).toContain('could not be made a second time');
  });

  it('the timeout that cut a run is in the command that makes it again', async () => {
    const text = tally('success').replace('"tally"', '"tally"\nrounds = 200');
    const { result, folder } = await run(text, { options: { timeoutMs: 0 } });
    expect(result.reproduce).toMatch(/ --timeout 1$/);
    expect((await filesOf(folder)).get('replay.txt')).toBe(`${result.reproduce}\n`);
    const whole = await run(tally('success'), { options: { timeoutMs: 90_000 } });
    expect(whole.result.reproduce).not.toContain('--timeout');
  });

  it('strategies and faults without effect make it inconclusive where that is asked', async () => {
    const text = tally('success', '[scenario.network]\nduplicate_rate = 0.000001\n');
    expect((await run(text)).result.result).toBe('met');
    const { result } = await run(text, { options: { strictFaults: true } });
    expect(result).toMatchObject({ result: 'inconclusive', reasons: ['duplicate took no effect'] });
  });
});

describe('a checkpoint', () => {
  it('goes on to the same end', async () => {
    const { folder } = await run(tally('success'), { options: { checkpointEvery: 1 } });
    const trace = (await readFile(path.join(folder, 'trace.jsonl'), 'utf8')).trim().split('\n');
    for (const steps of [1, 3, 5]) {
      const text = await readFile(path.join(folder, 'checkpoints', `step_00000${steps}.json`), 'utf8');
      const restored = unwrap(Simulation.restore(text, TOOLS.protocols));
      const rest = [...restored.run()].map(event => JSON.stringify(event));
      expect(rest).toEqual(trace.slice(steps + 2));
    }
  });
});
