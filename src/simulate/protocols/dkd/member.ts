// A participant of a key derivation. It commits, opens and gives up by telling the board, and believes only what the board
// shows and its own checks confirm. The first attempt is the spec's: its steps are taken by `act`. Later attempts are none
// of the spec's business and go by themselves. Nothing is told before it is on disk.
import { must } from '../../../util/assert.js';
import type { Data, NodeId } from '../../data.js';
import type { Context, Effect, Happening, LocalAction, Turn } from '../../participant.js';
import { storeGroupKey } from '../group-key.js';
import { isOverdue } from './board.js';
import {
  type Attempt,
  allCommitted,
  anyOpened,
  type Book,
  cheats,
  isAuthentic,
  isComplete,
  readBook,
} from './book.js';
import {
  boardNode,
  type Commitment,
  type DkdMessage,
  type DkdSetting,
  type DkdState,
  type Entry,
  type MemberState,
  type Opening,
  type Own,
  type Used,
} from './data.js';
import { commitmentTo, falseOpening, groupKeyFor, keyOfAttempt, openingOf } from './share.js';

type MemberContext = Context<DkdSetting>;
type MemberEffect = Effect<DkdMessage>;
type MemberTurn = Turn<DkdState, DkdMessage>;

const BLANK: MemberState = {
  role: 'member',
  passive: false,
  log: [],
  early: [],
  heard: [],
  own: [],
  timer: false,
  gaveUp: false,
  derived: null,
  key: null,
  left: false,
};

export function startMember(): MemberTurn {
  return { state: BLANK, effects: [persist(BLANK)] };
}

/** With its disk it asks for the board and says again what may have got lost; without, it stays out of it. */
export function restartMember(disk: Data | undefined, ctx: MemberContext): MemberTurn {
  if (!isKept(disk))
    return {
      state: { ...BLANK, passive: true },
      effects: [{ kind: 'finish', as: 'aborted', reason: 'its disk is lost' }],
    };
  const { own, derived, key, left } = disk;
  const first = own.find(({ attempt }) => attempt === 0);
  const running = first !== undefined && derived === null;
  const forgets = ctx.setting.bug === 'restart_without_timer' && first?.opened === true;
  const state: MemberState = { ...BLANK, own, derived, key, left, timer: running && !forgets };
  if (left) return { state, effects: [] };
  const board = boardNode(ctx.setting);
  const effects: MemberEffect[] = [{ kind: 'send', to: board, body: { kind: 'sync', from: 0 } }];
  for (const { attempt, opening, opened } of own) {
    const commitment = commitmentTo(ctx.setting, attempt, ctx.self, opening);
    effects.push({ kind: 'send', to: board, body: { kind: 'commit', commitment } });
    if (opened) effects.push({ kind: 'send', to: board, body: { kind: 'open', attempt, opening } });
  }
  return { state, effects };
}

export function atMember(
  state: MemberState,
  happening: Happening<DkdMessage>,
  ctx: MemberContext,
): MemberTurn | undefined {
  if (state.passive || state.left || happening.kind !== 'message') return undefined;
  const { from, signer, body } = happening;
  if (from !== signer) return { state, effects: [{ kind: 'accuse', who: signer, reason: 'forged sender' }] };
  if (body.kind === 'commit') return hear(state, body.commitment, ctx);
  if (body.kind !== 'board' || from !== boardNode(ctx.setting)) return undefined;
  const { log, early } = merged(state, body);
  if (log === state.log) return { state: { ...state, early }, effects: [] };
  return advance({ ...state, log, early }, log.slice(state.log.length), ctx);
}

/** A commitment from its author: whoever told the board something else is found out by echoing it. */
function hear(state: MemberState, commitment: Commitment, ctx: MemberContext): MemberTurn | undefined {
  const { attempt, who } = commitment;
  if (!isAuthentic(ctx.setting, commitment)) return undefined;
  const [shown] = readBook(ctx.setting, state.log).attempts[attempt]?.commitments[who] ?? [];
  if (shown === undefined) return { state: { ...state, heard: [...state.heard, commitment] }, effects: [] };
  return shown.hash === commitment.hash ? undefined : { state, effects: echo(commitment, ctx) };
}

