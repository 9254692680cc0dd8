// From actions of a spec to conditions of a scenario: strategies, faults with their lengths, the network that lets them
// happen; and what chaos adds, which grows with its ratio and leaves what the steps hold.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { faultOf, type MappedAction, strategyOf } from '../../src/generate/adversary.js';
import { type Attack, loadAttacks, ownAttacks } from '../../src/generate/attacks.js';
import type { CandidateStep } from '../../src/generate/candidate.js';
import { type Chaos, type Conditions, conditionsFor } from '../../src/generate/conditions.js';
import { createEvaluator } from '../../src/generate/evaluator.js';
import { readSetting, type Setting } from '../../src/generate/setting.js';
import { planSteps } from '../../src/generate/step-faults.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Action, ActionKind, Property } from '../../src/model/model.js';
import { setOf, type Value } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { SPECS } from '../engine/specs-of-project.js';
import { loadFile, unwrap } from '../quint.js';

const LOCATION = { file: 'x.qnt', line: 1, column: 1 };

function action(kind: ActionKind, name: string, detail = ''): Action {
  const rule = detail === '' ? 'no other rule fits' : `annotation @${kind}`;
  const empty = { reads: [], updates: [], calls: [], parameters: [] };
  return { name, kind, detail, rule, id: 1, doc: '', location: LOCATION, ...empty };
}

function named(name: string, detail = '', kind: ActionKind = 'byzantine'): MappedAction {
  return action(kind, name, detail);
}

function step(source: Action, params: Readonly<Record<string, Value>> = {}): CandidateStep {
  return { action: source.name, source, params: new Map(Object.entries(params)), picks: new Map() };
}

const FOUR: readonly Value[] = ['a', 'b', 'c', 'd'];

describe('the tables', () => {
  it.each([
    ['equivocateCommitment', 'commitment_equivocation'],
    ['byzDoubleVote', 'double_vote'],
    ['forgeSender', 'forge_sender'],
    ['forgeShare', 'invalid_signatures'],
    ['withholdShare', 'signature_withholding'],
    ['maliciousReplay', 'replay'],
    ['evilAbort', 'selective_abort'],
    ['byzantine_silent', 'silent'],
    ['byzantineDelay', 'delay'],
    ['byzantine_send_conflicting', 'conflicting_messages'],
  ])('take byzantine %s for %s by its name', (name, type) => {
    expect(strategyOf(named(name))).toMatchObject({ type, why: expect.stringContaining('name contains') });
  });

  it.each([
    ['crashNode', 'crash'],
    ['restart', 'restart'],
    ['loseDevice', 'device_loss'],
    ['unpartition', 'heal'],
    ['partitionNetwork', 'partition'],
    ['dropMessage', 'drop'],
    ['duplicateMessage', 'duplicate'],
    ['delayMessage', 'delay'],
    ['reorderQueue', 'reorder'],
    ['pauseNode', 'pause'],
    ['disconnectPeer', 'disconnect'],
  ])('take fault %s for %s by its name', (name, type) => {
    expect(faultOf(named(name, '', 'fault')).type).toBe(type);
  });

  it('ask what the spec says before the name', () => {
    expect(strategyOf(named('doubleVote', 'replay'))).toEqual({
      type: 'replay',
      why: 'annotation @byzantine',
    });
    expect(faultOf(named('crash', 'device_loss', 'fault')).type).toBe('device_loss');
  });

  it('leave a name that they do not know as it is, and say so', () => {
    expect(strategyOf(named('byzGlitter'))).toMatchObject({
      type: 'byzGlitter',
      why: expect.stringContaining('no strategy that aura knows'),
    });
    expect(strategyOf(named('x', 'glitter'))).toMatchObject({
      type: 'glitter',
      why: expect.stringContaining('does not know'),
    });
    expect(faultOf(named('meteor', '', 'fault')).type).toBe('meteor');
  });

  it('know every annotation of our own specs', async () => {
    for (const file of SPECS) {
      for (const known of buildModel(await loadFile(file)).actions) {
        if (known.kind === 'byzantine')
          expect(strategyOf(known).why, known.name).toBe('annotation @byzantine');
        if (known.kind === 'fault') expect(faultOf(known).why, known.name).toBe('annotation @fault');
      }
    }
  });
});

