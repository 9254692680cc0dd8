// The refinement mapping of the lock: what state of locking.qnt the nodes are in, and which of their turns are its steps.
// Draws and grants are steps of the urn, which gives them their order; all else is a step of the one that does it.
import type { Data, Fields, NodeId } from '../../data.js';
import type { LocalAction } from '../../participant.js';
import type { Message, Occurrence, Recorded, View } from '../../protocol.js';
import { nameOf, numberOf } from '../electorate.js';
import { stepInt } from '../setting-values.js';
import { epochOf, isLapsed, type LockingSetting } from './setting.js';
import type { Bond, LockingMessage, LockingState, PeerState } from './state.js';

export type LockingHistory = {
  /** The draws of this epoch. */
  readonly draws: readonly { readonly from: NodeId; readonly ticket: number }[];
  /** Grants, releases and locks whose lease goes on. */
  readonly grants: readonly SpecGrant[];
  readonly releases: readonly { readonly from: NodeId; readonly signer: NodeId; readonly epoch: number }[];
  readonly acquired: readonly { readonly by: NodeId; readonly epoch: number }[];
  /** By participant: the epoch of its last draw, 0 for none, and the last grant of its that the urn took. */
  readonly drawnIn: readonly number[];
  readonly granted: readonly (Bond | null)[];
  readonly crashes: number;
  readonly down: readonly NodeId[];
  /** What those whose disk is lost had promised. */
  readonly images: readonly (readonly [NodeId, Bond | null])[];
  /** Votes of the adversary on their way past the urn. */
  readonly underWay: readonly { readonly id: string; readonly to: NodeId }[];
};

type SpecGrant = {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly epoch: number;
  readonly known: readonly number[];
};

export type LockingView = View<LockingSetting, LockingState, LockingHistory>;

export function lockingHistory({ names }: LockingSetting): LockingHistory {
  return {
    draws: [],
    grants: [],
    releases: [],
    acquired: [],
    drawnIn: names.map(() => 0),
    granted: names.map(() => null),
    crashes: 0,
    down: [],
    images: [],
    underWay: [],
  };
}

export function recordLocking(
  occurrence: Occurrence<LockingMessage>,
  view: LockingView,
): Recorded<LockingHistory> {
  switch (occurrence.kind) {
    case 'turn': {
      const { emitted, received, sent } = occurrence;
      const history = followVotes(view, received, sent);
      return emitted ? recordStep(emitted, { ...view, history }) : { history };
    }
    case 'crash':
      return recordCrash(occurrence.node, occurrence.keepsDisk, view);
    case 'restart':
      return recordRestart(occurrence.node, view);
    case 'epoch':
      return recordEpoch(view);
    case 'lost':
      return { history: followVotes(view, occurrence.message, []) };
  }
}

function recordStep(step: LocalAction, view: LockingView): Recorded<LockingHistory> {
  const { history, setting } = view;
  const { action, params } = step;
  const requester = numberOf(setting, params.requester);
  const epoch = epochOf(view);
  switch (action) {
    case 'draw': {
      const draws = [...history.draws, { from: requester, ticket: stepInt(params.ticket) ?? 0 }];
      return { history: { ...history, draws, drawnIn: replaced(history.drawnIn, requester, epoch) }, step };
    }
    case 'grant': {
      const peer = numberOf(setting, params.peer);
      if (setting.byzantine.includes(peer)) return grantedToAll(peer, view);
      const known = history.draws.map(({ ticket }) => ticket);
      const bond = { to: requester, epoch, open: true };
      return {
        history: {
          ...history,
          grants: [...history.grants, { from: peer, to: requester, epoch, known }],
          granted: replaced(history.granted, peer, bond),
        },
        step,
      };
    }
    case 'grantToAll':
      return { history: grantedToAll(numberOf(setting, params.byz), view).history, step };
    case 'acquire': {
      const phase = peerOf(view, requester)?.phase;
      const since = phase?.kind === 'held' ? phase.epoch : 0;
      return {
        history: { ...history, acquired: [...history.acquired, { by: requester, epoch: since }] },
        step,
      };
    }
    case 'release':
      return recordRelease(requester, step, view);
    case 'forgeRelease': {
      const release = { from: requester, signer: numberOf(setting, params.byz), epoch };
      const isKnown = history.releases.some(
        each => each.from === requester && each.signer === release.signer && each.epoch === epoch,
      );
      return { history: isKnown ? history : { ...history, releases: [...history.releases, release] }, step };
    }
    case 'heedRelease':
    case 'expire':
      // The spec does not keep what the adversary promised.
      return setting.byzantine.includes(numberOf(setting, params.peer)) ? { history } : { history, step };
    default:
      return { history, step };
  }
}

/**
 * The spec's adversary grants to all that have drawn. One that tells only some of them might tell the others as well, as
 * far as anybody can see; where it says nothing new the spec sees nothing.
 */
function grantedToAll(byz: NodeId, view: LockingView): Recorded<LockingHistory> {
  const { history, setting } = view;
  const epoch = epochOf(view);
  const fresh = history.draws
    .map(({ from }): SpecGrant => ({ from: byz, to: from, epoch, known: [] }))
    .filter(
      ({ to }) => !history.grants.some(each => each.from === byz && each.to === to && each.epoch === epoch),
    );
  if (fresh.length === 0) return { history };
  const step = { action: 'grantToAll', params: { byz: nameOf(setting, byz) } };
  return { history: { ...history, grants: [...history.grants, ...fresh] }, step };
}

