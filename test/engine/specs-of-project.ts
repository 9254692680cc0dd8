// The specs of this project and their broken twins, opened for a comparison with Quint's evaluator, and states to
// compare in. States are found by our engine: that it finds the right ones is what transitions-of-specs.test.ts is for.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { type CompiledSpec, compileSpec, createMachine, type Machine } from '../../src/engine/index.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Model } from '../../src/model/model.js';
import type { State } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import type { Random } from '../../src/util/random.js';
import { loadFile, ROOT, unwrap } from '../quint.js';
import { type Oracle, oracleOf, stateText } from './quint-oracle.js';

const NAMES = readdirSync(path.join(ROOT, 'specs'))
  .filter(file => file.endsWith('.qnt'))
  .map(file => path.basename(file, '.qnt'))
  .sort();

/** Paths from the root of the project. */
export const SPECS = NAMES.map(name => `specs/${name}.qnt`);
export const TWINS = NAMES.map(name => `specs/broken/${name}.qnt`);

export interface OpenSpec {
  readonly model: Model;
  readonly compiled: CompiledSpec;
  readonly machine: Machine;
  readonly quint: Oracle;
}

/** Ready to take steps on both sides: Quint's evaluator knows a variable once it has seen it assigned. */
export async function openSpec(file: string): Promise<OpenSpec> {
  const spec = await loadFile(file);
  const compiled = unwrap(compileSpec(spec));
  const quint = oracleOf(path.join(ROOT, file), spec.main);
  quint.successors('init');
  return {
    model: buildModel(spec),
    compiled,
    machine: unwrap(createMachine(compiled, { init: 'init', step: 'step' })),
    quint,
  };
}

/** How many states to compare in: AURA_STATES of the environment, for runs longer than the ordinary one. */
export function statesWanted(usual: number): number {
  return Number(process.env.AURA_STATES ?? usual);
}

/** The states within `depth` steps, by their texts, for the greatest depth at which there are at most `most`. */
export function nearStates(machine: Machine, most: number): { states: Map<string, State>; depth: number } {
  const states = new Map<string, State>();
  unwrap(machine.initialStates(({ state }) => void states.set(stateText(state), state)));
  for (let depth = 0, frontier = [...states.values()]; ; depth++) {
    const next = new Map<string, State>();
    const meet = (state: State): boolean => {
      const text = stateText(state);
      if (!states.has(text)) next.set(text, state);
      return states.size + next.size <= most;
    };
    for (const state of frontier) unwrap(machine.successors(state, step => meet(step.state)));
    if (states.size + next.size > most || next.size === 0) return { states, depth };
    for (const [text, state] of next) states.set(text, state);
    frontier = [...next.values()];
  }
}

/** Adds states of random walks until there are `most`, or until a thousand walks in a row have met nothing new. */
export function addFarStates(machine: Machine, seen: Map<string, State>, most: number, random: Random): void {
  for (let idle = 0; seen.size < most && idle < 1000; idle++) {
    let state = must(unwrap(machine.randomInit(random)), 'a state to start in').state;
    for (let i = 0; i < WALK; i++) {
      const step = unwrap(machine.randomStep(state, random));
      if (step === undefined) break;
      state = step.state;
      // The states that every walk begins with are near ones.
      if (i < WALK / 4 || seen.size >= most || seen.has(stateText(state))) continue;
      seen.set(stateText(state), state);
      idle = -1;
    }
  }
}

const WALK = 24;