describe('faults of steps', () => {
  const crash = action('fault', 'crash', 'crash');
  const restart = action('fault', 'restart', 'restart');
  const sign = action('honest', 'sign');

  it('last until the step of the same participant that undoes them', () => {
    const { plans, network } = planSteps(
      [
        step(sign, { p: 'b' }),
        step(crash, { p: 'a' }),
        step(crash, { p: 'c' }),
        step(restart, { p: 'c' }),
        step(sign, { n: 3n }),
        step(restart, { p: 'a' }),
        step(crash, { p: 'd' }),
      ],
      FOUR,
    );
    expect(network).toBeUndefined();
    expect(plans).toEqual([
      { node: 1, fault: undefined, at: undefined },
      { node: 0, fault: { type: 'crash', duration_ms: 400 }, at: 100 },
      { node: 2, fault: { type: 'crash', duration_ms: 100 }, at: 200 },
      { node: 2, fault: { type: 'restart' }, at: 300 },
      { node: undefined, fault: undefined, at: undefined },
      { node: 0, fault: { type: 'restart' }, at: 500 },
      { node: 3, fault: { type: 'crash' }, at: undefined },
    ]);
  });

  it('name those whom they hit where these are not the one who takes the step', () => {
    const { plans } = planSteps([step(crash, { all: setOf(['b', 'd']) })], FOUR);
    expect(plans[0]).toMatchObject({ node: undefined, fault: { type: 'crash', participants: [1, 3] } });
  });

  it('of the network make it do as often what the steps do', () => {
    const drop = action('fault', 'dropMessage');
    const copy = action('fault', 'duplicateMessage');
    const slow = action('fault', 'delay', 'delay');
    const steps = [sign, drop, copy, drop, slow, sign, sign, sign].map(each => step(each));
    expect(planSteps(steps, FOUR).network?.value).toEqual({
      latency_range: [10, 1000],
      drop_rate: 0.25,
      duplicate_rate: 0.125,
    });
  });

  it('part the network as their parameters say, until it heals', () => {
    const split = action('fault', 'split', 'partition');
    const heal = action('honest', 'heal');
    const parted = (params: Readonly<Record<string, Value>>, end = true) =>
      planSteps([step(sign), step(split, params), step(sign), ...(end ? [step(heal)] : [])], FOUR).network
        ?.value.partitions;
    expect(parted({ group: setOf(['a', 'c']) })).toEqual([
      {
        groups: [
          [0, 2],
          [1, 3],
        ],
        start_ms: 100,
        heal_ms: 300,
      },
    ]);
    expect(parted({ one: 'd' }, false)).toEqual([{ groups: [[3], [0, 1, 2]], start_ms: 100 }]);
    expect(parted({ from: 'd', to: 'b' })).toEqual([{ groups: [[3], [1]], start_ms: 100, heal_ms: 300 }]);
    expect(parted({})).toEqual([
      {
        groups: [
          [0, 1],
          [2, 3],
        ],
        start_ms: 100,
        heal_ms: 300,
      },
    ]);
    expect(parted({ everybody: setOf(FOUR) })).toBeUndefined();
  });
});

