// The strategy that visits everything near the start: breadth-first, one state of each set of states that differ by an
// exchange of symmetric values only, and of all schedules the shortest of each class. A class is a step under an
// action, a pair of actions in a row, an action with what it leaves enabled (nothing, for a dead end), or an action
// that puts a property at stake or violates it.
import type { EngineState } from '../../engine/index.js';
import { symmetryOf } from '../../engine/index.js';
import { ok, type Result } from '../../util/result.js';
import type { Find } from '../find.js';
import { type PropertyWatch, watchProperties } from '../property-watch.js';
import { type Edge, ReducedGraph } from '../reduced-graph.js';
import type { Assignment, Ground, Spent, Strategy } from './strategy.js';

export const exhaustiveSmallTraces: Strategy = {
  name: 'exhaustive_small_traces',
  parts: () => 1,
  search: (ground, assignment) => {
    const { compiled, options } = ground.machine;
    const roots = [options.init, options.step, ...ground.targets.map(({ name }) => name)];
    const symmetry = symmetryOf(compiled, roots);
    if (!symmetry.ok) return symmetry;
    return new Sweep(ground, assignment, new ReducedGraph(ground.machine, symmetry.value)).run();
  },
};

/** A schedule by its last step, and perhaps one more under a label. */
interface Witness {
  /** Steps of the schedule. */
  readonly length: number;
  readonly edge: Edge;
  readonly then?: number;
  readonly aim?: string;
  readonly violates?: string;
}

class Sweep {
  private readonly watches: readonly PropertyWatch[];
  /** The shortest schedule of each class, in the order in which classes were met. */
  private readonly witnesses = new Map<string, Witness>();
  /** By number of the state: the labels enabled in it, once it was left. */
  private readonly enabled: string[] = [];
  private states = 0;
  private cutOff = false;

  constructor(
    private readonly ground: Ground,
    private readonly assignment: Assignment,
    private readonly graph: ReducedGraph,
  ) {
    this.watches = watchProperties(ground.machine.compiled, ground.targets);
  }

  run(): Result<Spent> {
    const started = this.leave(-1, undefined);
    if (!started.ok) return started;
    for (let number = 0; number < this.graph.size && !this.cutOff; number++) {
      if (this.graph.depth(number) >= this.ground.maxLength) break;
      const left = this.leave(number, this.graph.state(number));
      if (!left.ok) return left;
    }
    const told = this.tell();
    return told.ok ? ok({ states: this.states, exhausted: !this.cutOff }) : told;
  }

  /** Meets all states that one step leads to, or the initial ones. */
  private leave(number: number, state: EngineState | undefined): Result<void> {
    const before = this.graph.size;
    const labels = new Set<number>();
    const again: Edge[] = [];
    const visited = this.ground.machine.ways(state, undefined, way => {
      if (this.states >= this.assignment.budget) {
        this.cutOff = true;
        return false;
      }
      this.states++;
      const { edge, isNew } = this.graph.meet(number, way);
      labels.add(edge.label);
      if (isNew && number >= 0) this.note(`action ${edge.label}`, { edge });
      if (isNew && edge.to < number) again.push(edge);
      return true;
    });
    if (!visited.ok) return visited;
    for (let met = before; met < this.graph.size; met++) this.look(met);
    // What is enabled is known once all of it was seen.
    if (number < 0 || this.cutOff) return ok(undefined);
    const sorted = [...labels].sort((a, b) => a - b);
    this.enabled[number] = sorted.join();
    for (const edge of this.graph.arrivalsAt(number)) this.classify(edge, sorted);
    for (const edge of again) this.classify(edge, (this.enabled[edge.to] ?? '').split(',').flatMap(asNumber));
    return ok(undefined);
  }

  /** A step to a state with these labels enabled. */
  private classify(edge: Edge, enabled: readonly number[]): void {
    this.note(`${edge.label} leaves ${enabled.join()}`, { edge });
    for (const then of enabled) this.note(`${edge.label} then ${then}`, { edge, then });
  }

  /** Asks about the properties in a state that is new, as long as the answer is not known for its action. */
  private look(number: number): void {
    const state = this.graph.state(number);
    const [edge] = this.graph.arrivalsAt(number);
    if (edge === undefined) return;
    let first: EngineState | undefined;
    for (const { property, atStake, violated } of this.watches) {
      const { name } = property;
      if (!this.witnesses.has(`violates ${name}`) && violated(state))
        this.note(`violates ${name}`, { edge, aim: name, violates: name });
      const stake = `${edge.label} stakes ${name}`;
      if (this.witnesses.has(stake)) continue;
      first ??= this.graph.state(this.graph.root(number));
      if (atStake(first, state)) this.note(stake, { edge, aim: name });
    }
  }

  // Steps between states that are as far from the start come up before shorter ways to states that are visited later.
  private note(label: string, schedule: Omit<Witness, 'length'>): void {
    const { edge, then } = schedule;
    const length = (edge.from < 0 ? 0 : this.graph.depth(edge.from) + 1) + (then === undefined ? 0 : 1);
    const known = this.witnesses.get(label);
    if (length > this.ground.maxLength || (known !== undefined && known.length <= length)) return;
    this.witnesses.set(label, { ...schedule, length });
  }

  /** Tells of the schedules, each once for all classes that it is the first of. */
  private tell(): Result<void> {
    const finds: Find[] = [];
    const keys: string[] = [];
    const shortestFirst = [...this.witnesses.values()].sort((a, b) => a.length - b.length);
    for (const { edge, then, aim, violates } of shortestFirst) {
      const ways = this.graph.path(edge, then);
      if (!ways.ok) return ways;
      finds.push({
        strategy: 'exhaustive_small_traces',
        ways: ways.value,
        ...(aim !== undefined && { aim }),
        ...(violates !== undefined && { violates, distance: 0 }),
      });
      keys.push(this.graph.keyOf(ways.value));
    }
    const told = new Set<string>();
    // Where a schedule is told of with a property, it need not be told of without.
    const aimed = new Set(keys.filter((_, i) => finds[i]?.aim !== undefined));
    for (const [i, find] of finds.entries()) {
      const key = `${keys[i]} ${find.aim ?? ''} ${find.violates ?? ''}`;
      if (told.has(key) || (find.aim === undefined && aimed.has(keys[i] ?? ''))) continue;
      told.add(key);
      if (!this.assignment.keep(find)) break;
    }
    return ok(undefined);
  }
}

function asNumber(text: string): number[] {
  return text === '' ? [] : [Number(text)];
}
