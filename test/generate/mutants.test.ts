// Mutants of guards: what the steps of a mutant are, against the definition (its ways less those of the spec), on specs
// that are small and awkward and on those of the project; that each mutant is weaker; and that Quint itself sees in the
// text with the mutated guard what we see in the expression.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  compileSpec,
  createMachine,
  decodeState,
  findOp,
  type Machine,
  type Way,
} from '../../src/engine/index.js';
import { exprText } from '../../src/generate/mutants/expr-text.js';
import {
  illegalSpec,
  leavesOut,
  type Mutant,
  mutantsOf,
  mutatedSpec,
} from '../../src/generate/mutants/mutants.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Model } from '../../src/model/model.js';
import { showValue } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { oracleOf, stateText } from '../engine/quint-oracle.js';
import { SMALL_SPECS } from '../engine/small-specs.js';
import '../fixed-seed.js';
import { loadFile, loadText, ROOT, specFile, unwrap } from '../quint.js';

interface Subject {
  readonly name: string;
  readonly model: Model;
  readonly machine: Machine;
  readonly mutants: readonly Mutant[];
  readonly states: readonly Way['state'][];
}

const machineOf = (spec: Model['spec']): Machine =>
  unwrap(createMachine(unwrap(compileSpec(spec)), { init: 'init', step: 'step' }));

/** States of random walks. */
function someStates(machine: Machine, seed: string): Way['state'][] {
  const random = createRandom(seed);
  const states: Way['state'][] = [];
  for (let walk = 0; walk < 12; walk++) {
    let from: Way['state'] | undefined;
    for (let i = 0; i < 15; i++) {
      const ways: Way[] = [];
      unwrap(machine.ways(from, undefined, way => ways.push(way) > 0));
      from = ways[random.below(Math.max(1, ways.length))]?.state;
      if (from === undefined) break;
      states.push(from);
    }
  }
  return states;
}

async function addSubject(name: string, loaded: Promise<Model['spec']>): Promise<void> {
  const model = buildModel(await loaded);
  const machine = machineOf(model.spec);
  const mutants = mutantsOf(model);
  if (mutants.length > 0) subjects.push({ name, model, machine, mutants, states: someStates(machine, name) });
}

/** Ways as texts: what is done, with which values, and what it leads to. */
function waysFrom(machine: Machine, state: Way['state']): Set<string> {
  const found = new Set<string>();
  // An evaluation that fails ends what can be told of a state.
  machine.ways(state, undefined, way => {
    const { action, args, picks, state: to } = way.step();
    const values = [...args, ...picks].map(([name, value]) => `${name}=${showValue(value)}`);
    found.add(`${action} ${values.join()} -> ${stateText(to)}`);
    return true;
  });
  return found;
}

const without = (set: ReadonlySet<string>, other: ReadonlySet<string>) =>
  [...set].filter(one => !other.has(one)).sort();

const PROJECT = ['counter', 'crdt_journal', 'dkd', 'locking', 'recovery', 'resharing'];
const subjects: Subject[] = [];

beforeAll(async () => {
  for (const { name, text, main } of SMALL_SPECS) await addSubject(name, loadText(text, main));
  for (const name of PROJECT) await addSubject(name, loadFile(`specs/${name}.qnt`));
}, 240_000);

const machines = new Map<
  Mutant,
  { readonly mutated: Machine; readonly illegal: Machine; readonly exact: boolean }
>();

function machinesFor({ model, machine }: Subject, mutant: Mutant) {
  const known = machines.get(mutant);
  if (known !== undefined) return known;
  const step = unwrap(findOp(machine.compiled, 'step')).def;
  const made = {
    mutated: machineOf(mutatedSpec(model.spec, mutant)),
    ...(({ spec, exact }) => ({ illegal: machineOf(spec), exact }))(illegalSpec(model.spec, mutant, step)),
  };
  machines.set(mutant, made);
  return made;
}

const arbitrary = fc.record({ subject: fc.nat(), mutant: fc.nat(), state: fc.nat() });

const chosen = <T>(all: readonly T[], i: number): T => must(all[i % all.length], 'a choice');

describe('the steps of a mutant', () => {
  it('are those of the spec and the illegal ones', { timeout: 120_000 }, () => {
    let illegalSteps = 0;
    fc.assert(
      fc.property(arbitrary, picked => {
        const subject = chosen(subjects, picked.subject);
        const mutant = chosen(subject.mutants, picked.mutant);
        const state = chosen(subject.states, picked.state);
        const told = `${subject.name}: ${mutant.words}`;
        const { mutated, illegal, exact } = machinesFor(subject, mutant);
        const own = waysFrom(subject.machine, state);
        const all = waysFrom(mutated, state);
        const added = waysFrom(illegal, state);
        illegalSteps += exact ? added.size : 0;
        expect(without(own, all), told).toEqual([]);
        expect(without(added, own), told).toEqual(without(all, own));
      }),
      { numRuns: 1_500 },
    );
    // Else the property says little.
    expect(illegalSteps).toBeGreaterThan(400);
  });
});

