// What the symmetry found in a spec is held against: an exchange of symmetric values must commute with steps and
// invariants, and an exploration of one state a set of images must find all of them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CompiledSpec,
  createMachine,
  decodeState,
  type EngineState,
  encodeState,
  type Machine,
  StateStore,
  type Symmetry,
  symmetryOf,
} from '../../src/engine/index.js';
import { buildModel } from '../../src/model/build-model.js';
import { showValue } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { ROOT, unwrap } from '../quint.js';
import { stateText } from './quint-oracle.js';
import { compileFile, compileText } from './support.js';

const RUN = { init: 'init', step: 'step' };

function shown({ groups }: Symmetry): string[] {
  return groups.map(group => group.map(showValue).join(' '));
}

const VOTES = 'var votes: Set[str]\n action init = votes\' = Set()\n pure val ALL = Set("a", "b", "c")';
const VOTE = "{ nondet p = ALL.oneOf() votes' = votes.union(Set(p)) }";
const KIND = "type Kind = A | B | C(int)\n var kind: Kind\n action init = kind' = C(1)";
const TOTALS =
  'var total: str -> int\n pure val ALL = Set("a", "b")\n action init = total\' = ALL.mapBy(p => 0)';

describe('the groups of a spec', () => {
  const cases: readonly (readonly [what: string, declarations: string, step: string, groups: string[]])[] = [
    ['elements of a set', VOTES, VOTE, ['"a" "b" "c"']],
    ['a set written in place', VOTES, '{ nondet p = Set("d", "e").oneOf() votes\' = Set(p) }', ['"d" "e"']],
    ['a name in code', VOTES, `any { ${VOTE}, all { votes.contains("b"), votes' = Set() } }`, ['"a" "c"']],
    [
      'a constant that tells apart',
      `${VOTES} pure val BAD = Set("c")`,
      `{ nondet p = ALL.exclude(BAD).oneOf() votes' = Set(p) }`,
      ['"a" "b"'],
    ],
    [
      'a map of constants',
      `${VOTES} pure val RANK = Map("a" -> 1, "b" -> 2, "c" -> 1)`,
      `{ nondet p = ALL.oneOf() all { RANK.get(p) > 1, votes' = Set(p) } }`,
      ['"a" "c"'],
    ],
    ['a constant that is not reached', `${VOTES} pure val FIRST = "a"`, VOTE, ['"a" "b" "c"']],
    [
      'a definition on the way',
      `${VOTES} def known(p) = p == "a"`,
      `{ nondet p = ALL.oneOf() all { known(p), votes' = Set(p) } }`,
      ['"b" "c"'],
    ],
    ['variants', KIND, "{ nondet k = Set(A, B).oneOf() kind' = k }", ['A B']],
    [
      'a variant that is matched',
      KIND,
      "{ nondet k = Set(A, B).oneOf() all { match kind { | A => false | _ => true }, kind' = k } }",
      [],
    ],
    [
      'names of fields',
      'var r: { a: str, b: str }\n action init = r\' = { a: "a", b: "a" }\n pure val ALL = Set("a", "b", "c")',
      "{ nondet p = ALL.oneOf() r' = { a: p, b: r.b } }",
      ['"b" "c"'],
    ],
    ['integers', "var n: int\n action init = n' = 1", "{ nondet k = Set(1, 2).oneOf() n' = k }", []],
    [
      'a fold that adds',
      TOTALS,
      "{ nondet p = ALL.oneOf() total' = total.set(p, ALL.filter(q => total.get(q) > 0).fold(0, (n, q) => n + total.get(q) - 1)) }",
      ['"a" "b"'],
    ],
    [
      'a fold for the greatest',
      TOTALS,
      "{ nondet p = ALL.oneOf() total' = total.set(p, total.keys().fold(0, (n, q) => if (total.get(q) > n) total.get(q) else n)) }",
      ['"a" "b"'],
    ],
    [
      'a fold that depends on the order',
      TOTALS,
      "{ nondet p = ALL.oneOf() total' = total.set(p, total.keys().fold(0, (n, q) => 2 * n + total.get(q))) }",
      [],
    ],
    [
      'a fold that takes from',
      TOTALS,
      "{ nondet p = ALL.oneOf() total' = total.set(p, total.keys().fold(0, (n, q) => total.get(q) - n)) }",
      [],
    ],
  ];
  // One file for all: Quint takes seconds to look at one.
  const text = cases
    .map(([, declarations, step], i) => `module case${i} {\n${declarations}\naction step = ${step}\n}`)
    .join('\n');
  it.each(cases.map(([what, , , groups], i) => [what, `case${i}`, groups] as const))(
    '%s',
    async (_, main, groups) => {
      expect(shown(unwrap(symmetryOf(await compileText(text, main), ['init', 'step'])))).toEqual(groups);
    },
  );

  const NAMES = Array.from({ length: 8 }, (_, i) => `"p${i}"`).join(', ');
  const OTHERS = `module asked { ${VOTES}
  action step = ${VOTE}
  val inv = not(votes.contains("a"))
}
module large { ${VOTES.replace('"a", "b", "c"', NAMES)}
  action step = ${VOTE}
}
module ballot {
  const ALL: Set[str]
  const CHAIR: str
  var votes: Set[str]
  action init = votes' = Set()
  action step = { nondet p = ALL.oneOf() all { p != CHAIR or votes.size() > 0, votes' = votes.union(Set(p)) } }
}
module main { import ballot(ALL = Set("x", "y", "z"), CHAIR = "y").* }`;

  it('goes by the properties that are asked for', async () => {
    const compiled = await compileText(OTHERS, 'asked');
    expect(shown(unwrap(symmetryOf(compiled, ['init', 'step', 'inv'])))).toEqual(['"b" "c"']);
    expect(symmetryOf(compiled, ['init', 'nothing']).ok).toBe(false);
  });

  it('reads the constants of each instance', async () => {
    const compiled = await compileText(OTHERS, 'main');
    expect(shown(unwrap(symmetryOf(compiled, ['init', 'step'])))).toEqual(['"x" "z"']);
  });

  it('uses a part of a group that is too large', async () => {
    const symmetry = unwrap(symmetryOf(await compileText(OTHERS, 'large'), ['init', 'step']));
    expect(shown(symmetry)[0]?.split(' ')).toHaveLength(8);
    expect(symmetry.images([]).length).toBe(24);
  });
});

