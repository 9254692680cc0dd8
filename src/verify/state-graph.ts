// The states of a machine and the steps between them, computed where they are asked for and kept as numbers. A step
// says which state follows, not how: the ways are enumerated again for the few steps that somebody wants to see.
import { type EngineState, type Machine, StateStore, type Way } from '../engine/index.js';
import { must } from '../util/assert.js';
import { ok, type Result } from '../util/result.js';

export class StateGraph {
  private readonly store: StateStore;
  /** By number of a state that was expanded. */
  private readonly following = new Map<number, Int32Array>();
  private first: readonly number[] | undefined;
  private latest: { readonly number: number; readonly state: EngineState } | undefined;
  private computedStates = 0;

  /** `budget` is the number of states that may be computed; each that a step leads to counts. */
  constructor(
    private readonly machine: Machine,
    readonly budget: number,
  ) {
    this.store = new StateStore(machine.compiled.variables.length);
  }

  /** States computed so far, those that were known included. */
  get computed(): number {
    return this.computedStates;
  }

  state(number: number): EngineState {
    if (this.latest?.number !== number) this.latest = { number, state: this.store.get(number) };
    return this.latest.state;
  }

  /** Each once; undefined when the budget ran out. */
  initial(): Result<readonly number[] | undefined> {
    if (this.first !== undefined) return ok(this.first);
    const found = this.enumerate(undefined);
    if (!found.ok) return found;
    this.first = found.value && [...found.value];
    return ok(this.first);
  }

  /** The states after this one, each once, itself included where a step leaves it as it is. */
  after(number: number): Result<Int32Array | undefined> {
    const known = this.following.get(number);
    if (known !== undefined) return ok(known);
    const found = this.enumerate(this.state(number));
    if (!found.ok || found.value === undefined) return found.ok ? ok(undefined) : found;
    const numbers = Int32Array.from(found.value);
    this.following.set(number, numbers);
    return ok(numbers);
  }

  private enumerate(from: EngineState | undefined): Result<ReadonlySet<number> | undefined> {
    const found = new Set<number>();
    let cut = false;
    const visited = this.machine.ways(from, undefined, ({ state }) => {
      cut = this.computedStates >= this.budget;
      if (cut) return false;
      this.computedStates++;
      found.add(this.store.add(state));
      return true;
    });
    return visited.ok ? ok(cut ? undefined : found) : visited;
  }

  /** A way along these states, the first of which is an initial one.. */
  ways(numbers: readonly number[]): Result<readonly Way[]> {
    const ways: Way[] = [];
    for (const [i, number] of numbers.entries()) {
      const before = numbers[i - 1];
      const from = before === undefined ? undefined : this.store.get(before);
      let found: Way | undefined;
      const visited = this.machine.ways(from, this.store.get(number), way => {
        found = way;
        return false;
      });
      if (!visited.ok) return visited;
      ways.push(must(found, 'a step that was found before'));
    }
    return ok(ways);
  }
}
