// What a monitor is told of each effect of a turn: who wanted what, from when to when, and digests of the node's state
// before and after. Nothing of this is computed while nobody listens.
import { createHash } from 'node:crypto';
import type { Data, NodeId } from './data.js';
import type { Effect } from './participant.js';

export interface EffectReport {
  readonly type: Effect['kind'];
  readonly node: NodeId;
  /** Virtual time, ms. A timer ends when it is due; all else ends as it starts. */
  readonly start: number;
  readonly end: number;
  /** SHA-256 of the node's state before and after the turn that the effect belongs to, 16 hex digits. */
  readonly before: string;
  readonly after: string;
  /** A few words for people. */
  readonly summary: string;
}

export type OnEffect = (report: EffectReport) => void;

/** Of the effects of one turn, in their order. */
export function reportEffects(
  onEffect: OnEffect,
  node: NodeId,
  time: number,
  states: { readonly before: Data; readonly after: Data },
  effects: readonly Effect[],
): void {
  const [before, after] = [digestOf(states.before), digestOf(states.after)];
  for (const effect of effects) {
    const end = effect.kind === 'timer' ? time + effect.ms : time;
    onEffect({ type: effect.kind, node, start: time, end, before, after, summary: summaryOf(effect) });
  }
}

function digestOf(data: Data): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16);
}

function summaryOf(effect: Effect): string {
  switch (effect.kind) {
    case 'send':
      return `to ${effect.to}${effect.datagram ? ', as a datagram' : ''}`;
    case 'timer':
      return `${effect.name} in ${effect.ms} ms`;
    case 'cancel':
      return effect.name;
    case 'persist':
      return `${JSON.stringify(effect.disk).length} characters`;
    case 'store':
      return effect.key;
    case 'emit':
      return effect.action;
    case 'accuse':
      return `${effect.who}: ${effect.reason}`;
    case 'finish':
      return effect.reason === undefined ? effect.as : `${effect.as}: ${effect.reason}`;
  }
}
