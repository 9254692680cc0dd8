// Signatures that users want while the key changes hands. The record collects nonces and parts, checks each part against
// the share of its signer in the exponent, and lets a signature count only if the epoch of its shares is still the active
// one when it is complete: a signature does not show of which epoch its shares were.
import { must } from '../../../util/assert.js';
import type { NodeId } from '../../data.js';
import type { Context, LocalAction } from '../../participant.js';
import { publicShare } from '../secret-sharing.js';
import { joinParts, type NonceCommitment, partFits } from '../threshold-signature.js';
import { positionOf, type RecordState, type ResharingSetting, type Session } from './data.js';
import { accusing, type RecordEffect, type RecordTurn } from './record-turn.js';
import { nameOf, oldPublicOf } from './setting.js';
import { combineCommitments } from './sub-shares.js';

type Ctx = Context<ResharingSetting>;

/** Sessions that may fail in each epoch of the key before the users give up. */
const MOST_FAILURES = 2;

export function mayOpen(
  state: RecordState,
  epoch: 0 | 1,
  quorum: readonly NodeId[],
  setting: ResharingSetting,
): boolean {
  if (epoch !== state.status.epoch || new Set(quorum).size !== quorum.length) return false;
  const able = holdersIn(state, epoch, setting);
  return quorum.length >= thresholdIn(epoch, setting) && quorum.every(node => able.includes(node));
}

/** A session with these signers; one that is still open is given up. `names` is how the quorum was asked for. */
export function openSession(
  state: RecordState,
  epoch: 0 | 1,
  quorum: readonly NodeId[],
  names: readonly string[],
  ctx: Ctx,
): RecordTurn {
  const number = state.sessions + 1;
  const session: Session = {
    number,
    epoch,
    quorum,
    names,
    opened: ctx.epoch,
    nonces: [],
    pack: null,
    parts: [],
  };
  const tries = state.tries.map((count, e) => (e === epoch ? count + 1 : count));
  return {
    state: { ...state, sessions: number, session, tries },
    effects: quorum.map(to => ({
      kind: 'send',
      to,
      body: { kind: 'sign', session: number, epoch, quorum },
    })),
  };
}

/** The signature that users would like next, by holders who have not let one down before where there are enough. */
export function wantedSignature(state: RecordState, ctx: Ctx): LocalAction | undefined {
  const { setting } = ctx;
  const { status, session, signed, slow } = state;
  const { epoch } = status;
  const made = signed.filter(({ during }) => during === epoch).length;
  // Of several in the first epoch one is made before the handover begins, the others meanwhile.
  const most = epoch === 0 && !status.requested ? Math.min(1, setting.signatures) : setting.signatures;
  if (session !== null || made >= most || (state.tries[epoch] ?? 0) >= most + MOST_FAILURES) return undefined;
  const able = holdersIn(state, epoch, setting).sort((a, b) => a - b);
  const threshold = thresholdIn(epoch, setting);
  if (able.length < threshold) return undefined;
  const start = state.sessions % able.length;
  const turned = [...able.slice(start), ...able.slice(0, start)];
  const best = [
    ...turned.filter(node => !slow.includes(node)),
    ...turned.filter(node => slow.includes(node)),
  ];
  const quorum = best.slice(0, threshold).sort((a, b) => a - b);
  return { action: 'sign', params: { e: epoch, quorum: quorum.map(node => nameOf(setting, node)) } };
}

/** When an epoch has passed since a session was opened, it is given up, and those are named who let it down. */
export function slowSigners(state: RecordState, ctx: Ctx): RecordTurn | undefined {
  const { session } = state;
  if (session === null) return undefined;
  // Whoever has erased his old share cannot finish a session of the epoch before.
  if (session.epoch !== state.status.epoch) return { state: { ...state, session: null }, effects: [] };
  if (ctx.epoch <= session.opened + 1) return undefined;
  const heard =
    session.pack === null ? session.nonces.map(({ at }) => at - 1) : session.parts.map(p => p.node);
  const missing = session.quorum.filter(node => !heard.includes(node));
  return {
    state: { ...state, session: null, slow: [...new Set([...state.slow, ...missing])] },
    effects: missing.map((who): RecordEffect => ({ kind: 'accuse', who, reason: 'does not sign' })),
  };
}

export function receiveNonces(
  state: RecordState,
  node: NodeId,
  number: number,
  commitment: NonceCommitment,
  { setting }: Ctx,
): RecordTurn | undefined {
  const { session } = state;
  if (session?.number !== number || session.pack !== null || !session.quorum.includes(node)) return undefined;
  if (commitment.at !== positionOf(node) || session.nonces.some(({ at }) => at === commitment.at))
    return undefined;
  const nonces = [...session.nonces, commitment].sort((a, b) => a.at - b.at);
  if (nonces.length < session.quorum.length)
    return { state: { ...state, session: { ...session, nonces } }, effects: [] };
  const { publicKey } = setting;
  const pack = { message: `signature ${number}`, publicKey, commitments: nonces };
  return {
    state: { ...state, session: { ...session, nonces, pack } },
    effects: session.quorum.map(to => ({
      kind: 'send',
      to,
      body: { kind: 'package', session: number, pack },
    })),
  };
}

export function receivePart(
  state: RecordState,
  node: NodeId,
  number: number,
  part: string,
  { setting }: Ctx,
): RecordTurn | undefined {
  const { session } = state;
  if (session?.number !== number || session.pack === null || !session.quorum.includes(node)) return undefined;
  if (session.parts.some(each => each.node === node)) return undefined;
  if (!partFits(session.pack, positionOf(node), part, publicShareOf(state, session.epoch, node, setting))) {
    const slow = [...new Set([...state.slow, node])];
    return accusing({ ...state, session: null, slow }, node, 'signs with something that is not its share');
  }
  const parts = [...session.parts, { node, value: part }];
  if (parts.length < session.quorum.length)
    return { state: { ...state, session: { ...session, parts } }, effects: [] };
  return complete(state, { ...session, parts }, setting);
}

function complete(state: RecordState, session: Session, setting: ResharingSetting): RecordTurn {
  const over = { ...state, session: null };
  const { epoch } = state.status;
  const counts = session.epoch === epoch || setting.bug === 'counts_late_signatures';
  const values = session.parts.map(({ value }) => value);
  const signature = joinParts(must(session.pack, 'the package of a session'), values);
  if (!counts || signature === undefined) return { state: over, effects: [] };
  const made = { shares: session.epoch, size: session.quorum.length, during: epoch, signature };
  const params = { e: session.epoch, quorum: session.names };
  return {
    state: { ...over, signed: [...state.signed, made] },
    effects: [{ kind: 'emit', action: 'sign', params }],
  };
}

/** Who has a share of an epoch of the key, as the record knows it. */
function holdersIn({ combined }: RecordState, epoch: 0 | 1, { old }: ResharingSetting): NodeId[] {
  return epoch === 0 ? [...old] : combined.map(({ node }) => node);
}

function thresholdIn(epoch: 0 | 1, { oldThreshold, newThreshold }: ResharingSetting): number {
  return epoch === 0 ? oldThreshold : newThreshold;
}

function publicShareOf(state: RecordState, epoch: 0 | 1, node: NodeId, setting: ResharingSetting): string {
  if (epoch === 0) return oldPublicOf(setting, node);
  const commitments = combineCommitments(state.status.group, state.dealings);
  return publicShare(commitments, positionOf(node)) ?? '';
}