/** The release itself says of which lock it is; its maker has it among those that it knows. */
function recordRelease(requester: NodeId, step: LocalAction, view: LockingView): Recorded<LockingHistory> {
  const { history } = view;
  const own = peerOf(view, requester)?.releases.filter(each => each.requester === requester) ?? [];
  const epoch = own.at(-1)?.epoch ?? 0;
  const releases = [...history.releases, { from: requester, signer: requester, epoch }];
  return { history: { ...history, releases }, step };
}

function recordEpoch(view: LockingView): Recorded<LockingHistory> {
  const { history, setting } = view;
  if (view.epoch >= setting.maxEpoch) return { history };
  const goesOn = ({ epoch }: { readonly epoch: number }): boolean => !isLapsed(epoch, setting, epochOf(view));
  return {
    history: {
      ...history,
      draws: [],
      grants: history.grants.filter(goesOn),
      releases: history.releases.filter(goesOn),
      acquired: history.acquired.filter(goesOn),
      underWay: [],
    },
    step: { action: 'tick', params: {} },
  };
}

function recordCrash(node: NodeId, keepsDisk: boolean, view: LockingView): Recorded<LockingHistory> {
  const { history, setting } = view;
  if (history.images.some(([id]) => id === node)) return { history };
  const images: LockingHistory['images'] = keepsDisk
    ? history.images
    : [...history.images, [node, bondOf(view, node)]];
  if (!setting.requesters.includes(node)) return { history: { ...history, images } };
  return {
    history: { ...history, images, crashes: history.crashes + 1, down: [...history.down, node] },
    step: { action: 'crash', params: { requester: nameOf(setting, node) } },
  };
}

/** Without its disk it stays down, as far as the spec is concerned. */
function recordRestart(node: NodeId, view: LockingView): Recorded<LockingHistory> {
  const { history, setting } = view;
  if (!history.down.includes(node) || peerOf(view, node)?.gone !== false) return { history };
  return {
    history: { ...history, down: history.down.filter(id => id !== node) },
    step: { action: 'restart', params: { requester: nameOf(setting, node) } },
  };
}

/** The votes of the adversary that have not arrived: the spec has them on the wire at once. */
function followVotes(
  { history, setting }: LockingView,
  arrived: Message<LockingMessage> | undefined,
  sent: readonly Message<LockingMessage>[],
): LockingHistory {
  const votes = sent.filter(({ body, to }) => body.kind === 'vote' && to < setting.names.length);
  const isGone = history.underWay.some(({ id }) => id === arrived?.id);
  if (votes.length === 0 && !isGone) return history;
  const rest = history.underWay.filter(({ id }) => id !== arrived?.id);
  return { ...history, underWay: [...rest, ...votes.map(({ id, to }) => ({ id, to }))] };
}

/** The state of locking.qnt. */
export function projectLocking(view: LockingView): Fields {
  const { setting, history } = view;
  const { requesters, names, byzantine } = setting;
  const name = (id: NodeId): string => nameOf(setting, id);
  const honest = [...names.keys()].filter(id => !byzantine.includes(id));
  const epoch = epochOf(view);
  const message = (tag: string, value: Data): Data => ({ tag, value });
  return {
    epoch,
    phase: requesters.map(id => [name(id), phaseOf(view, id)]),
    promise: honest.map(id => [name(id), promiseOf(view, id)]),
    messages: [
      ...history.draws.map(({ from, ticket }) => message('Draw', { from: name(from), epoch, ticket })),
      ...history.grants.map(({ from, to, epoch: since, known }) =>
        message('Grant', { from: name(from), to: name(to), epoch: since, known }),
      ),
      ...history.releases.map(({ from, signer, epoch: since }) =>
        message('Release', { from: name(from), signer: name(signer), epoch: since }),
      ),
    ],
    acquired: history.acquired.map(({ by, epoch: since }) => ({ by: name(by), epoch: since })),
    crashes: history.crashes,
  };
}

export function peerOf({ nodes }: LockingView, id: NodeId): PeerState | undefined {
  const state = nodes[id]?.state;
  return state?.role === 'peer' ? state : undefined;
}

function phaseOf(view: LockingView, id: NodeId): Data {
  const { history } = view;
  if (history.down.includes(id)) return { tag: 'Down', value: promiseOf(view, id) };
  const { phase, drawing } = peerOf(view, id) ?? {};
  // The urn has its ticket, and it does not know it yet.
  if (drawing && history.drawnIn[id] === drawing.epoch) return { tag: 'Waiting', value: drawing.epoch };
  switch (phase?.kind) {
    case 'waiting':
      return { tag: 'Waiting', value: phase.epoch };
    case 'held':
      return { tag: 'Held', value: phase.epoch };
    default:
      return 'Idle';
  }
}

function promiseOf(view: LockingView, id: NodeId): Data {
  const bond = bondOf(view, id);
  return bond === null ? 'None' : { tag: 'Some', value: { ...bond, to: nameOf(view.setting, bond.to) } };
}

/** What binds a peer: a vote that the urn has taken does so before the peer knows. */
function bondOf(view: LockingView, id: NodeId): Bond | null {
  const { history } = view;
  const image = history.images.find(([node]) => node === id);
  if (image !== undefined) return image[1];
  const own = peerOf(view, id)?.disk.promise ?? null;
  const taken = history.granted[id] ?? null;
  return taken !== null && (own === null || taken.epoch > own.epoch) ? taken : own;
}

function replaced<T>(list: readonly T[], place: number, value: T): readonly T[] {
  return list.map((each, i) => (i === place ? value : each));
}
