// Lassos that break temporal properties. Random formulas, with and without fairness, on random graphs of a few states,
// against all short lassos tried one by one with LTL written straight from its definition; what makes a behaviour, and
// how it is told; and the planted bugs against liveness of the broken twins, which the good specs do not have.
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CompiledSpec, createMachine, type Machine } from '../../src/engine/index.js';
import { must } from '../../src/util/assert.js';
import { findLasso, type LassoSearch } from '../../src/verify/lasso-search.js';
import { StateGraph } from '../../src/verify/state-graph.js';
import type { TemporalProperty } from '../../src/verify/temporal/index.js';
import { compileFile, compileText, originOf } from '../engine/support.js';
import { ROOT, unwrap } from '../quint.js';
import { holdsOnLasso, type Letter, type Ltl, quintOf, randomLtl } from './temporal/naive-ltl.js';
import { formulasOf, propertyOf } from './temporal/support.js';

const SEED = 20250301;

/** Between five states; the kind says which of two actions takes the edge. */
type Edge = readonly [from: number, to: number, kind: number];

const anyNode = fc.nat(4);
const anyEdge: fc.Arbitrary<Edge> = fc.tuple(anyNode, anyNode, fc.nat(1));
const GRAPHS: readonly (readonly Edge[])[] = fc.sample(
  fc.array(fc.oneof(fc.constantFrom<Edge>([0, 1, 0], [1, 2, 0], [2, 0, 1]), anyEdge), {
    minLength: 1,
    maxLength: 9,
  }),
  { seed: SEED, numRuns: 60 },
);
const FORMULAS: readonly Ltl[] = [
  ...fc.sample(randomLtl(2), { seed: SEED, numRuns: 40 }),
  ...fc.sample(randomLtl(3), { seed: SEED + 1, numRuns: 30 }),
];

/** What is assumed of the actions before a formula is asked for. */
const ASSUMPTIONS = [
  { text: '', kept: () => true },
  { text: 'weak0', kept: (lasso: Walk) => isFair(lasso, [0], 'weak') },
  { text: 'strong1', kept: (lasso: Walk) => isFair(lasso, [1], 'strong') },
  { text: 'weakEach', kept: (lasso: Walk) => isEachFair(lasso) },
] as const;

interface Walk {
  readonly edges: readonly Edge[];
  readonly nodes: readonly number[];
  readonly loop: number;
}

/** Whether a lasso treats the steps of these kinds that change the state fairly. */
function isFair({ edges, nodes, loop }: Walk, kinds: readonly number[], how: 'weak' | 'strong'): boolean {
  const steps = nodes.slice(loop).map((node, i, round) => [node, round[i + 1] ?? must(nodes[loop], 'loop')]);
  const moves = edges.filter(([from, to, kind]) => from !== to && kinds.includes(kind));
  const taken = steps.some(([from, to]) => moves.some(edge => edge[0] === from && edge[1] === to));
  const enabled = ([node]: readonly (number | undefined)[]) => moves.some(edge => edge[0] === node);
  return taken || (how === 'weak' ? !steps.every(enabled) : !steps.some(enabled));
}

function isEachFair(walk: Walk): boolean {
  return [0, 1].every(kind => isFair(walk, [kind], 'weak'));
}

const letterOf = (node: number): Letter => [node === 1 || node === 3, node === 2 || node === 3];

function breaks({ formula, assumption }: Asked, walk: Walk): boolean {
  return must(ASSUMPTIONS[assumption], 'assumption').kept(walk) && !holds(formula, walk);
}

function holds(formula: Ltl, { nodes, loop }: Walk): boolean {
  return holdsOnLasso(formula, nodes.map(letterOf), loop);
}

/** Every lasso of at most so many states: round cycles of the graph, and stopping anywhere. */
function* walks(edges: readonly Edge[], most: number, nodes: readonly number[] = [0]): Generator<Walk> {
  const last = must(nodes.at(-1), 'a node');
  yield { edges, nodes, loop: nodes.length - 1 };
  const after = new Set(edges.filter(([from]) => from === last).map(([, to]) => to));
  for (const [loop, node] of nodes.entries())
    if (after.has(node) && loop < nodes.length - 1) yield { edges, nodes, loop };
  if (nodes.length < most) for (const to of after) yield* walks(edges, most, [...nodes, to]);
}

