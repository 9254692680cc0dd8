// The coordinator's record of the sessions: how it is read, how it is changed, and how everybody is told. What may be
// changed is for others to say.
import type { Data, NodeId } from '../../data.js';
import type { Context, Effect, LocalAction, Turn } from '../../participant.js';
import type {
  Arrived,
  CoordinatorState,
  Session,
  SessionRecord,
  Share,
  SigningMessage,
  SigningSetting,
  SigningState,
} from './data.js';

export type Ctx = Context<SigningSetting>;
export type SigningTurn = Turn<SigningState, SigningMessage>;
export type SigningEffect = Effect<SigningMessage>;

export function blankCoordinator({ sessions }: SigningSetting): CoordinatorState {
  const blank = sessions.map(
    (name): Session => ({
      name,
      phase: 'Idle',
      message: 0,
      package: [],
      signature: null,
      opened: 0,
      since: 0,
      overdue: false,
      commitments: [],
      inbox: [],
      used: [],
    }),
  );
  return { role: 'coordinator', sessions: blank, blamed: [], slow: [], success: null };
}

/** The session as it is now, shown to all. */
export function settled(state: CoordinatorState, session: Session, step: LocalAction, ctx: Ctx): SigningTurn {
  return ended(replace(state, session), [emitted(step), ...shown(session, ctx)], ctx);
}

/** A session that leaves round two makes room for another one, whose deadline counts from now. */
export function roomMade(state: CoordinatorState, { epoch }: Ctx): CoordinatorState {
  const sessions = state.sessions.map(session =>
    session.phase === 'Committing' ? { ...session, since: epoch } : session,
  );
  return { ...state, sessions };
}

/** Tells everybody when all is signed, or nothing more can be. */
export function ended(state: CoordinatorState, effects: readonly SigningEffect[], ctx: Ctx): SigningTurn {
  const open = missing(state.sessions, ctx.setting).length;
  const idle = state.sessions.some(({ phase }) => phase === 'Idle');
  if (state.success !== null || state.sessions.some(isOpen) || (open > 0 && idle)) return { state, effects };
  const success = open === 0;
  const told = toAll(ctx.setting, { kind: 'done', success });
  return { state: { ...state, success }, effects: [...effects, ...told] };
}

export function emitted({ action, params }: LocalAction): SigningEffect {
  return { kind: 'emit', action, params };
}

export function shown(session: Session, { setting }: Ctx): SigningEffect[] {
  return toAll(setting, { kind: 'session', record: publicRecord(session) });
}

/** All that a signer needs who has forgotten what it was told. */
export function recordFor({ sessions, success }: CoordinatorState, to: NodeId): SigningEffect[] {
  const told = sessions.filter(({ phase }) => phase !== 'Idle').map(publicRecord);
  const bodies: SigningMessage[] = told.map(record => ({ kind: 'session', record }));
  if (success !== null) bodies.push({ kind: 'done', success });
  return bodies.map(body => ({ kind: 'send', to, body }));
}

function publicRecord({ name, phase, message, package: pack, signature }: Session): SessionRecord {
  return { name, phase, message, package: pack, signature };
}

export function toAll({ names }: SigningSetting, body: SigningMessage): SigningEffect[] {
  return [...names.keys()].map(to => ({ kind: 'send', to, body }));
}

export function isOpen({ phase }: Pick<Session, 'phase'>): boolean {
  return phase === 'Committing' || phase === 'Signing';
}

export function hasAnswered({ name, inbox }: Session, who: NodeId): boolean {
  return inbox.some(({ share }) => share.signer === who && share.session === name);
}

export function isPromised({ sessions }: CoordinatorState, who: NodeId, nonce: number): boolean {
  return sessions.some(({ commitments }) =>
    commitments.some(each => each.who === who && each.nonce === nonce),
  );
}

export function isSameShare(a: Share, b: Share): boolean {
  return a.signer === b.signer && a.session === b.session && a.value === b.value;
}

export function find({ sessions }: CoordinatorState, name: Data | undefined): Session | undefined {
  return sessions.find(session => session.name === name);
}

export function replace(state: CoordinatorState, session: Session): CoordinatorState {
  return { ...state, sessions: state.sessions.map(each => (each.name === session.name ? session : each)) };
}

export function messageOf({ setting }: Ctx, { message }: Session): string {
  return setting.messages[message] ?? '';
}

export function nameOf({ setting }: Ctx, node: NodeId): string {
  return setting.names[node] ?? '';
}

/** Says it to all, who take its word for it. */
export function accusation(who: NodeId, reason: string, { setting }: Ctx): SigningEffect[] {
  return [{ kind: 'accuse', who, reason }, ...toAll(setting, { kind: 'accused', who, reason })];
}

/** What proves to anyone that a participant cheats. */
export function hasCheated({ sessions }: CoordinatorState, who: NodeId): string | undefined {
  if (sessions.some(({ commitments }) => commitments.filter(each => each.who === who).length > 1))
    return 'two commitments';
  const forged = ({ share, valid }: Arrived) => share.signer === who && !valid;
  return sessions.some(({ inbox }) => inbox.some(forged)) ? 'false share' : undefined;
}

export function ownShares({ name, inbox }: Session): readonly Arrived[] {
  return inbox.filter(({ share }) => share.session === name);
}

/** The messages that no session has signed or is at work on. */
export function missing(sessions: readonly Session[], { messages }: SigningSetting): number[] {
  const served = (message: number) =>
    sessions.some(
      session => (isOpen(session) || session.phase === 'Complete') && session.message === message,
    );
  return [...messages.keys()].filter(message => !served(message));
}
