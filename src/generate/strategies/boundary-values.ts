// The strategy that goes to the edges which guards name: schedules that end with a step exactly at the edge, which a
// correct system takes, and with a step one beyond it, which a correct system refuses: a quorum one short, a counter one
// too far. Arguments beyond the edge are tried also where `step` never draws them.
import { compileSpec, createMachine, findOp, type Machine, type Way } from '../../engine/index.js';
import type { IrOpDef } from '../../model/ir.js';
import { must } from '../../util/assert.js';
import { ok, type Result } from '../../util/result.js';
import type { Find } from '../find.js';
import { type Edge, edgesOf } from '../mutants/edges.js';
import { specWhere } from '../mutants/mutants.js';
import { outsidePlaces, outsideSteps, type Place } from '../mutants/outside-arguments.js';
import { pathTo, type Reachable, reachableStates } from '../mutants/reachable.js';
import { refusedStep } from '../mutants/refused-step.js';
import { waysThrough } from '../mutants/spec-ways.js';
import type { Assignment, Ground, Spent, Strategy } from './strategy.js';

/** Of the budget, the share that goes to the states of the spec itself; the edges share the rest. */
const FOR_STATES = 0.4;

export const boundaryValues: Strategy = {
  name: 'boundary_values',
  parts: () => 1,
  search: (ground, assignment) => {
    const { machine, maxLength } = ground;
    const budget = Math.ceil(assignment.budget * FOR_STATES);
    const bounds = { maxStates: budget, budget, maxDepth: maxLength - 1 };
    const reachable = reachableStates(machine, bounds, assignment.random.fork('reachable'));
    if (!reachable.ok) return reachable;
    const step = findOp(machine.compiled, machine.options.step);
    if (!step.ok) return step;
    return new EdgeSearch(ground, assignment, reachable.value, step.value.def).run();
  },
};

/** What is known of a step at an edge. */
interface Met {
  readonly number: number;
  readonly way: Way;
}

class EdgeSearch {
  private states: number;
  private isWanted = true;

  constructor(
    private readonly ground: Ground,
    private readonly assignment: Assignment,
    private readonly reachable: Reachable,
    private readonly step: IrOpDef,
  ) {
    this.states = reachable.computed;
  }

  run(): Result<Spent> {
    const edges = edgesOf(this.ground.model);
    const places = outsidePlaces(this.ground.model);
    const tasks = [
      ...edges.map(edge => (budget: number) => this.tell(edge, budget)),
      ...places.map(own => (budget: number) => this.outside(own, budget)),
    ];
    for (const [i, task] of tasks.entries()) {
      const share = Math.floor((this.assignment.budget - this.states) / (tasks.length - i));
      if (!this.isWanted || share < 1) break;
      const told = task(share);
      if (!told.ok) return told;
    }
    const { complete } = this.reachable;
    return ok({ states: this.states, exhausted: complete && this.states < this.assignment.budget });
  }

  private tell(edge: Edge, budget: number): Result<void> {
    const { machine } = this.ground;
    const spec = specWhere(machine.compiled.spec, edge.guard, this.step, edge.condition);
    const compiled = compileSpec(spec);
    if (!compiled.ok) return ok(undefined);
    const there = createMachine(compiled.value, machine.options);
    if (!there.ok) return there;
    return edge.side === 'at'
      ? this.tellLegal(there.value, budget)
      : this.tellRefused(there.value, edge, budget);
  }

  /** Visits the steps of `machine` in the states of the spec, near ones first, until one will do. */
  private firstOf(machine: Machine, budget: number, isGood: (met: Met) => boolean): Met | undefined {
    const { store, count } = this.reachable;
    const until = this.states + budget;
    let found: Met | undefined;
    for (let number = 0; number < count && found === undefined && this.states < until; number++) {
      this.states++;
      // An evaluation that fails is no step.
      machine.ways(store.get(number), undefined, way => {
        this.states++;
        if (isGood({ number, way })) found = { number, way };
        return found === undefined && this.states < until;
      });
    }
    return found;
  }

  private tellLegal(machine: Machine, budget: number): Result<void> {
    const met = this.firstOf(machine, budget, () => true);
    if (met === undefined) return ok(undefined);
    const prefix = this.prefix(met.number);
    if (!prefix.ok) return prefix;
    const { store } = this.reachable;
    let last: Way | undefined;
    const taken = this.ground.machine.ways(store.get(met.number), met.way.state, way => {
      if (way.action === met.way.action) last = way;
      return last === undefined;
    });
    if (!taken.ok) return taken;
    if (last !== undefined) this.keep({ strategy: 'boundary_values', ways: [...prefix.value, last] });
    return ok(undefined);
  }

  private tellRefused(machine: Machine, { guard, words }: Edge, budget: number): Result<void> {
    const subject = { ...this.ground, reachable: this.reachable };
    let refused: Find['refused'];
    const met = this.firstOf(machine, budget, ({ number, way }) => {
      const step = refusedStep(subject, { guard, words }, way, number);
      if (step.ok) refused = step.value;
      return refused !== undefined;
    });
    return met === undefined ? ok(undefined) : this.keepRefused(met.number, must(refused, 'a step'));
  }

  private outside(places: readonly Place[], budget: number): Result<void> {
    const { steps, states } = outsideSteps(this.ground, places, this.reachable, this.step, budget);
    this.states += states;
    for (const { number, refused } of steps) {
      const kept = this.keepRefused(number, refused);
      if (!kept.ok) return kept;
    }
    return ok(undefined);
  }

  private keepRefused(number: number, refused: NonNullable<Find['refused']>): Result<void> {
    const prefix = this.prefix(number);
    if (!prefix.ok) return prefix;
    this.keep({ strategy: 'boundary_values', ways: prefix.value, refused });
    return ok(undefined);
  }

  private prefix(number: number): Result<Way[]> {
    const states = pathTo(this.reachable, number).map(at => this.reachable.store.get(at));
    return waysThrough(this.ground.machine, states);
  }

  private keep(find: Find): void {
    if (this.isWanted) this.isWanted = this.assignment.keep(find);
  }
}