function echo(commitment: Commitment, { setting }: MemberContext): MemberEffect[] {
  return [
    { kind: 'send', to: boardNode(setting), body: { kind: 'heard', commitment } },
    { kind: 'accuse', who: commitment.who, reason: 'two commitments' },
  ];
}

/** The board as far as it is known without gaps. */
function merged(
  { log, early }: MemberState,
  piece: Extract<DkdMessage, { kind: 'board' }>,
): Pick<MemberState, 'log' | 'early'> {
  let whole = log;
  let waiting = [...early, { from: piece.from, entries: piece.entries }];
  for (;;) {
    const next = waiting.find(
      ({ from, entries }) => from <= whole.length && from + entries.length > whole.length,
    );
    if (next === undefined) break;
    whole = [...whole, ...next.entries.slice(whole.length - next.from)];
  }
  waiting = waiting.filter(({ from }) => from > whole.length);
  return { log: whole, early: waiting };
}

/** What follows from new entries of the board, except for the steps of the first attempt. */
function advance(before: MemberState, added: readonly Entry[], ctx: MemberContext): MemberTurn {
  const { setting } = ctx;
  const book = readBook(setting, before.log);
  const effects = blame(added, book, ctx);
  let state = before;
  const shown = (one: Commitment) => book.attempts[one.attempt]?.commitments[one.who]?.[0];
  for (const one of state.heard) {
    const first = shown(one);
    if (first !== undefined && first.hash !== one.hash) effects.push(...echo(one, ctx));
  }
  state = { ...state, heard: state.heard.filter(one => shown(one) === undefined) };
  for (const [number, attempt] of book.attempts.entries()) {
    if (number > 0) state = proceed(state, number, attempt, effects, ctx);
    const bySpec = number === 0 && mayDerive(state, attempt, ctx);
    if (state.key === null && isComplete(setting, attempt) && !bySpec)
      state = { ...state, key: derive(attempt, effects, ctx).key };
  }
  if (book.ended && state.key === null) effects.push(ending(state.log));
  if (state.own !== before.own || state.key !== before.key) effects.unshift(persist(state));
  return { state, effects };
}

/** Accuses those whom the new entries show as cheats, or as those for whom all waited. */
function blame(
  added: readonly Entry[],
  { attempts }: Book,
  { setting, self }: MemberContext,
): MemberEffect[] {
  const found = attempts.flatMap(attempt => cheats(setting, attempt));
  return added.flatMap((entry): MemberEffect[] => {
    if (entry.kind === 'attempt' || entry.kind === 'ended')
      return entry.culprits
        .filter(({ who, reason }) => reason === 'silent' && who !== self)
        .map(({ who, reason }) => ({ kind: 'accuse', who, reason }));
    const author =
      entry.kind === 'committed' ? entry.commitment.who : entry.kind === 'opened' ? entry.who : -1;
    return found
      .filter(({ who }) => who === author && who !== self)
      .map(({ who, reason }) => ({ kind: 'accuse', who, reason }));
  });
}

function ending(log: readonly Entry[]): MemberEffect {
  const proven = log.some(
    entry => 'culprits' in entry && entry.culprits.some(({ reason }) => reason !== 'silent'),
  );
  const reason = 'too few are left for another attempt';
  return { kind: 'finish', as: proven ? 'aborted' : 'timeout', reason };
}

/** Later attempts go by themselves. */
function proceed(
  state: MemberState,
  number: number,
  attempt: Attempt,
  effects: MemberEffect[],
  ctx: MemberContext,
): MemberState {
  const { setting, self } = ctx;
  if (!attempt.members.includes(self)) return state;
  const own = ownOf(state, number);
  if (own === undefined) {
    const turn = commit(state, number, ctx);
    effects.push(...turn.effects);
    return turn.state;
  }
  const [mine] = attempt.commitments[self] ?? [];
  if (own.opened || mine === undefined || !allCommitted(attempt)) return state;
  effects.push({
    kind: 'send',
    to: boardNode(setting),
    body: { kind: 'open', attempt: number, opening: own.opening },
  });
  return withOwn(state, { ...own, opened: true });
}

