// The board: the public record of a key derivation, which takes what fits the rules, puts it in one order and shows it to
// all. It is trusted to do that and with no secret. What it takes is what has happened: the steps of the spec that change
// its variables of the board happen here. It also opens another attempt when one has come to nothing.
import type { NodeId } from '../../data.js';
import type { Context, Effect, Happening, LocalAction, Turn } from '../../participant.js';
import {
  type Attempt,
  allCommitted,
  anyOpened,
  type Book,
  cheats,
  fits,
  isAuthentic,
  isComplete,
  readBook,
  silent,
} from './book.js';
import type { BoardState, Commitment, DkdMessage, DkdSetting, DkdState, Entry } from './data.js';

type BoardTurn = Turn<DkdState, DkdMessage>;
type BoardContext = Context<DkdSetting>;
type BoardEffect = Effect<DkdMessage>;

/** What the board takes up, with the step of the spec that it is, or what it holds against the sender. */
interface Taken {
  readonly entries?: readonly Entry[];
  readonly step?: string;
  readonly effects?: readonly BoardEffect[];
}

/** A user asks for the key. */
export function requestKey(
  state: BoardState,
  { action }: LocalAction,
  ctx: BoardContext,
): BoardTurn | undefined {
  if (action !== 'request' || state.log.length > 0) return undefined;
  const effects: BoardEffect[] = [{ kind: 'emit', action, params: {} }];
  return show(state, { entries: [{ kind: 'requested', epoch: ctx.epoch }], effects }, ctx);
}

export function atBoard(
  state: BoardState,
  happening: Happening<DkdMessage>,
  ctx: BoardContext,
): BoardTurn | undefined {
  const book = readBook(ctx.setting, state.log);
  if (happening.kind !== 'message') return show(state, {}, ctx);
  const { from, signer, body } = happening;
  const accuse = (reason: string): Taken => ({ effects: [{ kind: 'accuse', who: signer, reason }] });
  if (from !== signer) return show(state, accuse('forged sender'), ctx);
  switch (body.kind) {
    case 'commit':
    case 'heard':
      if (!isAuthentic(ctx.setting, body.commitment)) return show(state, accuse('false signature'), ctx);
      if (body.kind === 'commit' && body.commitment.who !== from) return undefined;
      return takeCommitment(state, book, body.commitment, body.kind === 'commit', ctx);
    case 'open':
      return takeOpening(state, book, from, body, ctx);
    case 'give up':
      return takeNotice(state, book, from, body.cause, ctx);
    case 'sync':
      return { state, effects: [send(from, body.from, state.log.slice(body.from))] };
    default:
      return undefined;
  }
}

/**
 * The first commitment counts if its author brings it; another one proves cheating, whoever brings it. Round one is closed
 * by the first opening: after that a second commitment is held against its author and changes nothing.
 */
function takeCommitment(
  state: BoardState,
  { attempts }: Book,
  commitment: Commitment,
  byAuthor: boolean,
  ctx: BoardContext,
): BoardTurn | undefined {
  const { who, hash } = commitment;
  const attempt = attempts[commitment.attempt];
  if (!attempt?.members.includes(who) || attempt.gaveUp.includes(who)) return undefined;
  const [first, second] = attempt.commitments[who] ?? [];
  const entries: Entry[] = [{ kind: 'committed', commitment }];
  const step = (action: string) => (commitment.attempt === 0 ? { step: action } : {});
  if (first === undefined)
    return byAuthor ? show(state, { entries, ...step('commit') }, ctx, who) : undefined;
  if (first.hash === hash || second !== undefined) return undefined;
  const closed = anyOpened(attempt) && ctx.setting.bug !== 'late_commitments';
  if (!closed) return show(state, { entries, ...step('equivocate') }, ctx, who);
  return show(state, { effects: [{ kind: 'accuse', who, reason: 'two commitments' }] }, ctx);
}

/** An opening counts once all have committed, each to one value. */
function takeOpening(
  state: BoardState,
  { attempts }: Book,
  who: NodeId,
  { attempt: number, opening }: Extract<DkdMessage, { kind: 'open' }>,
  ctx: BoardContext,
): BoardTurn | undefined {
  const { setting } = ctx;
  const attempt = attempts[number];
  const commitment = attempt?.commitments[who]?.[0];
  if (!attempt?.members.includes(who) || commitment === undefined) return undefined;
  if (attempt.openings[who] !== undefined || attempt.gaveUp.includes(who)) return undefined;
  if (!allCommitted(attempt) && setting.bug !== 'early_openings') return undefined;
  const entries: Entry[] = [{ kind: 'opened', attempt: number, who, opening }];
  if (number > 0) return show(state, { entries }, ctx);
  const step = fits(setting, commitment, opening) ? 'reveal' : 'openFalsely';
  return show(state, { entries, step }, ctx, who);
}

/** Who has committed may give up the first attempt, with a reason that the board can see. */
function takeNotice(
  state: BoardState,
  { attempts }: Book,
  who: NodeId,
  cause: 'cheating' | 'deadline',
  ctx: BoardContext,
): BoardTurn | undefined {
  const attempt = attempts[0];
  if (attempt?.commitments[who]?.[0] === undefined || attempt.gaveUp.includes(who)) return undefined;
  const proven = cause === 'cheating' && cheats(ctx.setting, attempt).length > 0;
  if (!proven && !isOverdue(attempt, ctx)) return undefined;
  const step = proven ? 'complain' : 'timeout';
  return show(state, { entries: [{ kind: 'gave up', who }], step }, ctx, who);
}

export function isOverdue({ epoch }: Attempt, ctx: BoardContext): boolean {
  return ctx.epoch - epoch >= ctx.setting.deadline;
}

/** Puts the entries on the board, opens another attempt where one has come to nothing by them, and tells everybody. */
function show(state: BoardState, taken: Taken, ctx: BoardContext, who?: NodeId): BoardTurn | undefined {
  const { setting } = ctx;
  const log = [...state.log, ...(taken.entries ?? [])];
  log.push(...another(readBook(setting, log.slice()), ctx));
  const added = log.slice(state.log.length);
  const effects: BoardEffect[] = [...(taken.effects ?? [])];
  if (taken.step !== undefined)
    effects.push({ kind: 'emit', action: taken.step, params: { p: setting.names[who ?? 0] ?? '' } });
  if (added.length === 0) return effects.length > 0 ? { state, effects } : undefined;
  for (const node of setting.names.keys()) effects.push(send(node, state.log.length, added));
  return { state: { ...state, log }, effects };
}

/**
 * The entry that follows when an attempt has come to nothing: another attempt without the culprits, while enough are left.
 * The first attempt is over when somebody has given it up, a later one when cheating is proven or its time is over.
 */
function another({ attempts, ended }: Book, ctx: BoardContext): Entry[] {
  const { setting, epoch } = ctx;
  const last = attempts.at(-1);
  if (last === undefined || ended || isComplete(setting, last)) return [];
  const proven = cheats(setting, last);
  const over = attempts.length === 1 ? last.gaveUp.length > 0 : proven.length > 0 || isOverdue(last, ctx);
  if (!over) return [];
  const culprits = proven.length > 0 ? proven : silent(last);
  const members = last.members.filter(member => !culprits.some(({ who }) => who === member));
  if (members.length < setting.threshold || attempts.length >= setting.attempts)
    return [{ kind: 'ended', culprits }];
  return [{ kind: 'attempt', epoch, members, culprits }];
}

function send(to: NodeId, from: number, entries: readonly Entry[]): BoardEffect {
  return { kind: 'send', to, body: { kind: 'board', from, entries } };
}
