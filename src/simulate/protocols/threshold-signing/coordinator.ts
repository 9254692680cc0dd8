// What the coordinator of threshold signing does by itself: it opens sessions, fixes who signs, adds the shares up,
// excludes cheats and gives up what takes too long. It is trusted with progress and not with the key: what it publishes,
// signers check.
import type { Data, NodeId } from '../../data.js';
import type { LocalAction } from '../../participant.js';
import { nodeNamed, textsOf } from '../setting-values.js';
import { type Arrived, type CoordinatorState, type Session, shareParam } from './data.js';
import { aggregate } from './frost.js';
import {
  accusation,
  type Ctx,
  emitted,
  ended,
  find,
  hasAnswered,
  hasCheated,
  isOpen,
  messageOf,
  missing,
  ownShares,
  roomMade,
  type SigningTurn,
  settled,
  shown,
} from './record.js';

/** What it wants to do: to exclude and to finish before it begins anything. */
export function readyCoordinator(state: CoordinatorState, ctx: Ctx): readonly LocalAction[] {
  const { setting, epoch } = ctx;
  const each = (wanted: (session: Session) => boolean, action: string): LocalAction[] =>
    state.sessions.filter(wanted).map(({ name }) => ({ action, params: { s: name } }));
  const inRoundTwo = state.sessions.some(({ phase }) => phase === 'Signing');
  // While another session is in round two, a session cannot go on, and its time does not count.
  const isLate = ({ phase, since }: Session) =>
    (phase === 'Signing' || !inRoundTwo) && epoch - since >= setting.deadline;
  const cheats = setting.names.filter((_, node) => !state.blamed.includes(node) && hasCheated(state, node));
  const toAggregate = state.sessions.flatMap(session => {
    const chosen = sharesFor(session, ctx);
    return chosen === undefined ? [] : [{ session, chosen }];
  });
  const groups = inRoundTwo && setting.bug !== 'two_packages' ? [] : groupsFor(state, ctx);
  return [
    ...cheats.map(p => ({ action: 'blame', params: { p } })),
    ...toAggregate.map(({ session, chosen }) => ({
      action: 'aggregate',
      params: { s: session.name, chosen: chosen.map(arrived => shareParam(setting, arrived)) },
    })),
    ...groups,
    ...each(session => isOpen(session) && session.overdue, 'timeout'),
    ...each(session => isOpen(session) && !session.overdue && isLate(session), 'expire'),
    ...toRequest(state, ctx).map(s => ({ action: 'request', params: { s } })),
  ];
}

/** The packages that it would announce: those who came first, the slow ones last. */
function groupsFor(state: CoordinatorState, ctx: Ctx): LocalAction[] {
  const { names, threshold } = ctx.setting;
  return state.sessions.flatMap((session): LocalAction[] => {
    if (session.phase !== 'Committing') return [];
    const fit = session.commitments.map(({ who }) => who).filter(who => maySign(state, session, who));
    const all = names.length - state.blamed.length;
    if (fit.length < threshold || (fit.length < all && ctx.epoch <= session.opened)) return [];
    const ranked = [
      ...fit.filter(who => !state.slow.includes(who)),
      ...fit.filter(who => state.slow.includes(who)),
    ];
    const chosen = ranked.slice(0, threshold);
    const group = names.filter((_, node) => chosen.includes(node));
    return [{ action: 'announce', params: { s: session.name, group } }];
  });
}

/** Idle sessions for messages that are not signed and that no session is at work on: at most two at a time. */
function toRequest({ sessions }: CoordinatorState, { setting }: Ctx): string[] {
  const open = sessions.filter(isOpen);
  const free = sessions.filter(({ phase }) => phase === 'Idle').map(({ name }) => name);
  return free.slice(0, Math.min(2 - open.length, missing(sessions, setting).length));
}

export function actCoordinator(
  state: CoordinatorState,
  step: LocalAction,
  ctx: Ctx,
): SigningTurn | undefined {
  if (step.action === 'blame') return blame(state, step, ctx);
  const session = find(state, step.params.s);
  if (session === undefined) return undefined;
  switch (step.action) {
    case 'request': {
      if (session.phase !== 'Idle') return undefined;
      const message = missing(state.sessions, ctx.setting)[0] ?? 0;
      return settled(
        state,
        { ...session, phase: 'Committing', message, opened: ctx.epoch, since: ctx.epoch },
        step,
        ctx,
      );
    }
    case 'expire':
      return isOpen(session) && !session.overdue
        ? settled(state, { ...session, overdue: true }, step, ctx)
        : undefined;
    case 'announce':
      return announce(state, session, step, ctx);
    case 'aggregate':
      return publish(state, session, step, ctx);
    case 'timeout':
      return giveUp(state, session, step, ctx);
    default:
      return undefined;
  }
}