function commit(
  state: MemberState,
  attempt: number,
  ctx: MemberContext,
): { readonly state: MemberState; readonly effects: MemberEffect[] } {
  const { setting, self } = ctx;
  const opening = openingOf(setting, self, ctx.random(`opening ${attempt}`));
  const commitment = commitmentTo(setting, attempt, self, opening);
  return {
    state: withOwn(state, { attempt, opening, opened: false }),
    effects: toAll(setting, self, { kind: 'commit', commitment }),
  };
}

/** Sends to the board and to all other participants. */
function toAll({ names }: DkdSetting, self: NodeId, body: DkdMessage): MemberEffect[] {
  return [names.length, ...names.keys()].filter(to => to !== self).map(to => ({ kind: 'send', to, body }));
}

/** The key of a complete attempt; puts it into the vault. */
function derive(attempt: Attempt, effects: MemberEffect[], ctx: MemberContext): { readonly key: string } {
  const { setting, self } = ctx;
  const isWrong = setting.bug === 'wrong_context';
  const key = isWrong
    ? keyOfAttempt({ ...setting, context: `${setting.context} of ${self}` }, { ...attempt })
    : keyOfAttempt(setting, attempt);
  effects.push(
    { kind: 'store', key: 'dkd/root_share', value: setting.rootShares[self] ?? '' },
    { kind: 'store', key: 'dkd/context', value: setting.context },
    { kind: 'store', key: 'root_key', value: key },
    ...storeGroupKey(groupKeyFor(setting, self, key)),
    { kind: 'finish', as: 'success' },
  );
  return { key };
}

// ---- the steps of the spec ----

/** What a participant may do in the first attempt, as far as it can see. The adversary neither derives nor gives up. */
function options(state: MemberState, ctx: MemberContext): { [action: string]: () => MemberTurn } {
  const { setting, self } = ctx;
  const attempt = readBook(setting, state.log).attempts[0];
  if (state.passive || state.left || attempt === undefined) return {};
  const board = boardNode(setting);
  const own = ownOf(state, 0);
  if (own === undefined)
    return {
      commit: () => {
        const turn = commit(state, 0, ctx);
        return persisted({ ...turn.state, timer: true }, turn.effects);
      },
    };
  const isShown = attempt.commitments[self]?.[0] !== undefined;
  const open = (opening: Opening) => () =>
    persisted(withOwn(state, { ...own, opened: true }), [
      { kind: 'send', to: board, body: { kind: 'open', attempt: 0, opening } },
    ]);
  const mayOpen =
    isShown &&
    !own.opened &&
    !isOut(state, attempt, self) &&
    (allCommitted(attempt) || opensEarly(attempt, ctx));
  const opens = mayOpen ? { reveal: open(own.opening) } : {};
  if (setting.byzantine.includes(self)) {
    return {
      ...opens,
      ...(mayOpen && { openFalsely: open(falseOpening(setting, own.opening)) }),
      ...(mayLeave(state, ctx) && !own.opened && { leave: () => leave(state, ctx) }),
      ...(!own.opened && { equivocate: () => ({ state, effects: equivocation(own, ctx) }) }),
    };
  }
  const giveUp = (cause: 'cheating' | 'deadline') => (): MemberTurn => ({
    state: { ...state, gaveUp: true },
    effects: [{ kind: 'send', to: board, body: { kind: 'give up', cause } }],
  });
  const busy = isShown && state.derived === null && !isOut(state, attempt, self);
  return {
    ...(mayDerive(state, attempt, ctx) && { derive: () => deriveFirst(state, attempt, ctx) }),
    ...(busy && mayComplain(attempt, ctx) && { complain: giveUp('cheating') }),
    ...(busy && state.timer && isOverdue(attempt, ctx) && { timeout: giveUp('deadline') }),
    ...opens,
  };
}

/** What it wants to do, what leads on first; misbehaviour is up to strategies. */
export function readyMember(state: MemberState, ctx: MemberContext): readonly LocalAction[] {
  const possible = options(state, ctx);
  const { attempts } = readBook(ctx.setting, state.log);
  const wanted = ['derive', 'complain', 'timeout', 'reveal', 'commit'].filter(name => name in possible);
  const late = attempts.length > 1;
  return wanted
    .filter(name => !(late && name === 'commit') && !(name === 'timeout' && 'derive' in possible))
    .map(action => ({ action, params: { p: ctx.setting.names[ctx.self] ?? '' } }));
}

