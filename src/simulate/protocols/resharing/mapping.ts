// The refinement mapping of resharing. The spec's state is what the record service really has, except what the spec keeps
// as a record of the past: which sub-shares were good when they were dealt, and who has erased his old share (he may lose
// his disk afterwards and not know it any more). A dealing is opened here with the recipients' keys, since the record
// cannot see what is in it; nothing here asks the spec whether something is allowed.
import { InternalError, must } from '../../../util/assert.js';
import type { Fields, NodeId } from '../../data.js';
import type { LocalAction } from '../../participant.js';
import type { Facts, Occurrence, Placement, Recorded, View } from '../../protocol.js';
import { combineShares, publicOf, scalarFrom } from '../crypto.js';
import { shareFits } from '../secret-sharing.js';
import {
  type Dealing,
  type HolderState,
  positionOf,
  type RecordState,
  type ResharingHistory,
  type ResharingMessage,
  type ResharingSetting,
  type ResharingState,
  recordNode,
} from './data.js';
import { nameOf, oldPublicOf, valueAt } from './setting.js';
import { openDealing } from './sub-shares.js';

type ResharingView = View<ResharingSetting, ResharingState, ResharingHistory>;

export function recordResharing(
  occurrence: Occurrence<ResharingMessage>,
  { setting, nodes, history }: ResharingView,
): Recorded<ResharingHistory> {
  if (occurrence.kind !== 'turn' || occurrence.emitted === undefined) return { history };
  const { emitted, node } = occurrence;
  if (emitted.action === 'erase')
    return { history: { ...history, erased: [...history.erased, node] }, step: emitted };
  if (emitted.action !== 'deal') return { history, step: emitted };
  const dealing = must(recordOf(nodes).dealings.at(-1), 'the dealing that was accepted');
  const bad = setting.new.filter(to => !isGood(setting, dealing, to));
  const dealt = setting.new
    .filter(to => valueAt(dealing.boxes, to) !== undefined)
    .map(to => ({ dealer: dealing.dealer, to, valid: !bad.includes(to) }));
  return {
    history: { ...history, deals: [...history.deals, ...dealt] },
    step: dealingStep(setting, dealing, bad),
  };
}

/** The spec knows dealings in which all is well, and those that wrong one holder. */
function dealingStep(setting: ResharingSetting, dealing: Dealing, bad: readonly NodeId[]): LocalAction {
  const [victim] = bad;
  const p = nameOf(setting, dealing.dealer);
  if (victim === undefined) return { action: 'deal', params: { p } };
  const isThere = valueAt(dealing.boxes, victim) !== undefined;
  return { action: isThere ? 'dealInvalid' : 'dealPartly', params: { p, q: nameOf(setting, victim) } };
}

function isGood(setting: ResharingSetting, dealing: Dealing, to: NodeId): boolean {
  return openDealing({ ...setting, bug: null }, dealing, to) !== null;
}

export function projectResharing({ setting, nodes, history }: ResharingView): Fields {
  const { status, complaints, combined, signed } = recordOf(nodes);
  const name = (node: NodeId): string => nameOf(setting, node);
  return {
    requested: status.requested,
    deals: history.deals.map(({ dealer, to, valid }) => ({ dealer: name(dealer), to: name(to), valid })),
    complaints: complaints.map(({ from, against }) => ({ from: name(from), against: name(against) })),
    excluded: status.excluded.map(name),
    group: status.group.map(name),
    combined: Object.fromEntries(
      setting.new.map(node => [
        name(node),
        combined.find(each => each.node === node)?.dealers.map(name) ?? [],
      ]),
    ),
    epoch: status.epoch,
    erased: history.erased.map(name),
    signatures: kindsOf(signed),
  };
}

/** The spec keeps the kinds of signatures, each once. */
function kindsOf(signed: RecordState['signed']): Fields[] {
  const kinds = new Map<string, Fields>();
  for (const { shares, size, during } of signed)
    kinds.set(`${shares} ${size} ${during}`, { shares, size, during });
  return [...kinds.values()];
}

/** A schedule waits until a holder knows what the record says: what he did before that would be of no use. */
export function placeResharing(step: LocalAction, { setting, nodes }: ResharingView): Placement | undefined {
  const { action, params } = step;
  if (OF_THE_RECORD.includes(action)) return { kind: 'act', node: recordNode(setting), step };
  const node = setting.names.indexOf(String(BY_P.includes(action) ? params.p : params.q));
  if (node < 0 || !(BY_P.includes(action) || BY_Q.includes(action))) return undefined;
  const state = nodes[node]?.state;
  const isInformed = state?.role === 'holder' && state.status.number === recordOf(nodes).status.number;
  return isInformed ? { kind: 'act', node, step } : undefined;
}

const OF_THE_RECORD = ['request', 'choose', 'disqualify', 'activate', 'sign'];
/** Steps of the holder whom `p` names, and of the one whom `q` names. */
const BY_P = ['deal', 'erase', 'dealInvalid', 'dealPartly'];
const BY_Q = ['complain', 'combine'];

/** Tried on the shares that there are, those of honest holders first: the least number of them that gives the key. */
export function resharingFacts(view: ResharingView): Facts {
  const { setting, nodes } = view;
  const { epoch } = recordOf(nodes).status;
  const holders = holdersOf(view);
  const honest = holders.filter(({ node }) => !setting.byzantine.includes(node));
  const shares = honest
    .concat(holders.filter(holder => !honest.includes(holder)))
    .flatMap(({ node, state }) => {
      const share = scalarFrom((epoch === 0 ? state.share : state.combined?.value) ?? '');
      return share === undefined ? [] : [{ x: positionOf(node), share }];
    });
  const enough = shares.findIndex((_, i) => keyOf(shares.slice(0, i + 1)) === setting.publicKey);
  return {
    keys: Object.fromEntries(honest.map(({ node, state }) => [node, state.combined?.commitments[0] ?? null])),
    ...(enough < 0 ? {} : { activeThreshold: enough + 1 }),
    sharesValid: honest.every(({ node, state }) => isValidShare(setting, epoch, node, state)),
  };
}

/** Whether the share of a holder, if it has one, is one of the same key. */
function isValidShare(setting: ResharingSetting, epoch: 0 | 1, node: NodeId, state: HolderState): boolean {
  const { share, combined } = state;
  if (epoch === 0) return share === null || publicOf(scalarFrom(share) ?? 1n) === oldPublicOf(setting, node);
  if (combined === null) return true;
  const { commitments, value } = combined;
  return (
    commitments[0] === setting.publicKey && shareFits(commitments, positionOf(node), scalarFrom(value) ?? 0n)
  );
}

function keyOf(points: Parameters<typeof combineShares>[0]): string {
  return publicOf(combineShares(points));
}

/** Those of the epoch that is active. */
function holdersOf({ setting, nodes }: ResharingView): { node: NodeId; state: HolderState }[] {
  const { epoch } = recordOf(nodes).status;
  const holders = epoch === 0 ? setting.old : setting.new;
  return holders.flatMap(node => {
    const state = nodes[node]?.state;
    return state?.role === 'holder' ? [{ node, state }] : [];
  });
}

function recordOf(nodes: ResharingView['nodes']): RecordState {
  const state = nodes.at(-1)?.state;
  if (state?.role === 'record') return state;
  throw new InternalError('the record service is not the last node');
}
