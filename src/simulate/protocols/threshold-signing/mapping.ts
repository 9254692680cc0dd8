// What the world of threshold signing is to the spec: the coordinator's record as it stands, and the pools of the signers
// as they have them, together with what they have asked and the coordinator has not taken up.
import type { Data, Fields, NodeId } from '../../data.js';
import type { LocalAction } from '../../participant.js';
import type { Facts, Occurrence, Placement, Recorded, View } from '../../protocol.js';
import { publicOf, scalarFrom } from '../crypto.js';
import { groupKeyIn } from '../group-key.js';
import { nodeNamed } from '../setting-values.js';
import {
  type Arrived,
  type CoordinatorState,
  coordinatorNode,
  type Session,
  type SignerState,
  type SigningHistory,
  type SigningMessage,
  type SigningSetting,
  type SigningState,
  shareParam,
} from './data.js';
import { isSigned, signatureOf } from './signer.js';

type SigningView = View<SigningSetting, SigningState, SigningHistory>;

export function recordSigning(
  occurrence: Occurrence<SigningMessage>,
  view: SigningView,
): Recorded<SigningHistory> {
  const { history, setting } = view;
  if (occurrence.kind === 'turn') return { history, ...(occurrence.emitted && { step: occurrence.emitted }) };
  // The spec has no crashes. Who comes back without its disk stays out, with the pool that it had.
  if (occurrence.kind !== 'crash' || occurrence.keepsDisk) return { history };
  const { node } = occurrence;
  if (node >= setting.names.length || history.lost.some(each => each.node === node)) return { history };
  return { history: { lost: [...history.lost, { node, pool: poolOf(view, node) }] } };
}

export function projectSigning(view: SigningView): Fields {
  const { setting } = view;
  const { names } = setting;
  const { sessions, blamed } = coordinatorOf(view);
  const each = (value: (session: Session) => Data): Data =>
    Object.fromEntries(sessions.map(session => [session.name, value(session)]));
  const shares = (arrived: readonly Arrived[]): Data => arrived.map(one => shareParam(setting, one));
  return {
    phase: each(({ phase }) => phase),
    pool: Object.fromEntries(names.map((name, node) => [name, poolOf(view, node)])),
    commitments: each(({ commitments }) =>
      Object.fromEntries(
        names.map((name, node) => [
          name,
          commitments.filter(({ who }) => who === node).map(({ nonce }) => nonce),
        ]),
      ),
    ),
    signers: each(session => session.package.map(({ who }) => names[who] ?? '')),
    inbox: each(({ inbox }) => shares(inbox)),
    signature: each(({ phase, used }) =>
      phase === 'Complete' ? { tag: 'Some', value: shares(used) } : 'None',
    ),
    overdue: sessions.filter(({ overdue }) => overdue).map(({ name }) => name),
    blamed: blamed.map(node => names[node] ?? ''),
  };
}

/** What a signer has promised to nobody, and what it has asked about that the coordinator has no promise of. */
function poolOf(view: SigningView, node: NodeId): readonly number[] {
  const lost = view.history.lost.find(each => each.node === node);
  if (lost !== undefined) return lost.pool;
  const state = signerOf(view, node);
  if (state === undefined) return [];
  const { pool, pending } = state;
  if (pending === null) return pool;
  const session = coordinatorOf(view).sessions.find(({ name }) => name === pending.session);
  const isPromised = session?.commitments.some(each => each.who === node && each.nonce === pending.nonce);
  return isPromised ? pool : [...pool, pending.nonce];
}

function signerOf({ nodes }: SigningView, node: NodeId): SignerState | undefined {
  const state = nodes[node]?.state;
  return state?.role === 'signer' ? state : undefined;
}

function coordinatorOf({ nodes, setting }: SigningView): Pick<CoordinatorState, 'sessions' | 'blamed'> {
  const state = nodes[coordinatorNode(setting)]?.state;
  return state?.role === 'coordinator' ? state : { sessions: [], blamed: [] };
}

const BY_COORDINATOR = ['request', 'expire', 'announce', 'aggregate', 'blame', 'timeout'];

export function placeSigning(step: LocalAction, { setting }: SigningView): Placement | undefined {
  const { names, byzantine } = setting;
  if (BY_COORDINATOR.includes(step.action)) return { kind: 'act', node: coordinatorNode(setting), step };
  // The network that replays is in the adversary's hand.
  const node = step.action === 'replay' ? (byzantine[0] ?? -1) : nodeNamed(names, step.params.p);
  return node < 0 ? undefined : { kind: 'act', node, step };
}

export function signingFacts(view: SigningView): Facts {
  const { setting, nodes } = view;
  const honest = [...setting.names.keys()].filter(node => !setting.byzantine.includes(node));
  const signers = honest.flatMap(node => {
    const state = signerOf(view, node);
    return state === undefined || state.passive ? [] : [{ node, state }];
  });
  const signatures = (state: SignerState): string =>
    setting.messages.map((_, message) => signatureOf(state, message, setting) ?? '').join('');
  return {
    keys: Object.fromEntries(
      signers.map(({ node, state }) => [node, isSigned(state, view) ? signatures(state) : null]),
    ),
    ledgers: Object.fromEntries(signers.map(({ node, state }) => [node, ledgerOf(state, setting)])),
    sharesValid: signers.every(({ node }) => {
      const held =
        setting.shares === null ? groupKeyIn(nodes[node]?.vault ?? {})?.share : setting.shares[node];
      const share = scalarFrom(held ?? '');
      return share !== undefined && publicOf(share) === setting.verifyingShares[node];
    }),
  };
}

/** How each session ended, in the order of the sessions. */
function ledgerOf({ sessions }: SignerState, { sessions: names }: SigningSetting): string[] {
  return names.flatMap(name => {
    const session = sessions.find(each => each.name === name);
    if (session?.phase === 'Aborted') return [`${name}/aborted`];
    return session?.phase === 'Complete' ? [`${name}/signed/${(session.signature ?? '').slice(0, 16)}`] : [];
  });
}
