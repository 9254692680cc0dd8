// Invariants over given states, decoding included: every invariant of a spec in every state of the same ITF file, read
// and judged by the parts of aura's verifier and by Quint's evaluator as a library, states a second, in turn in one
// process. The verifier evaluates an invariant anew only where a variable that it reads has changed; Quint's evaluator
// has no notion of that. Every invariant holds in every state, on both sides: that is checked first.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { encodeState, simulate } from '../dist/src/engine/index.js';
import { streamItf } from '../dist/src/trace/itf-reader.js';
import { writeItf } from '../dist/src/trace/itf-writer.js';
import { InvariantWatch } from '../dist/src/verify/invariants.js';
import { prepareInvariants } from '../dist/src/verify/property.js';
import { LARGE, machineOf, must, SMALL, typesOf } from './engine-specs.js';
import { geometricMean, median, seconds } from './measure.js';
import { measureAlone } from './programs.js';
import { quintChecker } from './quint-library.js';
import { rounded, row } from './table.js';

const RUNS = 300;
const STEPS = 20;
/** Seconds of ours a round. */
const OURS = 1;
const ROUNDS = 3;

const LEAST = 30;

export const title = "invariants over given states against Quint's evaluator as a library";

export async function run() {
  const rows = [];
  const ratios = [];
  for (const name of [...SMALL, ...LARGE]) {
    const { invariants, ours, theirs, ratio } = await measureAlone('engine-invariants', name);
    const figures = { ours: `${rounded(ours)} states/s`, theirs: `${rounded(theirs)} states/s`, ratio };
    rows.push(row({ work: WORK, spec: `${name}, invariants: ${invariants}`, ...figures }));
    ratios.push(ratio);
  }
  rows.push(row({ work: WORK, spec: 'geometric mean', ratio: geometricMean(ratios), least: LEAST }));
  return rows;
}

const WORK = "invariants over an ITF file against Quint's evaluator";

export async function measure(spec) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'aura-bench-'));
  try {
    return await compare(spec, await drawn(spec, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The states of some random runs as one ITF file, which for this purpose need not be a behaviour. */
async function drawn(spec, folder) {
  const states = [];
  const onTrace = trace => {
    for (const { state } of trace) states.push({ values: state });
    return true;
  };
  must(simulate(machineOf(spec), { seed: 'bench', samples: RUNS, maxSteps: STEPS, onTrace }));
  const file = path.join(folder, `${spec.name}.itf.json`);
  must(await writeItf(file, { vars: [...states[0].values.keys()], states }));
  return file;
}

async function compare(spec, file) {
  const names = spec.model.invariants.map(({ name }) => name);
  const theirs = quintChecker(spec.file, spec.name, names);
  const ours = auraChecker({ ...spec, types: typesOf(spec) });
  const states = theirs(file);
  if ((await ours(file)) !== states) throw new Error(`${spec.name}: different verdicts`);
  await statesASecond(() => ours(file), states);
  const pairs = [];
  for (let round = 0; round < ROUNDS; round++)
    pairs.push({
      theirs: states / seconds(() => void theirs(file)),
      ours: await statesASecond(() => ours(file), states),
    });
  return {
    invariants: names.length,
    ours: median(pairs.map(pair => pair.ours)),
    theirs: median(pairs.map(pair => pair.theirs)),
    ratio: median(pairs.map(pair => pair.ours / pair.theirs)),
  };
}

/** A function that counts the states of an ITF file that satisfy all invariants, in the way of the verifier. */
function auraChecker({ compiled, model, types }) {
  const wanted = model.invariants.map(({ name, reads }) => ({ name, text: name, reads }));
  const invariants = must(prepareInvariants(compiled, wanted));
  return async file => {
    const watches = invariants.map(invariant => new InvariantWatch(invariant));
    let step = 0;
    for await (const read of streamItf(file, types)) {
      const state = encodeState(compiled, must(read).values);
      for (const watch of watches) watch.observe(step, state, undefined);
      step++;
    }
    const holding = watches.every(watch => watch.result().breach === undefined && !watch.result().error);
    return holding ? step : 0;
  };
}

async function statesASecond(check, states) {
  let done = 0;
  let spent = 0;
  while (spent < OURS) {
    spent += await seconds(check);
    done += states;
  }
  return done / spent;
}
