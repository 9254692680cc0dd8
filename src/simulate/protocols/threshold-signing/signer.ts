// A holder of a share of the key. It promises a nonce to a session, answers the session's package with it, once, and takes
// an unused promise back after an abort. Whatever it promises or spends is on its disk before it is told. It asks the
// coordinator for one thing at a time, so that both agree on which of its nonces are free.
import type { Data, NodeId } from '../../data.js';
import type { Context, Effect, Happening, LocalAction, Turn } from '../../participant.js';
import { hashOf } from '../crypto.js';
import { groupKeyIn } from '../group-key.js';
import { stepInt } from '../setting-values.js';
import {
  coordinatorNode,
  type Nonce,
  type Pending,
  type Phase,
  type SessionRecord,
  type SignerState,
  type SigningMessage,
  type SigningSetting,
  type SigningState,
} from './data.js';
import { drawNonce, isGroupSignature, signShare } from './frost.js';

type Ctx = Context<SigningSetting>;
type SigningEffect = Effect<SigningMessage>;
type SigningTurn = Turn<SigningState, SigningMessage>;

const RANK: Readonly<Record<Phase, number>> = { Idle: 0, Committing: 1, Signing: 2, Complete: 3, Aborted: 3 };

const BLANK: SignerState = {
  role: 'signer',
  passive: false,
  nonces: [],
  pool: [],
  pending: null,
  exchanges: 0,
  promises: [],
  answered: [],
  sessions: [],
  overheard: [],
  success: null,
};

/** Draws all its nonces beforehand, as RFC 9591 allows. */
export function startSigner(ctx: Ctx): SigningTurn {
  const share = shareOf(ctx);
  const { nonces: indices } = ctx.setting;
  if (share === undefined) return stayOut({ ...BLANK, pool: indices }, 'it has no share of the key');
  const nonces = indices.map(index => drawNonce(ctx.self, share, index, ctx.random(`nonce ${index}`)));
  return persisted({ ...BLANK, nonces, pool: indices }, []);
}

/** With its disk it asks how things stand and repeats what may have got lost; without, its nonces are gone. */
export function restartSigner(disk: Data | undefined, ctx: Ctx): SigningTurn {
  if (!isKept(disk)) return stayOut(BLANK, 'its disk is lost');
  const { kept: _, ...own } = disk;
  const state: SignerState = { ...BLANK, ...own };
  const effects = [toCoordinator(ctx, { kind: 'sync' })];
  if (state.pending !== null) effects.push(asking(state, state.pending, ctx));
  return { state, effects };
}

function stayOut(state: SignerState, reason: string): SigningTurn {
  return { state: { ...state, passive: true }, effects: [{ kind: 'finish', as: 'aborted', reason }] };
}

// ---- what it is told ----

export function atSigner(
  state: SignerState,
  happening: Happening<SigningMessage>,
  ctx: Ctx,
): SigningTurn | undefined {
  if (state.passive || happening.kind !== 'message') return undefined;
  const { from, signer, body } = happening;
  if (from !== signer) return { state, effects: [{ kind: 'accuse', who: signer, reason: 'forged sender' }] };
  if (from !== coordinatorNode(ctx.setting)) return undefined;
  switch (body.kind) {
    case 'session':
      return heed(state, body.record, ctx);
    case 'reply':
      return body.exchange === state.pending?.exchange
        ? settle(state, state.pending, body.accepted)
        : undefined;
    case 'arrived':
      return ctx.setting.byzantine.includes(ctx.self)
        ? { state: { ...state, overheard: [...state.overheard, body.share] }, effects: [] }
        : undefined;
    case 'accused':
      return { state, effects: [{ kind: 'accuse', who: body.who, reason: body.reason }] };
    case 'done':
      return concluded({ ...state, success: body.success }, ctx);
    default:
      return undefined;
  }
}

/** Sessions only go forward, whatever the order in which their records arrive. */
function heed(state: SignerState, record: SessionRecord, ctx: Ctx): SigningTurn | undefined {
  const known = find(state, record.name);
  if (known !== undefined && RANK[known.phase] >= RANK[record.phase]) return undefined;
  const sessions = [...state.sessions.filter(({ name }) => name !== record.name), record];
  return concluded({ ...state, sessions }, ctx);
}

/** The coordinator's answer: a promise that it refused is none, a promise that it lets go is free again. */
function settle(state: SignerState, { kind, session, nonce }: Pending, accepted: boolean): SigningTurn {
  const settled = { ...state, pending: null };
  if (kind === 'promise')
    return persisted(
      accepted
        ? { ...settled, promises: [...state.promises, { session, nonce }] }
        : { ...settled, pool: [...state.pool, nonce] },
      [],
    );
  if (!accepted) return persisted(settled, []);
  const promises = state.promises.filter(promise => promise.session !== session);
  return persisted({ ...settled, promises, pool: [...state.pool, nonce] }, []);
}

