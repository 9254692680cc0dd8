// The beginning of a protocol in a world: the setting, the nodes, their first turns and the first state of the spec. What
// the participants keep in their vaults is there from the protocols before; all else begins anew.
import { assert } from '../util/assert.js';
import { ok, type Result } from '../util/result.js';
import { type Fields, fieldsOf, type NodeId } from './data.js';
import { inject } from './faults.js';
import { takeDown } from './nodes.js';
import type { Protocol } from './protocol.js';
import { filterDue } from './queue.js';
import { occur, traceInit } from './record.js';
import type { BeginOptions, Observation } from './simulation.js';
import { launch } from './transport.js';
import { begin, think } from './turns.js';
import {
  drawsOf,
  type Kernel,
  type Node,
  type PlayedStrategy,
  type Run,
  roundMs,
  schedule,
  viewOf,
  type World,
} from './world.js';

/** Errors: AUR441, as the protocol finds them. The world is unchanged then. */
export function beginRun(
  world: World,
  protocol: Protocol,
  options: BeginOptions,
  observation: Observation,
): Result<Kernel> {
  const participants = options.participants ?? world.participants;
  const before = world.nodes.slice(0, Math.min(participants, world.participants));
  const lost = before.flatMap((node, id) => (node.lost ? [id] : []));
  const setting = protocol.setting({
    participants,
    threshold: options.threshold,
    faultBound: options.faultBound,
    guardianApprovals: options.guardianApprovals,
    byzantine: world.byzantine.participants.filter(id => id < participants),
    timeoutEpochs: options.timeoutEpochs,
    epochMs: world.timing.epoch_ms,
    parameters: options.parameters,
    constants: options.constants,
    lost: [...new Set([...lost, ...(options.lost ?? [])])].sort((a, b) => a - b),
    vaults: Array.from({ length: participants }, (_, id) => before[id]?.view.vault ?? {}),
    ...(options.bug === undefined ? {} : { bug: options.bug }),
  });
  if (!setting.ok) return setting;
  const names = protocol.nodes(setting.value);
  assert(
    names.length >= participants,
    `${protocol.name} names ${names.length} of ${participants} participants`,
  );
  clear(world);
  world.participants = participants;
  world.nodes = names.map((_, id) => newNode(world, id, before[id], options.lost ?? []));
  const run: Run = {
    protocol: protocol.name,
    names,
    setting: setting.value,
    timeoutEpochs: options.timeoutEpochs,
    history: null,
    epoch: 0,
    steps: 0,
    projected: {},
    open: 0,
    down: world.nodes.filter(({ view }) => !view.up).length,
    thinking: 0,
  };
  world.run = run;
  const kernel = makeKernel(world, protocol, run, observation);
  run.open = world.nodes.filter((node, id) => id < participants && !node.view.byzantine && !node.lost).length;
  start(kernel);
  return ok(kernel);
}

/** A world and what gives it life. */
export function makeKernel(
  world: World,
  protocol: Protocol,
  run: Run,
  { verbose = false, onEffect }: Observation,
): Kernel {
  return { world, protocol, run, verbose, onEffect, views: world.nodes.map(node => node.view) };
}

/** What was under way in the protocol before is gone; faults go on. */
function clear(world: World): void {
  filterDue(world.queue, ({ kind }) => kind === 'inject' || kind === 'undo');
  world.transmissions = {};
  world.underWay = 0;
  for (const link of Object.values(world.links)) link.held = [];
  world.scheduled = false;
  world.runs++;
}

function start(kernel: Kernel): void {
  const { world, protocol, run } = kernel;
  const ids = [...world.nodes.keys()];
  const sent = ids.map(id => begin(kernel, id));
  run.history = protocol.begin(run.setting);
  run.projected = protocol.project(viewOf(kernel));
  traceInit(kernel);
  for (const id of ids) {
    const messages = sent[id] ?? [];
    if (messages.length > 0) occur(kernel, { kind: 'turn', node: id, sent: messages }, id);
  }
  // Those that are down since the protocol before go down before they have done anything.
  for (const [id, node] of world.nodes.entries())
    if (!node.lost) for (const by of node.downBy.splice(0)) takeDown(kernel, id, by, true);
  injectDue(kernel);
  for (const message of sent.flat()) launch(kernel, message, 0);
  schedule(world, world.time + world.timing.epoch_ms, { kind: 'epoch' });
  for (const id of ids) think(kernel, id);
}

/** Faults that hold from the beginning are there before the first message. */
function injectDue(kernel: Kernel): void {
  const { world } = kernel;
  const due = world.queue
    .filter(item => item.kind === 'inject' && item.at <= world.time)
    .sort((a, b) => a.order - b.order);
  for (const item of due) if (item.kind === 'inject') inject(kernel, item.fault);
}

function newNode(world: World, id: NodeId, before: Node | undefined, lostNow: readonly NodeId[]): Node {
  const isParticipant = id < world.participants;
  const lost = before?.lost === true || (isParticipant && lostNow.includes(id));
  const vault: Fields = lost ? {} : (before?.view.vault ?? {});
  const place = world.byzantine.participants.indexOf(id);
  const byzantine = isParticipant && place >= 0;
  return {
    view: { state: null, disk: undefined, vault, up: !lost, byzantine, ending: undefined },
    skew: before?.skew ?? skewOf(world, id),
    downBy: before?.downBy ?? [],
    pausedBy: before?.pausedBy ?? [],
    lost,
    turns: before?.turns ?? 0,
    thinking: false,
    thoughts: before?.thoughts ?? 0,
    timersSet: before?.timersSet ?? 0,
    timers: {},
    waiting: [],
    strategies: byzantine ? (before?.strategies ?? strategiesOf(world, place)).map(forgetful) : [],
  };
}

/** The strategies belong to the byzantine participants in turn, and go round until nobody and nothing is left out. */
function strategiesOf({ byzantine }: World, place: number): PlayedStrategy[] {
  const { strategies, participants } = byzantine;
  const isIts = (index: number) =>
    strategies.length < participants.length
      ? index === place % strategies.length
      : index % participants.length === place;
  return strategies
    .filter((_, index) => isIts(index))
    .map(({ type, description: _, ...parameters }) => {
      return { type, parameters: fieldsOf(parameters), memory: null, active: true, count: 0 };
    });
}

/** What a strategy remembers is of one protocol. */
function forgetful(strategy: PlayedStrategy): PlayedStrategy {
  return { ...strategy, memory: null };
}

/** How far the clock of a participant is off from the beginning, ms. */
function skewOf(world: World, id: NodeId): number {
  const { clock_skew_ms } = world.timing;
  if (clock_skew_ms === 0 || id >= world.participants) return 0;
  return roundMs((2 * drawsOf(world, `skew/${id}`).real() - 1) * clock_skew_ms);
}