interface Asked {
  readonly formula: Ltl;
  readonly assumption: number;
}

const ASKED: readonly Asked[] = FORMULAS.flatMap(formula =>
  ASSUMPTIONS.map((_, assumption) => ({ formula, assumption })),
);

function textOf({ formula, assumption }: Asked): string {
  const { text } = must(ASSUMPTIONS[assumption], 'assumption');
  return text === '' ? quintOf(formula) : `${text} implies ${quintOf(formula)}`;
}

const DEFINITIONS = `
  pure val GRAPHS: int -> Set[(int, int, int)] = Map(
    ${GRAPHS.map((edges, i) => `${i} -> Set(${edges.map(edge => `(${edge.join(', ')})`).join(', ')})`).join(',\n    ')})
  var graph: int
  var at: int
  val p = Set(1, 3).contains(at)
  val q = Set(2, 3).contains(at)
  action hop(kind: int): bool = {
    nondet edge = GRAPHS.get(graph).filter(((node, _, by)) => node == at and by == kind).oneOf()
    all { at' = edge._2, graph' = graph }
  }
  action step = any { hop(0), hop(1) }
  temporal weak0 = weakFair(hop(0), at)
  temporal strong1 = strongFair(hop(1), at)
  temporal weakEach = Set(0, 1).forall(kind => weakFair(hop(kind), at))
  ${GRAPHS.map((_, i) => `action init${i} = all { graph' = ${i}, at' = 0 }`).join('\n  ')}`;

describe('random formulas on random graphs', () => {
  let compiled: CompiledSpec;
  let properties: readonly TemporalProperty[];
  const machines = new Map<number, Machine>();
  const graphOf = (graph: number): StateGraph => {
    const machine =
      machines.get(graph) ?? unwrap(createMachine(compiled, { init: `init${graph}`, step: 'step' }));
    machines.set(graph, machine);
    return new StateGraph(machine, 10_000);
  };

  beforeAll(async () => {
    ({ compiled, properties } = await formulasOf(DEFINITIONS, ASKED.map(textOf)));
  });

  it('are broken if and only if some lasso breaks them', () => {
    const counts = { broken: 0, holds: 0, cycle: 0, deadlock: 0, stutter: 0, prefix: 0 };
    const any = fc.tuple(fc.nat(ASKED.length - 1), fc.nat(GRAPHS.length - 1));
    fc.assert(
      fc.property(any, ([i, graph]) => {
        const asked = must(ASKED[i], 'formula');
        const edges = must(GRAPHS[graph], 'graph');
        const found = unwrap(findLasso(graphOf(graph), must(properties[i], 'property')));
        const context = { formula: textOf(asked), edges };
        if (found.kind === 'broken') {
          counts.broken++;
          counts[found.lasso.by]++;
          const walk = walkOf(edges, found);
          expect({ ...context, lasso: walk, breaks: breaks(asked, walk) }).toMatchObject({ breaks: true });
        } else {
          counts.holds++;
          expect({ ...context, kind: found.kind }).toMatchObject({ kind: 'holds' });
          const missed = [...walks(edges, 5)].find(walk => breaks(asked, walk));
          expect({ ...context, missed }).toEqual({ ...context, missed: undefined });
        }
        // Without fairness, stopping is told of only where nothing else breaks the formula.
        if (found.kind === 'broken' && found.lasso.by === 'stutter' && asked.assumption === 0) {
          const isRound = ({ nodes, loop }: Walk) => new Set(nodes.slice(loop)).size > 1;
          const missed = [...walks(edges, 5)].find(walk => isRound(walk) && breaks(asked, walk));
          expect({ ...context, missed }).toEqual({ ...context, missed: undefined });
        }
      }),
      { numRuns: 2_500, seed: SEED },
    );
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(20);
  });

  function walkOf(edges: readonly Edge[], found: Extract<LassoSearch, { readonly kind: 'broken' }>): Walk {
    const { ways, loop } = found.lasso;
    const position = compiled.variables.findIndex(({ name }) => name === 'at');
    const nodes = ways.map(({ state }) => Number(state[position]));
    const isStep = (from: number | undefined, to: number | undefined) =>
      edges.some(edge => edge[0] === from && edge[1] === to);
    for (const [i, node] of nodes.entries())
      expect(i === 0 ? node === 0 : isStep(nodes[i - 1], node)).toBe(true);
    if (found.lasso.by === 'cycle') expect(isStep(nodes.at(-1), nodes[loop])).toBe(true);
    else expect(loop).toBe(nodes.length - 1);
    return { edges, nodes, loop };
  }
});

