// Misbehaviour of those whose part is to vote, the same in `counter` and `locking`: to keep quiet, to stop half way, and
// to spoil what is said. A vote counts where it arrives, so that what is kept back is nothing to the spec.
import type { Data } from '../data.js';
import type { Effect, Turn } from '../participant.js';
import type { Strategy } from '../protocol.js';

/** Learns and thinks as others do, and says nothing. */
export function mute<C extends Data, S extends Data, M extends Data>(): Strategy<C, S, M> {
  return {
    description: 'sends nothing',
    detection: 'by its absence only; nobody can tell it from one that is down or cut off',
    tamper: (turn, _context, memory) =>
      turn.effects.some(isSaid)
        ? { ...turn, effects: turn.effects.filter(each => !isSaid(each)), memory }
        : undefined,
  };
}

/** Changes each body that it sends, or leaves it out where `spoil` gives nothing. */
export function spoilt<C extends Data, S extends Data, M extends Data>({
  description,
  detection,
  spoil,
}: Pick<Strategy, 'description' | 'detection'> & { readonly spoil: (body: M) => M | undefined }): Strategy<
  C,
  S,
  M
> {
  return {
    description,
    detection,
    tamper: (turn, _context, memory) => {
      const effects = turn.effects.flatMap((effect): Effect<M>[] => {
        if (effect.kind !== 'send') return [effect];
        const body = spoil(effect.body);
        if (body === effect.body) return [effect];
        return body === undefined ? [] : [{ ...effect, body }];
      });
      const same =
        effects.length === turn.effects.length && effects.every((each, i) => each === turn.effects[i]);
      return same ? undefined : { state: turn.state, effects, memory };
    },
  };
}

/** Says nothing any more once it has sent what belongs to the phase `abort_after`; without one, from the first phase on. */
export function abortingAfter<C extends Data, S extends Data, M extends Data>(
  phases: Readonly<Record<string, (body: M) => boolean>>,
): Strategy<C, S, M> {
  const names = Object.keys(phases);
  return {
    description: `does its part up to \`abort_after\` (${names.join(', ')}) and then sends nothing`,
    detection: 'by its absence only, as with one that has crashed',
    tamper: (turn, { parameters }, memory) => {
      const { abort_after } = parameters;
      const belongs = phases[typeof abort_after === 'string' ? abort_after : (names[0] ?? '')];
      if (memory === true) return muted(turn);
      const last = turn.effects.some(each => each.kind === 'send' && belongs?.(each.body) === true);
      return last ? { ...turn, memory: true } : undefined;
    },
  };
}

function muted<S extends Data, M extends Data>(turn: Turn<S, M>) {
  return turn.effects.some(isSaid)
    ? { ...turn, effects: turn.effects.filter(each => !isSaid(each)), memory: true }
    : undefined;
}

function isSaid({ kind }: Effect): boolean {
  return kind === 'send' || kind === 'emit';
}
