// Quint's own TypeScript evaluator as a library: the authority that the engine is compared with. Only tests may use
// it this way; the product asks the `quint` program.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  fileSourceResolver,
  newIdGenerator,
  parsePhase1fromText,
  parsePhase2sourceResolution,
  parsePhase3importAndNameResolution,
  parsePhase4toposort,
  type QuintEx,
} from '@informalsystems/quint';
import { type IdGenerator, zerog } from '@informalsystems/quint/dist/src/idGenerator.js';
import type { LookupDefinition, LookupTable } from '@informalsystems/quint/dist/src/names/base.js';
import type { Rng } from '@informalsystems/quint/dist/src/rng.js';
import { recordOf, type State, showValue, type Value } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { GIVEN_UP, Script } from './quint-script.js';
import { toQuint, toValue } from './quint-values.js';

// Quint reads this when the module is loaded: a nondet then takes one element and is not tried again, so that every
// choice is one of ours. Programs that are started from here are to retry as usual.
const RETRY = 'QUINT_RETRY_NONDET_SMALLER_THAN';
process.env[RETRY] = '0';
const { Evaluator } = await import('@informalsystems/quint/dist/src/runtime/impl/evaluator.js');
delete process.env[RETRY];

/** A value or Quint's error code. */
export type Answer = { readonly value: Value } | { readonly error: string };

/** What an action has led to, with what Quint tells of the way. */
export interface Way {
  readonly state: State;
  /** The action that was taken; empty when it has no name. */
  readonly action: string;
  readonly picks: readonly (readonly [string, Value])[];
}

export interface Oracle {
  /** Evaluates a definition without parameters of the main module, in a state if it needs one. */
  evaluate(name: string, state?: State): Answer;
  /** Evaluates several definitions in one state. */
  evaluateAll(names: readonly string[], state: State): Answer[];
  /** All states that the action can lead to, as texts of their values; from nowhere for an initial action. */
  successors(action: string, from?: State): Set<string>;
  /** Every way to take the action. */
  ways(action: string, from: State | undefined, visit: (way: Way) => void): void;
  /** Runs with random choices as Quint draws them, until a step fails or `maxSteps` of them are made. */
  simulate(rng: Rng, run: OracleRun): void;
  /** Evaluates a definition in the state in which a run is, or has ended. */
  here(name: string): Answer;
  /** Runs a test of the spec as Quint does. */
  test(name: string, maxSamples: number, rng: Rng): TestVerdict;
}

export interface OracleRun {
  readonly init: string;
  readonly step: string;
  readonly maxSteps: number;
  /** Told of each state with the action that led to it. */
  readonly visit: (action: string) => void;
}

export interface TestVerdict {
  readonly status: 'passed' | 'failed' | 'ignored';
  readonly samples: number;
}

/** A state as one text that is equal for equal states. */
export function stateText(state: State): string {
  return [...state.keys()]
    .sort()
    .map(name => `${name}=${showValue(must(state.get(name), name))}`)
    .join(' ');
}

export function oracleOf(file: string, main: string): Oracle {
  const text = readFileSync(file, 'utf8');
  const ids = newIdGenerator();
  const resolver = fileSourceResolver(new Map([[file, text]]));
  const lookup = resolver.lookupPath(path.dirname(file), path.basename(file));
  const named = parsePhase3importAndNameResolution(
    parsePhase2sourceResolution(ids, resolver, lookup, parsePhase1fromText(ids, text, file)),
  );
  const { table } = parsePhase4toposort(named);
  const definitions = must(named.resolver.collector.definitionsByModule.get(main), main);
  const define = (name: string) => must(definitions.get(name)?.at(-1), name);
  return new LibraryOracle(table, ids, define);
}

class LibraryOracle implements Oracle {
  private readonly script = new Script();
  private readonly evaluator;
  private readonly references = new Map<string, QuintEx>();

  constructor(
    private readonly table: LookupTable,
    private readonly ids: IdGenerator,
    private readonly define: (name: string) => LookupDefinition,
  ) {
    this.evaluator = new Evaluator(table, this.script.recorder, this.script.rng, true);
  }

  evaluate(name: string, state?: State): Answer {
    this.moveTo(state);
    return this.here(name);
  }

  evaluateAll(names: readonly string[], state: State): Answer[] {
    this.moveTo(state);
    return names.map(name => this.here(name));
  }

  successors(action: string, from?: State): Set<string> {
    const found = new Set<string>();
    this.ways(action, from, ({ state }) => void found.add(stateText(state)));
    return found;
  }

  ways(action: string, from: State | undefined, visit: (way: Way) => void): void {
    this.moveTo(from);
    const { varStorage } = this.evaluator.ctx;
    const clean = varStorage.snapshot();
    this.script.everyWay(() => {
      varStorage.recoverSnapshot({ ...clean, nondetPicks: new Map(clean.nondetPicks) });
      if (this.take(action)) visit(this.way());
    });
  }

  simulate(rng: Rng, { init, step, maxSteps, visit }: OracleRun): void {
    this.moveTo(undefined);
    this.script.randomly(rng, () => {
      for (let i = 0; i <= maxSteps && this.take(i === 0 ? init : step); i++) {
        const action = this.evaluator.ctx.varStorage.actionTaken ?? '';
        this.evaluator.shift();
        visit(action);
      }
    });
  }

  here(name: string): Answer {
    const result = this.evaluator.evaluate(this.refer(name));
    return result.isLeft() ? { error: result.value.code } : { value: toValue(result.value) };
  }

  test(name: string, maxSamples: number, rng: Rng): TestVerdict {
    return this.script.randomly(rng, () => {
      const { status, nsamples } = this.evaluator.test(this.define(name), maxSamples, 0, () => undefined);
      return { status, samples: nsamples };
    });
  }

  /** A reference to a definition as the main module sees it. */
  private refer(name: string): QuintEx {
    let known = this.references.get(name);
    if (known === undefined) {
      known = { kind: 'name', id: this.ids.nextId(), name };
      this.table.set(known.id, this.define(name));
      this.references.set(name, known);
    }
    return known;
  }

  private moveTo(state: State | undefined): void {
    this.evaluator.reset();
    this.evaluator.updateState(toQuint(recordOf(state ?? [])));
  }

  /** Whether the action succeeds; the next state is then in the store. */
  private take(action: string): boolean {
    const result = this.evaluator.evaluate(this.refer(action));
    if (result.isRight()) return toValue(result.value) === true;
    if (result.value.message === GIVEN_UP) return false;
    throw new Error(`${result.value.code}: ${result.value.message}`);
  }

  private way(): Way {
    const { actionTaken, nondetPicks, nextVars } = this.evaluator.ctx.varStorage;
    const state = new Map<string, Value>();
    for (const { name, value } of nextVars.values())
      if (value.isRight()) state.set(name, toValue(value.value.toQuintEx(zerog)));
    const picks = [...nondetPicks].flatMap(([name, value]): [string, Value][] =>
      value === undefined ? [] : [[name, toValue(value.toQuintEx(zerog))]],
    );
    return { state, action: actionTaken ?? '', picks };
  }
}