function searched(compiled: CompiledSpec, name: string, budget = 100_000): LassoSearch {
  return unwrap(findLasso(graphOf(compiled, budget), propertyOf(compiled, name)));
}

function graphOf(compiled: CompiledSpec, budget: number): StateGraph {
  return new StateGraph(unwrap(createMachine(compiled, { init: 'init', step: 'step' })), budget);
}

/** How a property is broken, and by which actions. */
function breachOf(found: LassoSearch): unknown {
  if (found.kind !== 'broken') return found.kind;
  const { by, ways, loop } = found.lasso;
  return { by, loop, actions: ways.map(({ action }) => action) };
}

describe('a queue of two', () => {
  // Who asks is served, in any order; the door may close, and then nothing happens any more.
  const QUEUE = `module queue {
    var waiting: Set[int]
    var served: Set[int]
    var open: bool
    action init = all { waiting' = Set(), served' = Set(), open' = true }
    action ask(i) = all {
      open, not(waiting.contains(i)), not(served.contains(i)),
      waiting' = waiting.union(Set(i)), served' = served, open' = open,
    }
    action serve(i) = all {
      open, waiting.contains(i),
      waiting' = waiting.exclude(Set(i)), served' = served.union(Set(i)), open' = open,
    }
    action leave = all { open, served != Set(), waiting' = waiting, served' = Set(), open' = open }
    action close = all { open, waiting == Set(), open' = false, waiting' = waiting, served' = served }
    action rest = all { not(open), open' = open, waiting' = waiting, served' = served }
    action serveOne = { nondet i = Set(1, 2).oneOf() serve(i) }
    action step = any {
      { nondet i = Set(1, 2).oneOf() ask(i) },
      serveOne,
      leave,
      close,
      rest,
    }
    val vars = (waiting, served, open)
    temporal NeverBoth = always(served.size() < 2)
    temporal ServedStay = always(served.subseteq(next(served)))
    temporal Closes = eventually(not(open))
    temporal ClosesWhenEmpty = always(eventually(waiting == Set() and open) implies eventually(not(open)))
    temporal AllServed = waiting.forall(i => eventually(served.contains(i)))
    temporal Served = always(waiting.forall(i => eventually(served.contains(i))))
    temporal ServedIfFair = weakFair(serveOne, vars) implies Served
    temporal ServedIfFairToEach = Set(1, 2).forall(i => weakFair(serve(i), vars)) implies Served
    temporal ServedIfStronglyFair = Set(1, 2).forall(i => strongFair(serve(i), vars)) implies Served
    temporal EmptyAgain = always(waiting != Set() implies eventually(waiting == Set()))
    temporal StaysOpen = weakFair(serveOne, vars) implies always(eventually(open))
    temporal Fails = always(Map(0 -> true).get(served.size()))
    temporal True = true
    temporal False = not(True)
  }`;
  let queue: CompiledSpec;
  beforeAll(async () => {
    queue = await compileText(QUEUE);
  });
  const breach = (name: string, budget?: number) => breachOf(searched(queue, name, budget));

  it('breaks by a prefix what must never happen, soonest', () => {
    expect(breach('NeverBoth')).toEqual({
      by: 'prefix',
      loop: 4,
      actions: ['init', 'ask', 'ask', 'serveOne', 'serveOne'],
    });
    expect(breach('ServedStay')).toMatchObject({
      by: 'prefix',
      actions: ['init', 'ask', 'serveOne', 'leave'],
    });
  });

  it('goes round before it ends, and ends before it stops', () => {
    expect(breach('Closes')).toEqual({ by: 'cycle', loop: 1, actions: ['init', 'ask', 'serveOne', 'leave'] });
    expect(breach('StaysOpen')).toEqual({ by: 'deadlock', loop: 1, actions: ['init', 'close'] });
    // The other comes and goes for ever while the first one waits.
    expect(breach('EmptyAgain')).toMatchObject({ by: 'cycle' });
  });

  it('takes the set of a quantifier in each state', () => {
    expect(breach('AllServed')).toBe('holds');
    expect(breach('Served')).toMatchObject({ by: 'cycle' });
  });

  it('tells fairness to somebody from fairness to each', () => {
    const found = searched(queue, 'ServedIfFair');
    expect(breachOf(found)).toMatchObject({ by: 'cycle' });
    const loop = found.kind === 'broken' ? found.lasso.ways.slice(found.lasso.loop) : [];
    expect(loop.map(({ action }) => action)).toContain('serveOne');
    expect(breach('ServedIfFairToEach')).toBe('holds');
    expect(breach('ServedIfStronglyFair')).toBe('holds');
  });

  it('knows what is always and never true', () => {
    expect(breach('True', 0)).toBe('holds');
    expect(breach('False')).toMatchObject({ by: 'prefix', actions: ['init'] });
  });

  it('is undecided when states are left, and counts those that it computes', () => {
    const found = searched(queue, 'ServedIfFairToEach', 20);
    expect(found).toMatchObject({ kind: 'undecided', reason: expect.stringContaining('20') });
    expect(breach('True', 0)).toBe('holds');
    expect(breach('Closes', 0)).toBe('undecided');
    const graph = graphOf(queue, 1_000);
    unwrap(findLasso(graph, propertyOf(queue, 'ServedIfFairToEach')));
    const computed = graph.computed;
    unwrap(findLasso(graph, propertyOf(queue, 'ServedIfStronglyFair')));
    expect(graph.computed).toBe(computed);
  });

  it('shows how the property is put at stake', () => {
    const found = searched(queue, 'ServedIfFairToEach');
    const stake = found.kind === 'holds' ? found.stake : undefined;
    expect(stake?.map(({ action }) => action).slice(0, 2)).toEqual(['init', 'ask']);
  });

  it('fails where the property cannot be evaluated', () => {
    expect(originOf(findLasso(graphOf(queue, 1_000), propertyOf(queue, 'Fails')))).toMatch(/^QNT/);
  });
});

