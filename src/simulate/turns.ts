// Turns of nodes: what a participant makes of what happens to it, changed by the strategies of a byzantine one, and the
// effects that come of it, all at once. It does not say who gets a turn when.
import { assert } from '../util/assert.js';
import type { Fields, NodeId } from './data.js';
import { reportEffects } from './effect-report.js';
import type { Context, Effect, Happening, LocalAction, Turn } from './participant.js';
import type { Message, TamperContext } from './protocol.js';
import { occur } from './record.js';
import { accept, launch } from './transport.js';
import {
  changeNode,
  drawsOf,
  type Kernel,
  type Node,
  nodeOf,
  type PlayedStrategy,
  roundMs,
  schedule,
} from './world.js';

type Cause = TamperContext['cause'];

/** A turn after all strategies. */
interface Played {
  readonly turn: Turn;
  readonly delayMs: number;
}

/** The protocol begins for a node. What it sends goes out only when all have begun: the caller sends it. */
export function begin(kernel: Kernel, id: NodeId): readonly Message[] {
  const node = nodeOf(kernel.world, id);
  const { turn } = tampered(kernel, id, kernel.protocol.participant.start(contextOf(kernel, id)), 'start');
  const effects = node.view.up ? turn.effects : [];
  assert(!effects.some(({ kind }) => kind === 'emit'), 'no step of the spec happens with the beginning');
  return apply(kernel, id, { ...turn, effects }).sent;
}

/** A node is back, with its disk or without. */
export function comeBack(kernel: Kernel, id: NodeId): void {
  const { disk } = nodeOf(kernel.world, id).view;
  const honest = kernel.protocol.participant.restart(disk, contextOf(kernel, id));
  const { turn, delayMs } = tampered(kernel, id, honest, 'restart');
  assert(!turn.effects.some(({ kind }) => kind === 'emit'), 'a restart is itself the step of the spec');
  const { sent } = apply(kernel, id, turn);
  occur(kernel, { kind: 'restart', node: id, sent }, id);
  for (const message of sent) launch(kernel, message, delayMs);
  think(kernel, id);
}

/** A node learns of something; `received` where that is a message. */
export function tell(kernel: Kernel, id: NodeId, happening: Happening, received?: Message): void {
  const { state } = nodeOf(kernel.world, id).view;
  const honest = kernel.protocol.participant.receive(state, happening, contextOf(kernel, id));
  if (honest !== undefined) finishTurn(kernel, id, tampered(kernel, id, honest, happening.kind), received);
  think(kernel, id);
}

/** A node takes a step by itself, if it does not refuse. */
export function act(kernel: Kernel, id: NodeId, step: LocalAction): boolean {
  const played = actOf(kernel, id, step);
  if (played === undefined) return false;
  finishTurn(kernel, id, played);
  think(kernel, id);
  return true;
}

/** The steps that a node wants to take, those of its strategies first. */
export function readyOf(kernel: Kernel, id: NodeId): readonly LocalAction[] {
  const { state, byzantine } = nodeOf(kernel.world, id).view;
  const honest = kernel.protocol.participant.ready(state, contextOf(kernel, id));
  if (!byzantine) return honest;
  const added = strategiesOf(kernel, id).flatMap(
    ({ played, strategy }) =>
      strategy.ready?.(state, tamperContext(kernel, id, played, 'act'), played.memory) ?? [],
  );
  return [...added, ...honest];
}

/** Running freely, a node that is ready for something takes a while before it does it. */
export function think(kernel: Kernel, id: NodeId): void {
  const { world, run } = kernel;
  const node = nodeOf(world, id);
  if (world.scheduled || node.thinking || !node.view.up) return;
  if (readyOf(kernel, id).length === 0) return;
  node.thinking = true;
  run.thinking++;
  const { minMs, maxMs } = world.think;
  const draw = drawsOf(world, `think/${run.protocol}/${id}/${node.thoughts++}`).real();
  schedule(world, world.time + minMs + (maxMs - minMs) * draw, { kind: 'think', node: id });
}

function actOf(kernel: Kernel, id: NodeId, step: LocalAction): Played | undefined {
  const { state } = nodeOf(kernel.world, id).view;
  for (const { played, strategy } of strategiesOf(kernel, id)) {
    const context = { ...tamperContext(kernel, id, played, 'act'), step };
    const turn = strategy.act?.(state, step, context, played.memory);
    if (turn === undefined) continue;
    played.memory = turn.memory;
    played.count++;
    // A step that a strategy only leaves out must not make its node ready for it again and again.
    if (turn.state === state && turn.effects.length === 0) return undefined;
    return { turn, delayMs: turn.delayMs ?? 0 };
  }
  const honest = kernel.protocol.participant.act(state, step, contextOf(kernel, id));
  return honest && tampered(kernel, id, honest, 'act', step);
}

