// A simulation: a world, and the protocol that runs in it. This is the door for all that runs protocols: it begins them,
// lets time pass, follows a schedule, injects and heals. All state is in the world; here is only what gives it life.

import type { Timing } from '../../generated/scenario.js';
import type { Value } from '../model/value.js';
import type { ResolvedByzantine, ResolvedNetwork } from '../scenario/resolved.js';
import { assert, must } from '../util/assert.js';
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import { beginRun, makeKernel } from './begin.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import type { Fields, NodeId } from './data.js';
import type { OnEffect } from './effect-report.js';
import { addFault, addNetworkFaults, type FaultRequest, heal, inject, undo } from './faults.js';
import { happenNext } from './happen.js';
import { isOver, isQuiet } from './over.js';
import type { LocalAction } from './participant.js';
import type { Facts, Protocol, View } from './protocol.js';
import { follow, type Invoked, type Patience, toFree, toScheduled } from './schedule.js';
import {
  type Accusation,
  type EndingOf,
  type Kernel,
  type SimulatedEvent,
  type Think,
  viewOf,
  type World,
} from './world.js';

export interface SimulationOptions {
  readonly seed: string;
  readonly participants: number;
  readonly network: ResolvedNetwork;
  readonly timing: Required<Timing>;
  readonly byzantine: ResolvedByzantine;
  readonly faults: readonly FaultRequest[];
  /** Without it, 0 to 20 ms. */
  readonly think?: Think;
}

/** What a scenario says of one run of a protocol. */
export interface BeginOptions {
  readonly threshold: number;
  readonly faultBound: number;
  readonly guardianApprovals: number;
  readonly timeoutEpochs: number;
  readonly parameters: Fields;
  readonly constants: ReadonlyMap<string, Value>;
  readonly bug?: string;
  /** Without it, as many as before. */
  readonly participants?: number;
  /** Participants whose device was lost before, beside those that the world knows of. */
  readonly lost?: readonly NodeId[];
}

/** What watches a simulation; it changes nothing. */
export interface Observation {
  /** Whether messages and faults are in the trace. */
  readonly verbose?: boolean;
  readonly onEffect?: OnEffect;
}

export interface Until {
  readonly untilMs?: number;
  readonly untilEpoch?: number;
  /** Until nothing is under way and nobody is about to act. */
  readonly untilQuiet?: boolean;
}

/** How often a fault or a strategy had an effect. */
export interface Count {
  readonly of: 'fault' | 'strategy';
  readonly type: string;
  readonly participants: readonly NodeId[];
  readonly count: number;
}

export class Simulation {
  readonly #world: World;
  readonly #observation: Observation;
  #kernel: Kernel | undefined;

  private constructor(world: World, observation: Observation) {
    this.#world = world;
    this.#observation = observation;
  }

  /** Errors: AUR443, AUR444 for faults. */
  static create(options: SimulationOptions, observation: Observation = {}): Result<Simulation> {
    const { faults, network } = options;
    const world = emptyWorld(options);
    addNetworkFaults(world, network);
    const errors = faults.flatMap(request => {
      const added = addFault(world, request);
      return added.ok ? [] : added.errors;
    });
    return errors.length > 0 ? fail(...errors) : ok(new Simulation(world, observation));
  }

