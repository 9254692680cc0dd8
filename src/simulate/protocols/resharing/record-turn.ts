// Turns of the record service. Its two halves, the record and the signatures on it, make them alike.
import type { NodeId } from '../../data.js';
import type { Effect, Turn } from '../../participant.js';
import type { RecordState, ResharingMessage } from './data.js';

export type RecordTurn = Turn<RecordState, ResharingMessage>;
export type RecordEffect = Effect<ResharingMessage>;

/** Nothing changes, but somebody is named. */
export function accusing(state: RecordState, who: NodeId, reason: string): RecordTurn {
  return { state, effects: [{ kind: 'accuse', who, reason }] };
}