/** The turn as the node's strategies leave it, one after the other. */
function tampered(kernel: Kernel, id: NodeId, honest: Turn, cause: Cause, step?: LocalAction): Played {
  let turn = honest;
  let delayMs = 0;
  for (const { played, strategy } of strategiesOf(kernel, id)) {
    const context = { ...tamperContext(kernel, id, played, cause), ...(step && { step }) };
    const changed = strategy.tamper(turn, context, played.memory);
    if (changed === undefined) continue;
    played.memory = changed.memory;
    played.count++;
    delayMs += changed.delayMs ?? 0;
    turn = changed;
  }
  return { turn, delayMs };
}

function finishTurn(kernel: Kernel, id: NodeId, { turn, delayMs }: Played, received?: Message): void {
  const { sent, emitted } = apply(kernel, id, turn);
  const told = { ...(received && { received }), ...(emitted && { emitted }) };
  occur(kernel, { kind: 'turn', node: id, ...told, sent }, id);
  for (const message of sent) launch(kernel, message, delayMs);
}

/** Carries out the effects of a turn, except that nothing is sent yet. */
function apply(
  kernel: Kernel,
  id: NodeId,
  { state, effects }: Turn,
): { readonly sent: readonly Message[]; readonly emitted: LocalAction | undefined } {
  const { world } = kernel;
  const node = nodeOf(world, id);
  const before = node.view.state;
  node.turns++;
  changeNode(kernel, id, { state });
  const sent: Message[] = [];
  let emitted: LocalAction | undefined;
  for (const effect of effects) {
    if (effect.kind === 'send')
      sent.push(
        accept(
          world,
          { from: effect.as ?? id, signer: id, to: effect.to, body: effect.body },
          effect.datagram === true,
        ),
      );
    else if (effect.kind === 'emit') {
      assert(emitted === undefined, `two steps in one turn: ${emitted?.action} and ${effect.action}`);
      emitted = { action: effect.action, params: effect.params };
    } else carryOut(kernel, id, node, effect);
  }
  if (kernel.onEffect) reportEffects(kernel.onEffect, id, world.time, { before, after: state }, effects);
  return { sent, emitted };
}

function carryOut(kernel: Kernel, id: NodeId, node: Node, effect: Effect): void {
  const { world, run } = kernel;
  switch (effect.kind) {
    case 'persist':
      changeNode(kernel, id, { disk: effect.disk });
      break;
    case 'store':
      changeNode(kernel, id, { vault: { ...node.view.vault, [effect.key]: effect.value } });
      break;
    case 'timer':
      setTimer(kernel, id, node, effect.name, effect.ms);
      break;
    case 'cancel':
      delete node.timers[effect.name];
      break;
    case 'accuse':
      accuse(kernel, id, effect.who, effect.reason);
      break;
    case 'finish':
      if (node.view.ending !== undefined) break;
      changeNode(kernel, id, { ending: effect.as });
      if (isCounted(kernel, id)) run.open--;
      world.endings.push({
        time: world.time,
        protocol: run.protocol,
        node: id,
        as: effect.as,
        ...(effect.reason === undefined ? {} : { reason: effect.reason }),
      });
      break;
  }
}

/** Whether the run waits for the node to finish. */
export function isCounted({ world }: Kernel, id: NodeId): boolean {
  const node = nodeOf(world, id);
  return id < world.participants && !node.view.byzantine && !node.lost;
}

function setTimer({ world }: Kernel, id: NodeId, node: Node, name: string, ms: number): void {
  const { jitter_ms } = world.timing;
  const late = jitter_ms > 0 ? drawsOf(world, `timer/${id}/${node.timersSet++}`).real() * jitter_ms : 0;
  node.timers[name] = schedule(world, world.time + ms + late, { kind: 'timer', node: id, name });
}

function accuse({ world, run }: Kernel, by: NodeId, who: NodeId, reason: string): void {
  const { accusations } = world;
  const known = accusations.some(
    each => each.by === by && each.who === who && each.reason === reason && each.run === world.runs,
  );
  if (!known)
    accusations.push({ time: world.time, run: world.runs, protocol: run.protocol, by, who, reason });
}

function contextOf({ world, run }: Kernel, id: NodeId, streams = 'turn'): Context {
  const node = nodeOf(world, id);
  const label = `${streams}/${world.runs}/${id}/${node.turns}`;
  return {
    self: id,
    now: roundMs(world.time + node.skew),
    epoch: run.epoch,
    setting: run.setting,
    vault: node.view.vault,
    random: name => drawsOf(world, `${label}/${name}`),
  };
}

function tamperContext(kernel: Kernel, id: NodeId, played: PlayedStrategy, cause: Cause): TamperContext {
  const parameters: Fields = played.parameters;
  return { ...contextOf(kernel, id, `strategy/${played.type}`), parameters, cause };
}

interface ActiveStrategy {
  readonly played: PlayedStrategy;
  readonly strategy: Kernel['protocol']['strategies'][string];
}

function strategiesOf({ world, protocol }: Kernel, id: NodeId): ActiveStrategy[] {
  return nodeOf(world, id).strategies.flatMap(played => {
    const strategy = protocol.strategies[played.type];
    return played.active && strategy !== undefined ? [{ played, strategy }] : [];
  });
}