function announce(
  state: CoordinatorState,
  session: Session,
  step: LocalAction,
  ctx: Ctx,
): SigningTurn | undefined {
  const { names, threshold, bug } = ctx.setting;
  const group = textsOf(step.params.group)?.map(name => names.indexOf(name)) ?? [];
  if (session.phase !== 'Committing' || group.length < threshold) return undefined;
  if (bug !== 'two_packages' && state.sessions.some(({ phase }) => phase === 'Signing')) return undefined;
  if (!group.every(who => maySign(state, session, who))) return undefined;
  const pack = session.commitments.filter(({ who }) => group.includes(who)).sort((a, b) => a.who - b.who);
  return settled(state, { ...session, phase: 'Signing', package: pack, since: ctx.epoch }, step, ctx);
}

/** One genuine commitment and no blame. */
function maySign(state: CoordinatorState, { commitments }: Session, who: NodeId): boolean {
  return commitments.filter(each => each.who === who).length === 1 && !state.blamed.includes(who);
}

function publish(
  state: CoordinatorState,
  session: Session,
  step: LocalAction,
  ctx: Ctx,
): SigningTurn | undefined {
  const chosen = sharesFor(session, ctx);
  const asked = step.params.chosen;
  if (chosen === undefined || !Array.isArray(asked)) return undefined;
  const params = chosen.map(arrived => shareParam(ctx.setting, arrived));
  if (textOf(params) !== textOf(asked)) return undefined;
  const values = chosen.map(({ share: { signer, value } }) => ({ signer, value }));
  const signature = aggregate(ctx.setting, values, session.package, messageOf(ctx, session)) ?? '';
  const complete: Session = { ...session, phase: 'Complete', signature, used: chosen, overdue: false };
  return settled(roomMade(state, ctx), { ...complete, inbox: ownShares(session) }, step, ctx);
}

/** A valid share of this session from every signer; undefined while one is missing. */
function sharesFor(
  { name, phase, package: pack, inbox }: Session,
  { setting }: Ctx,
): readonly Arrived[] | undefined {
  if (phase !== 'Signing') return undefined;
  const counts = ({ share, valid }: Arrived) =>
    valid && (share.session === name || setting.bug === 'counts_strays');
  const found = pack.map(({ who }) => inbox.find(arrived => arrived.share.signer === who && counts(arrived)));
  const chosen = found.filter(arrived => arrived !== undefined);
  return chosen.length === pack.length ? chosen : undefined;
}

/** Gives a session up; those for whom it waited are asked last from then on. */
function giveUp(
  state: CoordinatorState,
  session: Session,
  step: LocalAction,
  ctx: Ctx,
): SigningTurn | undefined {
  if (!isOpen(session) || !session.overdue) return undefined;
  const waitedFor =
    session.phase === 'Signing'
      ? session.package.map(({ who }) => who).filter(who => !hasAnswered(session, who))
      : [...ctx.setting.names.keys()].filter(node => !session.commitments.some(({ who }) => who === node));
  const slow = [...new Set([...state.slow, ...waitedFor])];
  const turn = settled(roomMade({ ...state, slow }, ctx), aborted(session), step, ctx);
  const accusations = waitedFor.flatMap(who => accusation(who, 'silent', ctx));
  return { ...turn, effects: [...turn.effects, ...accusations] };
}

/** Excludes a proven cheat, and aborts every session that waits for it. */
function blame(state: CoordinatorState, step: LocalAction, ctx: Ctx): SigningTurn | undefined {
  const who = nodeNamed(ctx.setting.names, step.params.p);
  const reason = hasCheated(state, who);
  if (reason === undefined || state.blamed.includes(who)) return undefined;
  const stuck = ({ phase, package: pack }: Session) =>
    phase === 'Signing' && pack.some(signer => signer.who === who);
  const changed = state.sessions.filter(stuck).map(session => ({ ...aborted(session), overdue: false }));
  const sessions = state.sessions.map(
    session => changed.find(({ name }) => name === session.name) ?? session,
  );
  const next = { ...state, sessions, blamed: [...state.blamed, who] };
  return ended(
    roomMade(next, ctx),
    [emitted(step), ...accusation(who, reason, ctx), ...changed.flatMap(one => shown(one, ctx))],
    ctx,
  );
}

function aborted(session: Session): Session {
  return { ...session, phase: 'Aborted', package: [], inbox: ownShares(session) };
}

/** One text for a set of shares, whatever the order of its members and their keys. */
function textOf(shares: readonly Data[]): string {
  const parts = shares.map(share =>
    typeof share === 'object' && share !== null ? JSON.stringify(Object.entries(share).sort()) : '',
  );
  return parts.sort().join();
}
