// Strategies: states to the planted bug of each broken twin, for the targeted search beside random walks; traces a
// second of each strategy beside Quint's own simulator; and states until every action was taken. A state counts
// whenever it is computed, also one that was seen before, for all alike.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openCache } from '../dist/src/bridge/cache.js';
import { loadSpec } from '../dist/src/bridge/load-spec.js';
import { findQuint } from '../dist/src/bridge/quint-program.js';
import { withExpressions } from '../dist/src/bridge/with-expressions.js';
import { createMachine, simulate } from '../dist/src/engine/index.js';
import { createEvaluator } from '../dist/src/generate/evaluator.js';
import { compileAim } from '../dist/src/generate/search/aim.js';
import { readSetting } from '../dist/src/generate/setting.js';
import { STRATEGY_TABLE } from '../dist/src/generate/strategies/index.js';
import { buildModel } from '../dist/src/model/build-model.js';
import { createRandom } from '../dist/src/util/random.js';
import { must } from './engine-specs.js';
import { geometricMean, median, seconds } from './measure.js';
import { QUINT, ROOT, runScript } from './programs.js';
import { rounded, row } from './table.js';

const NAMES = [
  'byzantine_consensus',
  'counter',
  'crdt_journal',
  'dkd',
  'locking',
  'performance_model',
  'recovery',
  'resharing',
  'threshold_signing',
];
const SEEDS = 20;
const BUDGET = 200_000;
const LENGTH = 20;
/** Share of the twins, in percent, on which the targeted search must need fewer states. */
const BETTER_LEAST = 75;
/** What speed is measured on, and with how many states a part. */
const SPEED_SPECS = ['recovery', 'counter'];
const SPEED_STATES = 10_000;
const SAMPLES = 1000;

export const title = 'strategies';

export async function run() {
  const bridge = { quint: must(await findQuint()), cache: openCache(), timeoutMs: 120_000 };
  const rows = [];
  const ratios = [];
  for (const name of NAMES) {
    const twin = await openTwin(bridge, name);
    const [targeted, walk, uniform] = [targetedStates, walkStates, uniformStates].map(states =>
      Array.from({ length: SEEDS }, (_, seed) => states(twin, String(seed))),
    );
    const ratio = median(walk) / median(targeted);
    ratios.push(ratio);
    rows.push(
      row({
        work: 'states to the bug',
        spec: name,
        ours: `targeted ${rounded(median(targeted))}, at most ${rounded(Math.max(...targeted))}`,
        theirs: `walk ${rounded(median(walk))}, uniform ${rounded(median(uniform))}`,
        ratio,
      }),
    );
    rows.push(otherRow(name, twin));
    if (twin.temporal !== undefined) rows.push(temporalRow(name, twin));
  }
  const better = (100 * ratios.filter(ratio => ratio > 1).length) / ratios.length;
  const work = 'twins with fewer states than a random walk';
  rows.push(row({ work, spec: 'all', ratio: better, least: BETTER_LEAST, unit: '%' }));
  rows.push(row({ work: 'fewer states, geometric mean', spec: 'all', ratio: geometricMean(ratios) }));
  for (const name of SPEED_SPECS)
    rows.push(...(await speedRows(bridge, name)), await coverageRow(bridge, name));
  return rows;
}

function groundOf(spec, targetsOf) {
  const model = buildModel(spec);
  const evaluator = must(createEvaluator(model));
  return {
    model,
    machine: must(createMachine(evaluator.compiled, { init: 'init', step: 'step' })),
    setting: readSetting(model, evaluator.constant),
    targets: targetsOf(model),
    maxLength: LENGTH,
    chaos: { enabled: true, intensity: 0.5, byzantineRatio: 0.33 },
  };
}

const declaredOf = model => [...model.invariants, ...model.temporalProperties];
const propertiesOf = model => [...declaredOf(model), ...model.candidates];

/** A twin with the property that its bug breaks; for a temporal one, with the state that the bug leads to. */
async function openTwin(bridge, name) {
  const file = path.join(ROOT, 'specs', 'broken', `${name}.qnt`);
  const text = readFileSync(file, 'utf8');
  const planted = key => new RegExp(`^// planted-${key}: (.*)$`, 'm').exec(text)[1];
  const loaded = must(await loadSpec(bridge, file, name));
  const violated = propertiesOf(buildModel(loaded)).find(property => property.name === planted('violates'));
  const isTemporal = violated.kind === 'temporal';
  const added = isTemporal
    ? must(await withExpressions(bridge, loaded, [{ kind: 'val', text: `not(${planted('witness')})` }]))
    : { spec: loaded, names: [violated.name] };
  const targetsOf = model => propertiesOf(model).filter(property => property.name === added.names[0]);
  const ground = groundOf(added.spec, targetsOf);
  const aim = must(compileAim(ground.machine.compiled, ground.targets[0]));
  const temporal = propertiesOf(ground.model).find(property => isTemporal && property.name === violated.name);
  return { ground, temporal, isBroken: state => must(aim.distance(state)) === 0, invariant: added.names[0] };
}

function searchFinds(strategy, ground, part, seed, budget, keep) {
  const random = createRandom(seed).fork(String(part));
  return must(strategy.search(ground, { part, random, budget, keep }));
}

function targetedStates({ ground }, seed) {
  let found = false;
  const spent = searchFinds(STRATEGY_TABLE.targeted_property_violation, ground, 0, seed, BUDGET, find => {
    found ||= find.violates !== undefined;
    return true;
  });
  return found ? spent.states : BUDGET;
}

