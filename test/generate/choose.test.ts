// The choice among schedules as a set cover, on made-up schedules: what it must hold whatever they are.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../src/generate/candidate.js';
import { type Choice, choose } from '../../src/generate/choose.js';
import type { Judged } from '../../src/generate/judge.js';
import type { Property } from '../../src/model/model.js';

const PARTICIPANTS = ['a', 'b', 'c'];

interface Sketch {
  /** Action and participant of each step. */
  readonly steps: readonly (readonly [string, string])[];
  /** By property: whether it is at stake after the last step. */
  readonly atStake: readonly boolean[];
}

const sketches: fc.Arbitrary<Sketch[]> = fc.array(
  fc.record({
    steps: fc.array(fc.tuple(fc.constantFrom('go', 'stop', 'turn'), fc.constantFrom(...PARTICIPANTS)), {
      minLength: 1,
      maxLength: 5,
    }),
    atStake: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  }),
  { minLength: 1, maxLength: 30 },
);

function property(name: string): Property {
  return {
    name,
    id: 0,
    doc: '',
    location: { file: 'x.qnt', line: 1, column: 1 },
    kind: 'invariant',
    safety: true,
    assumesFairness: false,
    reads: [],
    propertyClass: 'GeneralSafety',
    rule: '',
    chosenBy: '',
    expr: { kind: 'bool', id: 0, value: true },
  };
}

const TARGETS = ['P', 'Q', 'R'].map(property);

function candidateFrom({ steps }: Sketch): Candidate {
  return {
    origin: { strategy: 'random_walk' },
    seed: '0',
    trace: { vars: [], states: [{ values: new Map() }, ...steps.map(() => ({ values: new Map() }))] },
    states: [new Map(), ...steps.map(() => new Map())],
    steps: steps.map(([action, who]) => ({
      action,
      source: undefined,
      params: new Map([['who', who]]),
      picks: new Map(),
    })),
  };
}

function judgedFrom({ steps, atStake }: Sketch): Judged {
  const actions = new Map<string, number>();
  for (const [i, [action]] of steps.entries()) if (!actions.has(action)) actions.set(action, i + 1);
  return {
    goals: [...actions].map(([name, at]) => ({ kind: 'action', name, at })),
    stakes: atStake.map(held => ({ atStake: held ? [steps.length] : [], violatedAt: undefined })),
  };
}

function chosen(all: readonly Sketch[], count: number): Choice[] {
  const judged = new Map(all.map(sketch => [candidateFrom(sketch), judgedFrom(sketch)]));
  const options = {
    count,
    tracesPerScenario: 1,
    participants: PARTICIPANTS,
    isHonest: () => true,
    untargetedToo: true,
  };
  return choose(judged, TARGETS, options).choices;
}

/** Actions with participants numbered as they come. */
function shape({ candidate, property: target }: Choice): string {
  const seen: unknown[] = [];
  const parts = candidate.steps.map(({ action, params }) => {
    const who = params.get('who');
    if (!seen.includes(who)) seen.push(who);
    return `${action}${seen.indexOf(who)}`;
  });
  return `${target?.name}:${parts.join()}`;
}

describe('a choice', () => {
  it('reaches every action and property that any schedule reaches, when there is room', () => {
    fc.assert(
      fc.property(sketches, all => {
        const choices = chosen(all, 1_000);
        const actions = new Set(
          choices.flatMap(({ candidate }) => candidate.steps.map(({ action }) => action)),
        );
        expect(actions).toEqual(new Set(all.flatMap(({ steps }) => steps.map(([action]) => action))));
        for (const [i, target] of TARGETS.entries())
          expect(choices.some(choice => choice.property === target)).toBe(all.some(one => one.atStake[i]));
      }),
    );
  });

  it('gives every property one scenario before it gives any a second', () => {
    fc.assert(
      fc.property(sketches, fc.integer({ min: 1, max: 6 }), (all, count) => {
        const choices = chosen(all, count);
        const possible = TARGETS.filter((_, i) => all.some(one => one.atStake[i]));
        const first = choices.slice(0, possible.length).map(choice => choice.property);
        expect(new Set(first).size).toBe(Math.min(count, possible.length));
      }),
    );
  });

  it('never takes the same steps twice for a property, up to the names of participants', () => {
    fc.assert(
      fc.property(sketches, all => {
        const shapes = chosen(all, 1_000).map(shape);
        expect(new Set(shapes).size).toBe(shapes.length);
      }),
    );
  });

  it('begins with what a larger one begins with', () => {
    fc.assert(
      fc.property(sketches, fc.integer({ min: 1, max: 8 }), (all, count) => {
        const shapes = chosen(all, count + 3).map(shape);
        expect(chosen(all, count).map(shape)).toEqual(shapes.slice(0, count));
      }),
    );
  });

  it('takes the shorter of two schedules that reach the same', () => {
    const long: Sketch = {
      steps: [
        ['go', 'a'],
        ['go', 'b'],
        ['go', 'a'],
      ],
      atStake: [true, false, false],
    };
    const short: Sketch = { steps: [['go', 'a']], atStake: [true, false, false] };
    expect(chosen([long, short], 1).map(({ candidate }) => candidate.steps.length)).toEqual([1]);
  });
});