describe('what merely stops', () => {
  it('is told of as such where no fairness is assumed, and only if nothing else breaks the property', async () => {
    const clock = await compileText(`module clock {
      var hour: int
      action init = hour' = 0
      action tick = all { hour < 3, hour' = hour + 1 }
      action step = tick
      temporal Noon = eventually(hour == 3)
      temporal Moves = always(hour < 3 implies next(hour) > hour)
      temporal NoonIfFair = weakFair(tick, hour) implies Noon
      temporal Never = weakFair(tick, hour) implies eventually(hour == 4)
    }`);
    expect(breachOf(searched(clock, 'Noon'))).toEqual({ by: 'stutter', loop: 0, actions: ['init'] });
    expect(breachOf(searched(clock, 'Moves'))).toMatchObject({ by: 'stutter' });
    expect(breachOf(searched(clock, 'NoonIfFair'))).toBe('holds');
    expect(breachOf(searched(clock, 'Never'))).toMatchObject({ by: 'deadlock', loop: 3 });
  });
});

describe('the specs of the project', () => {
  const spec = (name: string) => compileFile(path.join(ROOT, 'specs', `${name}.qnt`));

  it.each([
    ['recovery', 'RecoveryCompletes', 'dispute'],
    ['dkd', 'EveryoneEnds', 'restart'],
    ['crdt_journal', 'Convergence', 'restart'],
  ])('the broken %s breaks %s, last by %s', async (name, property, action) => {
    const found = searched(await spec(`broken/${name}`), property);
    if (found.kind !== 'broken') throw new Error(found.kind);
    expect(found.lasso.by).toMatch(/^(deadlock|stutter)$/);
    expect(found.lasso.ways.length - 1).toBeLessThanOrEqual(11);
    expect(found.lasso.ways.at(-1)?.action).toBe(action);
  });

  it.each([
    ['dkd', ['EveryoneEnds', 'OutcomesAreFinal']],
    ['recovery', ['RecoveryCompletes', 'RevokedForGood']],
    ['resharing', ['HandoverCompletes', 'EpochsOnlyAdvance']],
  ])('%s keeps %j', async (name, properties) => {
    const compiled = await spec(name);
    for (const property of properties) expect(breachOf(searched(compiled, property))).toBe('holds');
  });
});