  /**
   * Begins a protocol; what ran before is over. Its first trace event has the whole state of the spec.
   *
   * A strategy that means nothing to the protocol has no effect, and counts none.
   *
   * Errors: AUR441 for what the protocol cannot run with.
   */
  begin(protocol: Protocol, options: BeginOptions): Result<void> {
    const begun = beginRun(this.#world, protocol, options, this.#observation);
    if (!begun.ok) return begun;
    this.#kernel = begun.value;
    return ok(undefined);
  }

  /** Virtual time, ms. */
  get time(): number {
    return this.#world.time;
  }

  /** Steps of the spec since the protocol began. */
  get steps(): number {
    return this.#running().run.steps;
  }

  get epoch(): number {
    return this.#running().run.epoch;
  }

  /** All that nodes have said of one another, over all protocols, in order of time. */
  get accusations(): readonly Accusation[] {
    return this.#world.accusations;
  }

  get endings(): readonly EndingOf[] {
    return this.#world.endings;
  }

  get view(): View {
    const view = viewOf(this.#running());
    return { ...view, nodes: [...view.nodes] };
  }

  facts(): Facts {
    const kernel = this.#running();
    return kernel.protocol.facts(viewOf(kernel));
  }

  /** Each fault and each strategy with its count, also those that had no effect. */
  counts(): readonly Count[] {
    const faults = this.#world.faults.map(({ type, participants, count }): Count => {
      return { of: 'fault', type, participants: participants ?? [], count };
    });
    const strategies = this.#world.nodes.flatMap((node, id) =>
      node.strategies.map(({ type, count }): Count => ({ of: 'strategy', type, participants: [id], count })),
    );
    return [...faults, ...strategies];
  }

  /**
   * Lets the next thing happen, after any schedule freely, and gives the trace events that came of it; undefined when
   * nothing is left to happen, or the time of the protocol is over.
   */
  advance(): readonly SimulatedEvent[] | undefined {
    const kernel = this.#running();
    if (kernel.world.out.length > 0) return this.#take();
    toFree(kernel);
    if (isOver(kernel) || !happenNext(kernel)) return undefined;
    return this.#take();
  }

  /** Runs freely until the end, or until what is given. */
  *run({
    untilMs = Infinity,
    untilEpoch = Infinity,
    untilQuiet = false,
  }: Until = {}): Generator<SimulatedEvent> {
    const kernel = this.#running();
    for (;;) {
      yield* this.#take();
      const next = kernel.world.queue[0]?.at ?? Infinity;
      if (kernel.run.epoch >= untilEpoch || (untilQuiet && isQuiet(kernel))) return;
      if (next > untilMs) {
        kernel.world.time = Math.max(kernel.world.time, untilMs);
        return;
      }
      const events = this.advance();
      if (events === undefined) return;
      yield* events;
    }
  }

  /** Takes a step of a schedule. From here on nobody acts by himself and no epoch passes, until {@link release}. */
  invoke(step: LocalAction, patience: Patience): Invoked {
    const kernel = this.#running();
    toScheduled(kernel);
    const refused = follow(kernel, step, patience);
    const events = this.#take();
    return refused === undefined ? { accepted: true, events } : { accepted: false, reason: refused, events };
  }

  /** The schedule is over: from here on the world runs freely. */
  release(): void {
    toFree(this.#running());
  }

  /** Injects a fault; its `at_ms` counts from the beginning of the world. Errors: AUR443, AUR444. */
  inject(request: FaultRequest): Result<number> {
    const added = addFault(this.#world, request);
    if (added.ok && this.#kernel && request.at_ms <= this.#world.time) inject(this.#kernel, added.value);
    return added;
  }

  /** Undoes a fault by its number. */
  undo(fault: number): void {
    undo(this.#running(), fault);
  }

  /**
   * Heals participants, so that they have to make progress from here on: what faults do to them is undone, no fault hits
   * messages between them, and a byzantine one among them behaves honestly. Those whose device is gone stay so.
   */
  heal(participants: readonly NodeId[]): void {
    heal(this.#running(), participants);
  }

  /**
   * The world as text, from which {@link Simulation.restore} goes on as if nothing had been. Keys stand in the order in
   * which they were made, which is part of the world.
   */
  checkpoint(): string {
    return writeCheckpoint(this.#world);
  }

  /** Errors: AUR445 for what is no checkpoint, AUR446 for one of a newer version, AUR447 for an unknown protocol. */
  static restore(
    text: string,
    protocols: Readonly<Record<string, Protocol>>,
    observation: Observation = {},
  ): Result<Simulation> {
    const world = readCheckpoint(text);
    if (!world.ok) return world;
    const simulation = new Simulation(world.value, observation);
    const { run } = world.value;
    if (run === null) return ok(simulation);
    const protocol = Object.hasOwn(protocols, run.protocol) ? protocols[run.protocol] : undefined;
    if (protocol === undefined)
      return fail(
        auraError('AUR447', `the checkpoint is of the protocol ${run.protocol}, which is not there`),
      );
    simulation.#kernel = makeKernel(world.value, protocol, run, observation);
    return ok(simulation);
  }

  /** The events that nobody has taken yet. */
  #take(): readonly SimulatedEvent[] {
    const { out } = this.#world;
    this.#world.out = [];
    return out;
  }

  #running(): Kernel {
    return must(this.#kernel, 'a protocol that has begun');
  }
}

function emptyWorld(options: SimulationOptions): World {
  const { seed, participants, timing, byzantine, think = { minMs: 0, maxMs: 20 } } = options;
  const { latency_range, latency_distribution, bandwidth } = options.network;
  assert(participants > 0, 'a world without participants');
  const network = { latency_range, latency_distribution, ...(bandwidth === undefined ? {} : { bandwidth }) };
  return {
    seed,
    participants,
    network,
    timing,
    byzantine,
    think,
    time: 0,
    order: 0,
    queue: [],
    nodes: [],
    faults: [],
    healed: [],
    links: {},
    transmissions: {},
    underWay: 0,
    scheduled: false,
    run: null,
    runs: 0,
    events: 0,
    out: [],
    accusations: [],
    endings: [],
  };
}
