// The strategies that are made of not sending: the participant believes that it has sent, and goes on. What it believes is
// its own state, so it is not ready for the same step for ever.
import type { Data } from '../data.js';
import type { Strategy } from '../protocol.js';

/** Leaves out the messages that `leavesOut` picks. */
export function withholding<C extends Data, S extends Data, M extends Data>(
  description: string,
  leavesOut: (body: M) => boolean,
): Strategy<C, S, M> {
  return {
    description,
    detection: 'by absence, when a deadline passes; nobody can tell it from one that is down or cut off',
    tamper(turn, _context, memory) {
      const effects = turn.effects.filter(effect => effect.kind !== 'send' || !leavesOut(effect.body));
      return effects.length === turn.effects.length ? undefined : { ...turn, effects, memory };
    },
  };
}
