// What the coordinator makes of what arrives. It takes up what the rules of the rounds allow, checks every share before
// anything else is done with it, and holds against its sender what no honest signer sends. Most steps of the spec that are
// a signer's happen here: what the coordinator does not take up counts as never sent.
import { must } from '../../../util/assert.js';
import type { NodeId } from '../../data.js';
import type { Happening } from '../../participant.js';
import {
  type Arrived,
  type CoordinatorState,
  type Promised,
  type Session,
  type Share,
  type SigningMessage,
  shareParam,
} from './data.js';
import { isShare } from './frost.js';
import {
  accusation,
  type Ctx,
  find,
  hasAnswered,
  isPromised,
  isSameShare,
  messageOf,
  nameOf,
  recordFor,
  replace,
  type SigningEffect,
  type SigningTurn,
  toAll,
} from './record.js';

export function atCoordinator(
  state: CoordinatorState,
  happening: Happening<SigningMessage>,
  ctx: Ctx,
): SigningTurn | undefined {
  if (happening.kind !== 'message') return undefined;
  const { from, signer, body } = happening;
  if (from !== signer) return accusing(state, signer, 'forged sender', ctx);
  switch (body.kind) {
    case 'commit':
      return takeCommitment(state, from, body, ctx);
    case 'withdraw':
      return takeBack(state, from, body, ctx);
    case 'share':
      return body.share.signer === from && body.share.session === body.into
        ? takeShare(state, body.share, ctx)
        : takeStray(state, from, body, ctx);
    case 'sync':
      return { state, effects: recordFor(state, from) };
    default:
      return undefined;
  }
}

/** The first commitment is a promise; another one in round one proves cheating. Later nobody reads it. */
function takeCommitment(
  state: CoordinatorState,
  who: NodeId,
  { exchange, session: name, nonce, hiding, binding }: Extract<SigningMessage, { kind: 'commit' }>,
  ctx: Ctx,
): SigningTurn | undefined {
  const session = find(state, name);
  const answer = (accepted: boolean): SigningEffect => ({
    kind: 'send',
    to: who,
    body: { kind: 'reply', exchange, accepted },
  });
  const own = session?.commitments.filter(each => each.who === who) ?? [];
  const [first] = own;
  const params = { p: nameOf(ctx, who), s: name };
  const withCommitment = (each: Promised) =>
    replace(state, { ...must(session, name), commitments: [...(session?.commitments ?? []), each] });
  if (first === undefined) {
    const isFree = ctx.setting.nonces.includes(nonce) && !isPromised(state, who, nonce);
    if (session?.phase !== 'Committing' || !isFree) return { state, effects: [answer(false)] };
    const effects: SigningEffect[] = [{ kind: 'emit', action: 'commit', params }, answer(true)];
    return { state: withCommitment({ who, nonce, hiding, binding }), effects };
  }
  if (first.hiding === hiding && first.binding === binding) return { state, effects: [answer(true)] };
  if (session?.phase !== 'Committing' || own.length > 1) return undefined;
  const effects: SigningEffect[] = [{ kind: 'emit', action: 'equivocate', params }];
  return { state: withCommitment({ who, nonce: 0, hiding, binding }), effects };
}

/** After an abort an unused commitment may be taken back. */
function takeBack(
  state: CoordinatorState,
  who: NodeId,
  { exchange, session: name }: Extract<SigningMessage, { kind: 'withdraw' }>,
  ctx: Ctx,
): SigningTurn | undefined {
  const session = find(state, name);
  if (session === undefined) return undefined;
  const own = session.commitments.find(each => each.who === who);
  const used = hasAnswered(session, who) && ctx.setting.bug !== 'reclaims_spent_nonces';
  const accepted = session.phase === 'Aborted' && !used;
  const reply: SigningEffect = { kind: 'send', to: who, body: { kind: 'reply', exchange, accepted } };
  if (!accepted || own === undefined) return { state, effects: [reply] };
  const params = { p: nameOf(ctx, who), s: name, n: own.nonce };
  const commitments = session.commitments.filter(each => each.who !== who);
  return {
    state: replace(state, { ...session, commitments }),
    effects: [{ kind: 'emit', action: 'reclaim', params }, reply],
  };
}

/** The answer of a signer to the package, checked before anything else is done with it. */
function takeShare(state: CoordinatorState, share: Share, ctx: Ctx): SigningTurn | undefined {
  const session = find(state, share.session);
  const { signer } = share;
  const promised = session?.package.find(({ who }) => who === signer);
  if (session?.phase !== 'Signing' || promised === undefined || hasAnswered(session, signer))
    return undefined;
  const message = messageOf(ctx, session);
  const valid =
    share.nonce === promised.nonce && isShare(ctx.setting, signer, share.value, session.package, message);
  const params = { p: nameOf(ctx, signer), s: session.name };
  const emit: SigningEffect = valid
    ? { kind: 'emit', action: 'sign', params: { ...params, n: promised.nonce } }
    : { kind: 'emit', action: 'forgeShare', params };
  return keep(state, session, { share, valid }, emit, ctx);
}

/** A genuine share in the wrong session is kept as what it is, and never used; it tells nothing of its signer. */
function takeStray(
  state: CoordinatorState,
  from: NodeId,
  { into, share }: Extract<SigningMessage, { kind: 'share' }>,
  ctx: Ctx,
): SigningTurn | undefined {
  const session = find(state, into);
  const known = find(state, share.session)?.inbox.find(each => isSameShare(each.share, share));
  const accused = accusing(state, from, 'replayed share', ctx);
  if (session?.phase !== 'Signing' || known === undefined) return accused;
  if (session.inbox.some(each => isSameShare(each.share, share))) return accused;
  const params = { s: into, share: shareParam(ctx.setting, known) };
  const turn = keep(state, session, known, { kind: 'emit', action: 'replay', params }, ctx);
  return { ...turn, effects: [...turn.effects, ...accused.effects] };
}

/** Puts a share into the inbox of a session, and on the public record. */
function keep(
  state: CoordinatorState,
  session: Session,
  arrived: Arrived,
  emit: SigningEffect,
  { setting }: Ctx,
): SigningTurn {
  const effects = [emit, ...toAll(setting, { kind: 'arrived', share: arrived.share })];
  return { state: replace(state, { ...session, inbox: [...session.inbox, arrived] }), effects };
}

function accusing(state: CoordinatorState, who: NodeId, reason: string, ctx: Ctx): SigningTurn {
  return { state, effects: accusation(who, reason, ctx) };
}