describe('conditions', () => {
  let attacks: Attack[];

  beforeAll(async () => {
    attacks = unwrap(await loadAttacks([ownAttacks()]));
  });

  const PROPERTY: Property = {
    name: 'Agreement',
    id: 1,
    doc: '',
    location: LOCATION,
    kind: 'invariant',
    safety: true,
    assumesFairness: false,
    reads: [],
    propertyClass: 'ThresholdSafety',
    rule: '',
    chosenBy: '',
    expr: { kind: 'bool', id: 2, value: true },
  };

  function settingOf(participants: number, byzantine: readonly number[] = []): Setting {
    const members = Array.from({ length: participants }, (_, i) => `p${String(i).padStart(3, '0')}`);
    return {
      participants: { value: members, why: 'test' },
      byzantine: { value: byzantine, why: 'test' },
      threshold: undefined,
      constants: [],
      boundOf: () => undefined,
    };
  }

  function conditions(
    steps: readonly CandidateStep[],
    setting: Setting,
    chaos: Partial<Chaos>,
    attack?: string,
    turn = 0,
  ): Conditions {
    const found = attacks.find(({ name }) => name === attack);
    return unwrap(
      conditionsFor(
        { property: PROPERTY, violated: false, steps },
        setting,
        { enabled: false, intensity: 0.5, byzantineRatio: 0, ...chaos },
        found && { attack: found, turn },
      ),
    );
  }

  const lie = action('byzantine', 'lie', 'conflicting_messages');
  const forge = action('byzantine', 'forge', 'invalid_signatures');

  it('without chaos are what the steps hold and nothing else', () => {
    const steps = [step(lie, { p: 'p002' }), step(action('fault', 'drop', 'drop'))];
    const found = conditions(steps, settingOf(4), { byzantineRatio: 0.5 }, 'withhold-and-forge');
    expect(found.network?.value).toEqual({ drop_rate: 0.5 });
    expect(found.byzantine.value).toEqual([2]);
    expect(found.strategies.map(({ type }) => type)).toEqual(['conflicting_messages']);
    expect([found.timing, found.assertions, found.attack]).toEqual([undefined, [], undefined]);
    expect(conditions([], settingOf(4), {}, 'withhold-and-forge')).toMatchObject({
      network: undefined,
      strategies: [],
    });
  });

  it('give each byzantine participant what it does in the steps, and the others the attack', () => {
    const steps = [step(forge, { p: 'p002' }), step(lie, { p: 'p000' })];
    const found = conditions(
      steps,
      settingOf(4, [0]),
      { enabled: true, byzantineRatio: 1 },
      'withhold-and-forge',
    );
    expect(found.byzantine.value).toEqual([0, 1, 2, 3]);
    expect(found.strategies.map(({ type }) => type)).toEqual([
      'conflicting_messages',
      'signature_withholding',
      'invalid_signatures',
      'invalid_signatures',
    ]);
  });

  it('begin with the next strategy when an attack comes again', () => {
    const types = [0, 1, 2].map(turn => {
      const found = conditions(
        [],
        settingOf(4),
        { enabled: true, byzantineRatio: 0.25 },
        'withhold-and-forge',
        turn,
      );
      return found.strategies.map(({ type }) => type);
    });
    expect(types).toEqual([['signature_withholding'], ['invalid_signatures'], ['signature_withholding']]);
  });

  it('make as many byzantine as the ratio says, rounded down, and never fewer with a higher one', () => {
    const ratio = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), ratio, ratio, fc.nat(), (participants, a, b, index) => {
        const attack = must(attacks[index % attacks.length], 'an attack').name;
        const count = (byzantineRatio: number) =>
          conditions([], settingOf(participants), { enabled: true, byzantineRatio }, attack).byzantine.value
            .length;
        expect(count(a)).toBe(Math.floor(participants * a));
        expect(count(Math.max(a, b))).toBeGreaterThanOrEqual(count(Math.min(a, b)));
      }),
      { numRuns: 100 },
    );
  });

  it('never do less to the network than the steps, nor less with more intensity', () => {
    const drops = step(action('fault', 'drop', 'drop'));
    const intensity = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.nat(9), intensity, intensity, fc.nat(), (quiet, a, b, index) => {
        const steps = [drops, ...Array.from({ length: quiet }, () => step(action('honest', 'x')))];
        const attack = must(attacks[index % attacks.length], 'an attack').name;
        const rate = (level: number) =>
          conditions(steps, settingOf(5), { enabled: true, intensity: level }, attack).network?.value
            .drop_rate ?? 0;
        expect(rate(a)).toBeGreaterThanOrEqual(Math.round(1000 / steps.length) / 1000);
        expect(rate(Math.max(a, b))).toBeGreaterThanOrEqual(rate(Math.min(a, b)));
      }),
      { numRuns: 100 },
    );
  });
});

describe('participants of our own specs', () => {
  it.each(SPECS)('are found in %s', async file => {
    const model = buildModel(await loadFile(file));
    const evaluator = unwrap(createEvaluator(model));
    const { participants, byzantine } = readSetting(model, evaluator.constant);
    expect(participants.value.length, participants.why).toBeGreaterThan(1);
    expect(byzantine.value.length, byzantine.why).toBeGreaterThan(0);
  });
});