export function actMember(state: MemberState, step: LocalAction, ctx: MemberContext): MemberTurn | undefined {
  const possible = options(state, ctx);
  return Object.hasOwn(possible, step.action) ? must(possible[step.action], step.action)() : undefined;
}

/** Of the adversary: whether it sees an opening of somebody else, and has none of its own on the board. */
export function mayLeave(state: MemberState, { setting, self }: MemberContext): boolean {
  const attempt = readBook(setting, state.log).attempts[0];
  if (state.passive || state.left || attempt?.commitments[self]?.[0] === undefined) return false;
  return attempt.openings[self] === undefined && anyOpened(attempt);
}

/** Goes without a word. Nothing that it has sent may be under way. */
export function leave(state: MemberState, ctx: MemberContext): MemberTurn {
  return persisted({ ...state, left: true }, [emit('leave', ctx)]);
}

function equivocation(own: Own, ctx: MemberContext): MemberEffect[] {
  const { setting, self } = ctx;
  const commitment = commitmentTo(setting, 0, self, falseOpening(setting, own.opening));
  return toAll(setting, self, { kind: 'commit', commitment }).filter(
    effect => effect.kind === 'send' && (effect.to === boardNode(setting) || effect.to % 2 === 1),
  );
}

function deriveFirst(state: MemberState, attempt: Attempt, ctx: MemberContext): MemberTurn {
  const effects: MemberEffect[] = [emit('derive', ctx)];
  const { key } = derive(attempt, effects, ctx);
  const cheating = cheats(ctx.setting, attempt);
  const derived = attempt.members.map(
    (who): Used => ({ who, genuine: !cheating.some(one => one.who === who) }),
  );
  return persisted({ ...state, derived, key, timer: false }, effects);
}

function mayDerive(state: MemberState, attempt: Attempt, { setting, self }: MemberContext): boolean {
  if (setting.byzantine.includes(self) || state.derived !== null || isOut(state, attempt, self)) return false;
  return setting.bug === 'unchecked_openings'
    ? attempt.members.every(who => attempt.openings[who] !== undefined)
    : isComplete(setting, attempt);
}

function mayComplain(attempt: Attempt, { setting }: MemberContext): boolean {
  return setting.bug !== 'unchecked_openings' && cheats(setting, attempt).length > 0;
}

function opensEarly(attempt: Attempt, { setting }: MemberContext): boolean {
  const committed = attempt.commitments.filter(({ length }) => length === 1).length;
  return setting.bug === 'early_openings' && committed >= setting.threshold;
}

/** Whether it has given up the first attempt, or is about to. */
function isOut({ gaveUp }: MemberState, attempt: Attempt, self: NodeId): boolean {
  return gaveUp || attempt.gaveUp.includes(self);
}

// ---- its state ----

function ownOf({ own }: MemberState, attempt: number): Own | undefined {
  return own.find(each => each.attempt === attempt);
}

function withOwn(state: MemberState, own: Own): MemberState {
  return { ...state, own: [...state.own.filter(({ attempt }) => attempt !== own.attempt), own] };
}

function emit(action: string, { setting, self }: MemberContext): MemberEffect {
  return { kind: 'emit', action, params: { p: setting.names[self] ?? '' } };
}

function persisted(state: MemberState, effects: readonly MemberEffect[]): MemberTurn {
  return { state, effects: [persist(state), ...effects] };
}

type Kept = { readonly kept: true } & Pick<MemberState, 'own' | 'derived' | 'key' | 'left'>;

function persist({ own, derived, key, left }: MemberState): MemberEffect {
  const disk: Kept = { kept: true, own, derived, key, left };
  return { kind: 'persist', disk };
}

/** Nothing else writes to the disk of this protocol. */
function isKept(disk: Data | undefined): disk is Kept {
  return typeof disk === 'object' && disk !== null && 'kept' in disk;
}