function walkStates({ ground, isBroken }, seed) {
  let states = 0;
  let found = false;
  searchFinds(STRATEGY_TABLE.random_walk, ground, 0, seed, BUDGET, ({ ways }) => {
    for (const { state } of ways) {
      states++;
      found = isBroken(state);
      if (found) return false;
    }
    return true;
  });
  return found ? states : BUDGET;
}

/** The strategies that are not made for one property, part after part, with one seed; a dash for a bug not met. */
const OTHERS = ['exhaustive_small_traces', 'byzantine_behavior_exploration', 'liveness_under_fairness'];

function otherRow(name, { ground, temporal, isBroken }) {
  const texts = OTHERS.map(strategy => {
    const own = strategy.startsWith('liveness') ? { ...ground, targets: temporal ? [temporal] : [] } : ground;
    const states = statesUntilMet(STRATEGY_TABLE[strategy], own, isBroken);
    return `${strategy.split('_')[0]} ${states === undefined ? '-' : rounded(states)}`;
  });
  return row({ work: 'states to the bug, other strategies', spec: name, ours: texts.join(', ') });
}

function statesUntilMet(strategy, ground, isBroken) {
  const parts = strategy.parts(ground);
  let states = 0;
  for (let part = 0; part < parts; part++) {
    let met = false;
    states += searchFinds(strategy, ground, part, '0', Math.ceil(BUDGET / parts), ({ ways, loop }) => {
      met ||= loop !== undefined || ways.some(({ state }) => isBroken(state));
      return !met;
    }).states;
    if (met) return states;
  }
  return undefined;
}

/** Walks that prefer nothing, as Quint's simulator takes them. */
function uniformStates({ ground, invariant }, seed) {
  const names = { init: 'init', step: 'step', invariants: [invariant] };
  const machine = must(createMachine(ground.machine.compiled, names));
  const samples = Math.ceil(BUDGET / (LENGTH + 1));
  const { states, violation } = must(simulate(machine, { seed, samples, maxSteps: LENGTH }));
  return violation === undefined ? BUDGET : states;
}

/** The temporal property itself as the target: its nearest schedules, and whether they pass the planted state. */
function temporalRow(name, { ground, temporal, isBroken }) {
  let kept = 0;
  let passing = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const own = { ...ground, targets: [temporal] };
    searchFinds(STRATEGY_TABLE.targeted_property_violation, own, 0, String(seed), 2000, ({ ways }) => {
      kept++;
      if (ways.some(({ state }) => isBroken(state))) passing++;
      return true;
    });
  }
  const ours = `${passing} of ${kept} schedules kept of 2,000 states pass it`;
  return row({ work: `planted state by the distance of ${temporal.name}`, spec: name, ours });
}

async function speedRows(bridge, name) {
  const file = path.join(ROOT, 'specs', `${name}.qnt`);
  const ground = groundOf(must(await loadSpec(bridge, file, name)), declaredOf);
  const args = samples => [
    'run',
    file,
    `--main=${name}`,
    `--max-samples=${samples}`,
    `--max-steps=${LENGTH}`,
  ];
  const quint = samples => seconds(() => runScript(QUINT, [...args(samples), '--backend=typescript']));
  const spent = (await quint(SAMPLES)) - (await quint(1));
  const rate = (SAMPLES - 1) / spent;
  return Object.values(STRATEGY_TABLE).map(strategy => {
    let finds = 0;
    let states = 0;
    const time = seconds(() => {
      for (let part = 0; part < strategy.parts(ground); part++)
        states += searchFinds(strategy, ground, part, 'speed', SPEED_STATES, () => ++finds > 0).states;
    });
    return row({
      work: `${strategy.name}, traces/s`,
      spec: name,
      ours: `${rounded(finds / time)} kept, ${rounded(states / time)} states/s`,
      theirs: `quint ${rounded(rate)}, ${rounded(rate * LENGTH)} states/s`,
      ratio: states / time / (rate * LENGTH),
    });
  });
}

/** States until every action that the spec ever takes was taken. */
async function coverageRow(bridge, name) {
  const file = path.join(ROOT, 'specs', `${name}.qnt`);
  const ground = groundOf(must(await loadSpec(bridge, file, name)), declaredOf);
  const covered = visit => {
    const left = new Set(ground.model.actions.map(action => action.name));
    let states = 0;
    const start = process.hrtime.bigint();
    visit(actions => {
      for (const action of actions) {
        states++;
        left.delete(action);
        if (left.size === 0) return false;
      }
      return true;
    });
    return { states, left: left.size, time: Number(process.hrtime.bigint() - start) / 1e6 };
  };
  const seeds = Array.from({ length: SEEDS }, (_, seed) => String(seed));
  const walks = seeds.map(seed =>
    covered(visit =>
      searchFinds(STRATEGY_TABLE.random_walk, ground, 0, seed, BUDGET, ({ ways }) =>
        visit(ways.map(({ action }) => action)),
      ),
    ),
  );
  const uniform = seeds.map(seed =>
    covered(visit =>
      must(
        simulate(ground.machine, {
          seed,
          samples: Math.ceil(BUDGET / (LENGTH + 1)),
          maxSteps: LENGTH,
          onTrace: trace => visit(trace.map(({ action }) => action)),
        }),
      ),
    ),
  );
  const shown = all => {
    const missed = all.filter(({ left }) => left > 0).length;
    const states = median(all.map(one => one.states));
    const time = median(all.map(one => one.time));
    return `${rounded(states)} states, ${rounded(time)} ms${missed > 0 ? `, ${missed} seeds incomplete` : ''}`;
  };
  const ratio = median(uniform.map(one => one.states)) / median(walks.map(one => one.states));
  return row({
    work: 'states to every action',
    spec: name,
    ours: `random_walk ${shown(walks)}`,
    theirs: `uniform ${shown(uniform)}`,
    ratio,
  });
}