/** Ends once it knows how it ended; the last signature may arrive after the word that all are made. */
function concluded(state: SignerState, ctx: Ctx): SigningTurn {
  const { success, sessions } = state;
  const isComplete = (message: number) =>
    sessions.some(session => session.phase === 'Complete' && session.message === message);
  if (success === null || (success && ![...ctx.setting.messages.keys()].every(isComplete)))
    return { state, effects: [] };
  const effect: SigningEffect =
    success && isSigned(state, ctx)
      ? { kind: 'finish', as: 'success' }
      : { kind: 'finish', as: 'aborted', reason: 'not every message could be signed' };
  return { state, effects: [effect] };
}

/** Whether it has seen a signature of every message, and each verifies. */
export function isSigned(state: SignerState, { setting }: Pick<Ctx, 'setting'>): boolean {
  return setting.messages.every((_, message) => signatureOf(state, message, setting) !== undefined);
}

/** A signature of the message that verifies, if it has seen one. */
export function signatureOf(
  { sessions }: SignerState,
  message: number,
  setting: SigningSetting,
): string | undefined {
  return sessions
    .filter(session => session.phase === 'Complete' && session.message === message)
    .map(({ signature }) => signature ?? '')
    .find(signature => isGroupSignature(setting, signature, setting.messages[message] ?? ''));
}

// ---- what it does ----

/** What it wants to do: to answer, to clear up, to take part. Misbehaviour is up to strategies. */
export function readySigner(state: SignerState, ctx: Ctx): readonly LocalAction[] {
  if (state.passive) return [];
  const p = ctx.setting.names[ctx.self] ?? '';
  const honest = !ctx.setting.byzantine.includes(ctx.self);
  const signs = state.promises
    .filter(({ session }) => maySign(state, session, ctx.self))
    .map(({ session, nonce }) => ({ action: 'sign', params: { p, s: session, n: nonce } }));
  const reclaims = state.promises
    .filter(({ session }) => honest && mayReclaim(state, session, ctx))
    .map(({ session, nonce }) => ({ action: 'reclaim', params: { p, s: session, n: nonce } }));
  const commits = state.sessions
    .filter(({ name }) => mayCommit(state, name))
    .map(({ name }) => ({ action: 'commit', params: { p, s: name } }));
  return [...signs, ...reclaims, ...commits];
}

export function actSigner(state: SignerState, step: LocalAction, ctx: Ctx): SigningTurn | undefined {
  const { s, n } = step.params;
  if (state.passive) return undefined;
  if (step.action === 'replay') return replay(state, step, ctx);
  if (typeof s !== 'string') return undefined;
  const promise = state.promises.find(({ session }) => session === s);
  const isAsked = promise !== undefined && promise.nonce === stepInt(n);
  switch (step.action) {
    case 'commit':
      return mayCommit(state, s) ? commit(state, s, ctx) : undefined;
    case 'sign':
      return isAsked && maySign(state, s, ctx.self) ? sign(state, s, promise.nonce, ctx) : undefined;
    case 'reclaim':
      return isAsked && mayReclaim(state, s, ctx)
        ? ask(state, { kind: 'withdraw', exchange: state.exchanges, session: s, nonce: promise.nonce }, ctx)
        : undefined;
    case 'equivocate':
      return equivocate(state, s, ctx);
    case 'forgeShare':
      return forgeShare(state, s, ctx);
    default:
      return undefined;
  }
}

function mayCommit(state: SignerState, name: string): boolean {
  const isPromised = state.promises.some(({ session }) => session === name);
  return (
    find(state, name)?.phase === 'Committing' &&
    !isPromised &&
    state.pending === null &&
    state.pool.length > 0
  );
}

function commit(state: SignerState, session: string, ctx: Ctx): SigningTurn {
  const nonce = Math.min(...state.pool);
  const pool = state.pool.filter(index => index !== nonce);
  return ask({ ...state, pool }, { kind: 'promise', exchange: state.exchanges, session, nonce }, ctx);
}

function maySign(state: SignerState, name: string, self: NodeId): boolean {
  const session = find(state, name);
  return (
    session?.phase === 'Signing' &&
    session.package.some(({ who }) => who === self) &&
    !state.answered.includes(name)
  );
}

function sign(state: SignerState, session: string, index: number, ctx: Ctx): SigningTurn | undefined {
  const { setting, self } = ctx;
  const record = find(state, session);
  const nonce = state.nonces.find(each => each.index === index);
  const key = shareOf(ctx);
  if (record === undefined || nonce === undefined || key === undefined) return undefined;
  const message = setting.messages[record.message] ?? '';
  const value = signShare(setting, self, key, nonce, record.package, message);
  return value === undefined ? undefined : answer(state, session, index, value, ctx);
}