const GUARDS: readonly (readonly [guard: string, mutations: readonly string[]])[] = [
  ['x < n', ['without: true', 'comparison: x <= n']],
  ['x >= n', ['without: true', 'comparison: (x + 1) >= n']],
  ['x <= n', ['without: true', 'comparison: x <= (n + 1)']],
  ['x > n', ['without: true', 'comparison: x >= n']],
  ['not(x > n)', ['without: true', 'comparison: not(x > (n + 1))']],
  ['not(x < n)', ['without: true', 'comparison: not((x + 1) < n)']],
  ['s.size() < LIMIT', ['without: true', 'quorum: s.size() <= LIMIT']],
  ['n.in(s)', ['membership: true']],
  ['s.contains(n)', ['membership: true']],
  ['x == n', ['without: true', 'comparison: x <= n', 'comparison: x >= n']],
  ['s == Set(n)', ['without: true']],
  ['s.forall(e => e < n)', ['without: true', 'comparison: s.forall(e => e <= n)']],
  [
    's.exists(e => e < n and e != 2)',
    [
      'without: true',
      'conjunct: s.exists(e => e != 2)',
      'conjunct: s.exists(e => e < n)',
      'comparison: s.exists(e => (e <= n) and (e != 2))',
    ],
  ],
  [
    'x > 0 implies n > 1',
    ['without: true', 'comparison: (x > (0 + 1)) implies (n > 1)', 'comparison: (x > 0) implies (n >= 1)'],
  ],
  [
    'isFull(n)',
    [
      'without: true',
      'membership: { val m = n s.size() >= LIMIT }',
      'conjunct: { val m = n m.in(s) }',
      'quorum: { val m = n ((s.size() + 1) >= LIMIT) and m.in(s) }',
    ],
  ],
  ['x > 1 or n > 2', ['without: true', 'comparison: (x >= 1) or (n > 2)', 'comparison: (x > 1) or (n >= 2)']],
  ['x < n or x < n', ['without: true', 'comparison: (x <= n) or (x < n)', 'comparison: (x < n) or (x <= n)']],
  [
    'and { x < n, and { n < x, true } }',
    ['without: true', 'comparison: x <= n', 'without: true', 'comparison: n <= x'],
  ],
];

describe('the mutants of a guard', () => {
  it('are its weaker forms, each once', { timeout: 60_000 }, async () => {
    const actions = GUARDS.map(
      ([guard], i) => `action act${i}(n: int): bool = all { ${guard}, x' = n, s' = s.union(Set(n)) }`,
    );
    const text = `module m {
  var x: int
  var s: Set[int]
  pure val LIMIT = 3
  def isFull(m: int): bool = s.size() >= LIMIT and m.in(s)
  action init = all { x' = 0, s' = Set() }
  ${actions.join('\n  ')}
  action step = { nondet n = 1.to(4).oneOf() any { ${GUARDS.map((_, i) => `act${i}(n)`).join(', ')} } }
}`;
    const mutants = mutantsOf(buildModel(await loadText(text)));
    const found = GUARDS.map(([guard], i) => [
      guard,
      mutants
        .filter(mutant => mutant.guard.actions.includes(`act${i}`))
        .map(({ kind, expr }) => `${kind}: ${exprText(expr)}`)
        .sort(),
    ]);
    expect(found).toEqual(GUARDS.map(([guard, wanted]) => [guard, [...wanted].sort()]));
  });
});

/** The text of a spec with a guard written anew. */
function withGuard(text: string, { guard, expr }: Mutant): string {
  const { line, column, endLine, endColumn } = must(guard.location, 'a place');
  const lines = text.split('\n');
  const before = [...lines.slice(0, line - 1), must(lines[line - 1], 'line').slice(0, column - 1)];
  const last = must(endLine, 'end') - 1;
  const after = [must(lines[last], 'line').slice(must(endColumn, 'end') - 1), ...lines.slice(last + 1)];
  return `${before.join('\n')}(${exprText(expr)})${after.join('\n')}`;
}

/** An opened definition has local names that the text around it may have too. */
const isPlain = ({ expr }: Mutant) => !exprText(expr).includes('{ val');

describe('Quint on the text of mutants', () => {
  it.each(['dkd', 'recovery', 'resharing'])(
    'of %s takes the illegal step and refuses it in the spec',
    { timeout: 120_000 },
    async name => {
      const subject = must(
        subjects.find(one => one.name === name),
        name,
      );
      const file = `specs/${name}.qnt`;
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      const quint = oracleOf(path.join(ROOT, file), name);
      quint.successors('init');
      const random = createRandom(`quint ${name}`);
      const inner = subject.mutants.filter(mutant => !leavesOut(mutant) && isPlain(mutant));
      const outer = subject.mutants.filter(leavesOut);
      let seen = 0;
      for (const mutant of [
        ...inner,
        ...Array.from({ length: 4 }, () => outer[random.below(outer.length)]),
      ]) {
        if (mutant === undefined) continue;
        const { illegal } = machinesFor(subject, mutant);
        const found = subject.states.flatMap(state => {
          const ways: Way[] = [];
          illegal.ways(state, undefined, way => ways.push(way) === 0);
          return ways.map(way => ({ from: state, to: way.step().state }));
        });
        const step = found[random.below(Math.max(1, found.length))];
        if (step === undefined) continue;
        const mutated = oracleOf(specFile(withGuard(text, mutant), `${name}.qnt`), name);
        mutated.successors('init');
        const from = decodeState(subject.machine.compiled, step.from);
        const target = stateText(step.to);
        expect(mutated.successors('step', from).has(target), mutant.words).toBe(true);
        const refused = quint.successors('step', from).has(target);
        const known = [...waysFrom(subject.machine, step.from)].some(way => way.endsWith(`-> ${target}`));
        expect(refused, mutant.words).toBe(known);
        seen++;
      }
      expect(seen).toBeGreaterThan(3);
    },
  );

  it('type-checks', { timeout: 120_000 }, async () => {
    const text = readFileSync(path.join(ROOT, 'specs/recovery.qnt'), 'utf8');
    const subject = must(
      subjects.find(({ name }) => name === 'recovery'),
      'recovery',
    );
    const deep = subject.mutants.filter(mutant => !leavesOut(mutant) && isPlain(mutant)).slice(0, 1);
    for (const mutant of deep)
      expect((await loadText(withGuard(text, mutant), 'recovery')).main).toBe('recovery');
  });
});
