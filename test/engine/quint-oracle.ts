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
import { newRng, type Rng } from '@informalsystems/quint/dist/src/rng.js';
import { newTraceRecorder } from '@informalsystems/quint/dist/src/runtime/trace.js';
import {
  listOf,
  mapOf,
  recordOf,
  type State,
  setOf,
  showValue,
  tupleOf,
  type Value,
  variantOf,
} from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';

// Quint reads this when the module is loaded: a nondet then takes one element and is not tried again, so that every
// choice is one of ours.
process.env.QUINT_RETRY_NONDET_SMALLER_THAN = '0';
const { Evaluator } = await import('@informalsystems/quint/dist/src/runtime/impl/evaluator.js');

/** A value or Quint's error code. */
export type Answer = { readonly value: Value } | { readonly error: string };

export interface Oracle {
  /** Evaluates a definition without parameters of the main module, in a state if it needs one. */
  evaluate(name: string, state?: State): Answer;
  /** All states that the action can lead to, as texts of their values; from nowhere for an initial action. */
  successors(action: string, from?: State): Set<string>;
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
  const parsed = parsePhase4toposort(named);
  const script = new Script();
  const evaluator = new Evaluator(parsed.table, newTraceRecorder(0, newRng(1n), 1), script.rng);
  const definitions = must(named.resolver.collector.definitionsByModule.get(main), main);

  // A reference to a definition as main sees it.
  const reference = (name: string): QuintEx => {
    const id = ids.nextId();
    parsed.table.set(id, must(definitions.get(name)?.at(-1), name));
    return { kind: 'name', id, name };
  };
  const references = new Map<string, QuintEx>();
  const refer = (name: string): QuintEx => {
    const known = references.get(name) ?? reference(name);
    references.set(name, known);
    return known;
  };

  return {
    evaluate(name, state) {
      evaluator.reset();
      if (state !== undefined) evaluator.updateState(record(state));
      const result = evaluator.evaluate(refer(name));
      if (result.isLeft()) return { error: result.value.code };
      return { value: toValue(result.value) };
    },
    successors(action, from) {
      const found = new Set<string>();
      script.everyWay(() => {
        evaluator.reset();
        if (from !== undefined) evaluator.updateState(record(from));
        const result = evaluator.evaluate(refer(action));
        if (result.isLeft()) throw new Error(`${result.value.code}: ${result.value.message}`);
        if (toValue(result.value) !== true) return;
        evaluator.shift();
        found.add(stateText(toState(must(evaluator.trace.get().at(-1), 'state').toQuintEx(ids))));
      });
      return found;
    },
  };
}

/**
 * Choices instead of random numbers: every sequence of them is played once. Quint draws the order of the branches of
 * an `any` with one number a branch; only which branch comes first matters here, so one choice stands for all of them.
 */
class Script {
  private choices: { taken: number; bound: number }[] = [];
  private position = 0;
  private first: number | undefined;

  readonly rng: Rng = {
    getState: () => 0n,
    setState: () => undefined,
    next: bound => BigInt(this.draw(Number(bound))),
  };

  everyWay(run: () => void): void {
    this.choices = [];
    do {
      this.position = 0;
      this.first = undefined;
      run();
    } while (this.advance());
  }

  private advance(): boolean {
    for (let last = this.choices.pop(); last !== undefined; last = this.choices.pop()) {
      if (last.taken + 1 >= last.bound) continue;
      this.choices.push({ taken: last.taken + 1, bound: last.bound });
      return true;
    }
    return false;
  }

  private draw(bound: number): number {
    if (new Error().stack?.includes('nondet.js') === true && !this.insideShuffle()) return this.choose(bound);
    this.first ??= this.choose(bound);
    const index = bound - 1;
    const drawn = index === this.first ? 0 : index;
    if (bound === 2) this.first = undefined;
    return drawn;
  }

  // The innermost caller tells: a nondet that encloses the `any` is on the stack as well.
  private insideShuffle(): boolean {
    const stack = new Error().stack ?? '';
    const shuffle = stack.indexOf('builtins.js');
    const nondet = stack.indexOf('nondet.js');
    return shuffle >= 0 && shuffle < nondet;
  }

  private choose(bound: number): number {
    const known = this.choices[this.position];
    if (known === undefined) this.choices.push({ taken: 0, bound });
    this.position++;
    return known?.taken ?? 0;
  }
}

function toState(e: QuintEx): State {
  const value = toValue(e);
  if (typeof value !== 'object' || value.kind !== 'record') throw new Error('not a state');
  return new Map(value.fields);
}

function record(state: State): QuintEx {
  return toQuint(recordOf(state));
}

/** A value as a ground expression. */
function toQuint(value: Value): QuintEx {
  if (typeof value === 'boolean') return { id: 0n, kind: 'bool', value };
  if (typeof value === 'bigint') return { id: 0n, kind: 'int', value };
  if (typeof value === 'string') return { id: 0n, kind: 'str', value };
  const app = (opcode: string, args: readonly Value[]): QuintEx => ({
    id: 0n,
    kind: 'app',
    opcode,
    args: args.map(toQuint),
  });
  switch (value.kind) {
    case 'set':
      return app('Set', value.items);
    case 'list':
      return app('List', value.items);
    case 'tuple':
      return app('Tup', value.items);
    case 'map':
      return app(
        'Map',
        value.entries.map(entry => tupleOf(entry)),
      );
    case 'record':
      return app('Rec', value.fields.flat());
    case 'variant':
      return app('variant', [value.tag, value.value]);
    case 'unserializable':
      return { id: 0n, kind: 'name', name: value.text };
  }
}

/** A ground expression as Quint prints values. */
function toValue(e: QuintEx): Value {
  if (e.kind === 'bool' || e.kind === 'str' || e.kind === 'int') return e.value;
  if (e.kind === 'name') return { kind: 'unserializable', text: e.name };
  if (e.kind !== 'app') throw new Error(`not a value: ${e.kind}`);
  const args = e.args.map(toValue);
  switch (e.opcode) {
    case 'Set':
      return setOf(args);
    case 'List':
      return listOf(args);
    case 'Tup':
      return tupleOf(args);
    case 'Map':
      return mapOf(args.map(pair => entryOf(pair)));
    case 'Rec':
      return recordOf(pairsOf(args));
    case 'variant':
      return variantOf(String(args[0]), must(args[1], 'payload'));
    default:
      throw new Error(`not a value: ${e.opcode}`);
  }
}

function entryOf(pair: Value): [Value, Value] {
  if (typeof pair !== 'object' || pair.kind !== 'tuple') throw new Error('not a pair');
  return [must(pair.items[0], 'key'), must(pair.items[1], 'value')];
}

function pairsOf(args: readonly Value[]): [string, Value][] {
  const pairs: [string, Value][] = [];
  for (let i = 0; i + 1 < args.length; i += 2) pairs.push([String(args[i]), must(args[i + 1], 'field')]);
  return pairs;
}