/** From here on the nonce is spent, and the session is answered. */
function answer(state: SignerState, session: string, nonce: number, value: string, ctx: Ctx): SigningTurn {
  const share = { signer: ctx.self, session, nonce, value };
  const spent = { ...state, answered: [...state.answered, session] };
  return persisted(spent, [toCoordinator(ctx, { kind: 'share', into: session, share })]);
}

/** A nonce may serve again if it was never used: it has not signed with it, and in an aborted session never will. */
function mayReclaim(state: SignerState, name: string, { setting }: Ctx): boolean {
  const isSpent = state.answered.includes(name) && setting.bug !== 'reclaims_spent_nonces';
  return find(state, name)?.phase === 'Aborted' && state.pending === null && !isSpent;
}

/** Asks the coordinator for something; nothing else is asked before it has answered. */
function ask(state: SignerState, pending: Pending, ctx: Ctx): SigningTurn {
  const asked = { ...state, pending, exchanges: state.exchanges + 1 };
  return persisted(asked, [asking(asked, pending, ctx)]);
}

function asking(
  { nonces }: SignerState,
  { kind, exchange, session, nonce }: Pending,
  ctx: Ctx,
): SigningEffect {
  if (kind === 'withdraw') return toCoordinator(ctx, { kind, exchange, session });
  const own = nonces.find(({ index }) => index === nonce);
  const { hiding = '', binding = '' }: Partial<Nonce> = own ?? {};
  return toCoordinator(ctx, { kind: 'commit', exchange, session, nonce, hiding, binding });
}

// ---- the adversary ----

/** A second commitment, made up, after the one that it has sent. */
function equivocate(state: SignerState, session: string, ctx: Ctx): SigningTurn | undefined {
  const hasCommitted = [...state.promises, ...(state.pending ? [state.pending] : [])].some(
    each => each.session === session,
  );
  if (!isAdversary(ctx) || !hasCommitted || find(state, session)?.phase !== 'Committing') return undefined;
  const made = drawNonce(ctx.self, shareOf(ctx) ?? '', 0, ctx.random('made up'));
  const { hiding, binding } = made;
  const body = { kind: 'commit', exchange: -1, session, nonce: 0, hiding, binding } as const;
  return { state, effects: [toCoordinator(ctx, body)] };
}

/** An answer that does not verify. */
function forgeShare(state: SignerState, session: string, ctx: Ctx): SigningTurn | undefined {
  const promise = state.promises.find(each => each.session === session);
  if (!isAdversary(ctx) || promise === undefined || !maySign(state, session, ctx.self)) return undefined;
  return answer(
    state,
    session,
    promise.nonce,
    hashOf('false share', session, ctx.self).replace(/..$/, '00'),
    ctx,
  );
}

/** Sends a share that it has overheard into another session. */
function replay(state: SignerState, { params }: LocalAction, ctx: Ctx): SigningTurn | undefined {
  const { s: into, share: asked } = params;
  if (!isAdversary(ctx) || typeof into !== 'string' || typeof asked !== 'object' || asked === null)
    return undefined;
  if (!('signer' in asked) || !('session' in asked)) return undefined;
  const { signer, session } = asked;
  const share = state.overheard.find(
    each => ctx.setting.names[each.signer] === signer && each.session === session,
  );
  return share && { state, effects: [toCoordinator(ctx, { kind: 'share', into, share })] };
}

function isAdversary({ setting, self }: Ctx): boolean {
  return setting.byzantine.includes(self);
}

// ---- its state ----

/** Its share of the key: from its vault, or from the trusted setup. */
function shareOf({ setting, self, vault }: Ctx): string | undefined {
  const share = setting.shares === null ? groupKeyIn(vault)?.share : setting.shares[self];
  return share === '' ? undefined : share;
}

function find({ sessions }: SignerState, name: string): SessionRecord | undefined {
  return sessions.find(session => session.name === name);
}

function toCoordinator({ setting }: Ctx, body: SigningMessage): SigningEffect {
  return { kind: 'send', to: coordinatorNode(setting), body };
}

type Kept = { readonly kept: true } & Pick<
  SignerState,
  'nonces' | 'pool' | 'pending' | 'exchanges' | 'promises' | 'answered'
>;

function persisted(state: SignerState, effects: readonly SigningEffect[]): SigningTurn {
  const { nonces, pool, pending, exchanges, promises, answered } = state;
  const disk: Kept = { kept: true, nonces, pool, pending, exchanges, promises, answered };
  return { state, effects: [{ kind: 'persist', disk }, ...effects] };
}

/** Nothing else writes to the disk of this protocol. */
function isKept(disk: Data | undefined): disk is Kept {
  return typeof disk === 'object' && disk !== null && 'kept' in disk;
}
