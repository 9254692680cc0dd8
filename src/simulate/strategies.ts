// Misbehaviour that needs to know nothing of a protocol, and helpers for that which does. A protocol lists the strategies
// that mean something to it, these among them; the kernel plays them and counts.
import { type Data, isList } from './data.js';
import type { Effect, Turn } from './participant.js';
import type { Strategy } from './protocol.js';

/** How many of its messages a node that replays remembers. */
const REMEMBERED = 16;
const DELAY_MS = 1_000;

/** Takes no step and sends nothing; it still learns. */
export function silent<C extends Data, S extends Data, M extends Data>(): Strategy<C, S, M> {
  return {
    description: 'takes no step and sends nothing',
    detection: 'by its absence, when a deadline passes; nobody can tell it from one that is down or cut off',
    tamper: (turn, _context, memory) => (sendsIn(turn) === 0 ? undefined : { ...withoutSends(turn), memory }),
    act: (state, _step, _context, memory) => ({ state, effects: [], memory }),
  };
}

/** Sends all that it sends `delay_ms` late. */
export function delay<C extends Data, S extends Data, M extends Data>(): Strategy<C, S, M> {
  return {
    description: 'sends everything late, by `delay_ms` (1000)',
    detection: 'only where a deadline passes: a slow network looks the same',
    tamper: (turn, { parameters }, memory) => {
      if (sendsIn(turn) === 0) return undefined;
      const { delay_ms } = parameters;
      return { ...turn, memory, delayMs: typeof delay_ms === 'number' ? delay_ms : DELAY_MS };
    },
  };
}

/** Sends an old message of its own once more with each new one; `read` gives the body of a message its type back. */
export function replay<C extends Data, S extends Data, M extends Data>(
  read: (body: Data) => M | undefined,
): Strategy<C, S, M> {
  return {
    description: 'sends one of its old messages again with each turn that sends something',
    detection: 'a receiver that keeps what it has had sees the second one and does nothing',
    tamper: (turn, context, memory) => {
      const sent = turn.effects.flatMap(effect =>
        effect.kind === 'send' ? [{ to: effect.to, body: effect.body }] : [],
      );
      if (sent.length === 0) return undefined;
      const old = isList(memory) ? memory : [];
      const again = old[context.random('replay').below(Math.max(1, old.length))];
      const effects = [...turn.effects, ...sendAgain(again, read)];
      return { ...turn, effects, memory: [...old, ...sent].slice(-REMEMBERED) };
    },
  };
}

function sendAgain<M extends Data>(
  again: Data | undefined,
  read: (body: Data) => M | undefined,
): Effect<M>[] {
  if (typeof again !== 'object' || again === null || isList(again)) return [];
  const { to, body = null } = again;
  const message = read(body);
  return typeof to === 'number' && message !== undefined ? [{ kind: 'send', to, body: message }] : [];
}

/** The number of messages that a turn sends. */
function sendsIn({ effects }: Turn): number {
  return effects.reduce((count, { kind }) => count + (kind === 'send' ? 1 : 0), 0);
}

/** The turn without its messages. */
function withoutSends<S extends Data, M extends Data>(turn: Turn<S, M>): Turn<S, M> {
  return { ...turn, effects: turn.effects.filter(({ kind }) => kind !== 'send') };
}