const PROJECT = ['byzantine_consensus', 'crdt_journal', 'dkd', 'locking', 'recovery', 'threshold_signing'];

interface Open {
  readonly compiled: CompiledSpec;
  readonly machine: Machine;
  readonly symmetry: Symmetry;
}

async function open(file: string): Promise<Open> {
  const compiled = await compileFile(`${ROOT}/${file}`);
  const { invariants } = buildModel(compiled.spec);
  const names = invariants.map(({ name }) => name);
  return {
    compiled,
    machine: unwrap(createMachine(compiled, { ...RUN, invariants: names })),
    symmetry: unwrap(symmetryOf(compiled, ['init', 'step', ...names])),
  };
}

/** A state at the end of a random walk. */
function walkTo({ machine, compiled }: Open, seed: string, length: number): EngineState {
  const random = createRandom(seed);
  let state = must(unwrap(machine.randomInit(random)), 'a start').state;
  for (let i = 0; i < length; i++) state = unwrap(machine.randomStep(state, random))?.state ?? state;
  return encodeState(compiled, state);
}

function successors({ machine }: Open, state: EngineState): EngineState[] {
  const found: EngineState[] = [];
  unwrap(machine.ways(state, undefined, way => found.push(way.state) > 0));
  return found;
}

const WALKS = fc.record({
  seed: fc.integer({ min: 0, max: 1_000_000 }).map(String),
  length: fc.integer({ min: 0, max: 25 }),
  image: fc.nat(),
});

describe.each(PROJECT)('exchanges in %s', async name => {
  const spec = await open(`specs/${name}.qnt`);
  const { symmetry, compiled, machine } = spec;
  const textOf = (state: EngineState) => stateText(decodeState(compiled, state));
  const imageOf = (state: EngineState, image: number) => {
    const images = symmetry.images(state);
    return must(images[image % images.length], 'an image');
  };

  it('leave the least image as it is', () => {
    expect(symmetry.groups.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(WALKS, ({ seed, length, image }) => {
        const state = walkTo(spec, seed, length);
        const least = symmetry.canonical(state);
        expect(textOf(symmetry.canonical(imageOf(state, image)))).toBe(textOf(least));
        expect(textOf(symmetry.canonical(least))).toBe(textOf(least));
        expect(symmetry.images(state).map(textOf)).toContain(textOf(least));
      }),
      { numRuns: 60 },
    );
  });

  it('commute with steps and keep invariants', () => {
    fc.assert(
      fc.property(WALKS, ({ seed, length, image }) => {
        const state = walkTo(spec, seed, length);
        const other = imageOf(state, image);
        const after = successors(spec, state).map(next => textOf(imageOf(next, image)));
        expect(successors(spec, other).map(textOf).sort()).toEqual(after.sort());
        const violated = (of: EngineState) => unwrap(machine.violated(decodeState(compiled, of)));
        expect(violated(other)).toBe(violated(state));
      }),
      { numRuns: 25 },
    );
  });
});

/** The texts of the least images of all states within `depth`, and how many states were left. */
function explored(spec: Open, depth: number, reduce: boolean): { least: Set<string>; states: number } {
  const { machine, compiled, symmetry } = spec;
  const store = new StateStore(compiled.variables.length);
  const least = new Set<string>();
  let level: EngineState[] = [];
  const meet = (state: EngineState, into: EngineState[]): boolean => {
    const before = store.size;
    const canonical = symmetry.canonical(state);
    if (store.add(reduce ? canonical : state) < before) return true;
    into.push(state);
    least.add(stateText(decodeState(compiled, canonical)));
    return true;
  };
  unwrap(machine.ways(undefined, undefined, way => meet(way.state, level)));
  for (let i = 0; i < depth; i++) {
    const next: EngineState[] = [];
    for (const state of level) unwrap(machine.ways(state, undefined, way => meet(way.state, next)));
    level = next;
  }
  return { least, states: store.size };
}

describe('a reduced exploration', () => {
  // Numbers of this project's specs: they change with the specs only.
  it.each([
    ['specs/dkd.qnt', 20, 908, 525],
    ['specs/recovery.qnt', 15, 1460, 780],
    ['specs/byzantine_consensus.qnt', 7, 2974, 1720],
    ['specs/threshold_signing.qnt', 7, 1568, 480],
    ['bench/specs/paxos.qnt', 6, 1774, 384],
    ['bench/specs/two_phase_commit.qnt', 3, 583, 164],
  ])('of %s to depth %i meets %i states without, %i with it', async (file, depth, all, reduced) => {
    const spec = await open(file);
    const without = explored(spec, depth, false);
    const within = explored(spec, depth, true);
    expect([...within.least].sort()).toEqual([...without.least].sort());
    expect([without.states, within.states]).toEqual([all, reduced]);
  });

  it('finds nothing to exchange where participants differ in what they hold', async () => {
    expect((await open('specs/resharing.qnt')).symmetry.groups).toEqual([]);
  });
});
