// The refinement mapping of the counter: what state of counter.qnt the participants are in, and which of their turns are
// its steps. A promise is one in the spec from the moment at which it counts with its requester; one that comes too late
// is never seen there, and the participant that gave it does less than the spec would let it.
import type { Data, Fields, NodeId } from '../../data.js';
import type { LocalAction } from '../../participant.js';
import type { Message, Occurrence, Placement, Recorded, View } from '../../protocol.js';
import { nameOf, numberOf } from '../electorate.js';
import { stepInt } from '../setting-values.js';
import type { CounterSetting } from './setting.js';
import type { CounterMessage, CounterState, Reservation } from './state.js';

type Promised = { readonly acker: NodeId; readonly requester: NodeId; readonly block: number };

export type CounterHistory = {
  /** Acknowledgements that were on the wire in time. */
  readonly acks: readonly Promised[];
  readonly replays: readonly { readonly via: NodeId; readonly requester: NodeId; readonly block: number }[];
  /** All that was ever reserved: the adversary sees the wire. */
  readonly reservations: readonly Reservation[];
  /** By requester, in their order. */
  readonly issued: readonly (readonly number[])[];
  readonly granted: readonly (readonly number[])[];
  readonly crashes: readonly number[];
  readonly down: readonly NodeId[];
  /** What those whose disk is lost had on it, as the spec has it. */
  readonly images: readonly (readonly [NodeId, Data])[];
};

export type CounterView = View<CounterSetting, CounterState, CounterHistory>;

export function counterHistory({ requesters }: CounterSetting): CounterHistory {
  const each = <T>(value: T): T[] => requesters.map(() => value);
  return {
    acks: [],
    replays: [],
    reservations: [],
    issued: each([]),
    granted: each([]),
    crashes: each(0),
    down: [],
    images: [],
  };
}

export function recordCounter(
  occurrence: Occurrence<CounterMessage>,
  view: CounterView,
): Recorded<CounterHistory> {
  const { history } = view;
  switch (occurrence.kind) {
    case 'turn':
      return occurrence.emitted ? recordStep(occurrence.emitted, occurrence.sent, view) : { history };
    case 'crash':
      return recordCrash(occurrence.node, occurrence.keepsDisk, view);
    case 'restart':
      return recordRestart(occurrence.node, view);
    default:
      return { history };
  }
}

function recordStep(
  step: LocalAction,
  sent: readonly Message<CounterMessage>[],
  view: CounterView,
): Recorded<CounterHistory> {
  const { history, setting } = view;
  const { action, params } = step;
  const requester = numberOf(setting, params.requester);
  const place = setting.requesters.indexOf(requester);
  const block = stepInt(params.block) ?? -1;
  switch (action) {
    case 'acknowledge': {
      const acker = numberOf(setting, params.acker);
      if (setting.byzantine.includes(acker)) return promisedToAll(acker, block, view);
      return { history: { ...history, acks: [...history.acks, { acker, requester, block }] }, step };
    }
    case 'promiseToAll': {
      const { history: after } = promisedToAll(numberOf(setting, params.byz), block, view);
      return { history: after, step };
    }
    case 'replayReservation': {
      const replay = { via: numberOf(setting, params.byz), requester, block };
      const known = history.replays.some(each => JSON.stringify(each) === JSON.stringify(replay));
      return { history: known ? history : { ...history, replays: [...history.replays, replay] }, step };
    }
    case 'reserve': {
      const fresh = sent.flatMap(({ body }) => (body.kind === 'reserve' ? [body] : [])).slice(0, 1);
      return { history: { ...history, reservations: [...history.reservations, ...fresh] }, step };
    }
    case 'confirm':
      return { history: { ...history, granted: appended(history.granted, place, block) }, step };
    case 'take': {
      const phase = view.nodes[requester]?.state.phase;
      const value = phase?.kind === 'holding' ? phase.cursor - 1 : -1;
      return { history: { ...history, issued: appended(history.issued, place, value) }, step };
    }
    default:
      return { history, step };
  }
}

/**
 * The spec's adversary promises to all that ask at the moment. One that says so to some of them only might say it to the
 * others as well, as far as anybody can see; where it says nothing new the spec sees nothing.
 */
function promisedToAll(byz: NodeId, block: number, view: CounterView): Recorded<CounterHistory> {
  const { history, setting } = view;
  const fresh = setting.requesters
    .filter(requester => reserves(view, requester) === block)
    .map(requester => ({ acker: byz, requester, block }))
    .filter(ack => !hasAck(history, ack));
  if (fresh.length === 0) return { history };
  const step = { action: 'promiseToAll', params: { byz: nameOf(setting, byz), block } };
  return { history: { ...history, acks: [...history.acks, ...fresh] }, step };
}

function recordCrash(node: NodeId, keepsDisk: boolean, view: CounterView): Recorded<CounterHistory> {
  const { history, setting } = view;
  const isGone = history.images.some(([id]) => id === node);
  if (isGone) return { history };
  const images: CounterHistory['images'] = keepsDisk
    ? history.images
    : [...history.images, [node, diskOf(view, node)]];
  const place = setting.requesters.indexOf(node);
  if (place < 0) return { history: { ...history, images } };
  const crashes = history.crashes.map((count, i) => (i === place ? count + 1 : count));
  return {
    history: { ...history, images, crashes, down: [...history.down, node] },
    step: { action: 'crash', params: { requester: nameOf(setting, node) } },
  };
}

/** Without its disk it stays down, as far as the spec is concerned. */
function recordRestart(node: NodeId, view: CounterView): Recorded<CounterHistory> {
  const { history, setting, nodes } = view;
  if (!history.down.includes(node) || nodes[node]?.state.gone === true) return { history };
  const { phase, disk } = nodes[node]?.state ?? {};
  const cursor = phase?.kind === 'holding' ? phase.cursor : (disk?.mark ?? 0);
  return {
    history: { ...history, down: history.down.filter(id => id !== node) },
    step: { action: 'restart', params: { requester: nameOf(setting, node), cursor } },
  };
}

/** The state of counter.qnt. */
export function projectCounter(view: CounterView): Fields {
  const { setting, history } = view;
  const { requesters, names } = setting;
  const name = (id: NodeId): string => nameOf(setting, id);
  const byRequester = (values: readonly Data[]): Data =>
    requesters.map((id, i) => [name(id), values[i] ?? null]);
  const standing = requesters.flatMap(id => {
    const block = reserves(view, id);
    return block === undefined ? [] : [{ via: id, requester: id, block }];
  });
  return {
    phase: requesters.map(id => [name(id), phaseOf(view, id)]),
    disk: names.map((each, id) => [each, diskOf(view, id)]),
    messages: [
      ...[...standing, ...history.replays].map(({ via, requester, block }) => ({
        tag: 'Reserve',
        value: { requester: name(requester), via: name(via), block },
      })),
      ...history.acks.map(({ acker, requester, block }) => ({
        tag: 'Ack',
        value: { acker: name(acker), requester: name(requester), block },
      })),
    ],
    issued: byRequester(history.issued),
    granted: byRequester(history.granted),
    crashes: byRequester(history.crashes),
  };
}

/** The block that it asks for at the moment. */
function reserves({ history, nodes }: CounterView, requester: NodeId): number | undefined {
  const phase = nodes[requester]?.state.phase;
  return phase?.kind === 'reserving' && !history.down.includes(requester) ? phase.block : undefined;
}

function phaseOf(view: CounterView, id: NodeId): Data {
  const phase = view.nodes[id]?.state.phase;
  if (view.history.down.includes(id)) return { tag: 'Down', value: diskOf(view, id) };
  switch (phase?.kind) {
    case 'reserving':
      return { tag: 'Reserving', value: phase.block };
    case 'holding':
      return { tag: 'Holding', value: { block: phase.block, cursor: phase.cursor } };
    default:
      return 'Idle';
  }
}

function diskOf({ setting, history, nodes }: CounterView, id: NodeId): Data {
  const image = history.images.find(([node]) => node === id);
  if (image !== undefined) return image[1];
  const disk = nodes[id]?.state.disk;
  if (disk === undefined || setting.byzantine.includes(id)) return { promises: [], owned: 'None', mark: 0 };
  const counted = disk.promises.filter(
    ([block, to]) => to === id || hasAck(history, { acker: id, requester: to, block }),
  );
  return {
    promises: counted.map(([block, to]) => [block, nameOf(setting, to)]),
    owned: disk.owned === null ? 'None' : { tag: 'Some', value: disk.owned },
    mark: disk.mark,
  };
}

/** Where a step of a schedule is taken. */
export function placeCounter(step: LocalAction, view: CounterView): Placement | undefined {
  const { action, params } = step;
  const { setting, nodes, history } = view;
  const block = stepInt(params.block) ?? -1;
  const requester = numberOf(setting, params.requester);
  const who = action === 'acknowledge' ? params.acker : (params.byz ?? params.requester);
  const node = numberOf(setting, who);
  if (node < 0) return undefined;
  const act = (more: Fields): Placement => ({
    kind: 'act',
    node,
    step: { action, params: { ...params, ...more } },
  });
  const { up, state } = nodes[node] ?? {};
  switch (action) {
    case 'crash':
      return up === true ? { kind: 'crash', node } : undefined;
    case 'restart':
      return state?.disk.mark === stepInt(params.cursor) ? { kind: 'restart', node } : undefined;
    case 'promiseToAll':
      // The adversary of the spec knows who asks for what.
      return act({ block, asking: setting.requesters.filter(id => reserves(view, id) === block) });
    case 'replayReservation': {
      const old = history.reservations.find(each => each.requester === requester && each.block === block);
      return old !== undefined && reserves(view, requester) !== block
        ? act({ block, reservation: old })
        : undefined;
    }
    case 'acknowledge': {
      // Once the requester has stopped asking, only what somebody repeats is still answered.
      const isAgain = state?.heard.some(
        each => each.requester === requester && each.block === block && each.again,
      );
      return isAgain === true || reserves(view, requester) === block ? act({ block }) : undefined;
    }
    default:
      return act(params.block === undefined ? {} : { block });
  }
}

function hasAck({ acks }: CounterHistory, { acker, requester, block }: Promised): boolean {
  return acks.some(each => each.acker === acker && each.requester === requester && each.block === block);
}

function appended(
  lists: readonly (readonly number[])[],
  place: number,
  value: number,
): readonly (readonly number[])[] {
  return lists.map((list, i) => (i === place ? [...list, value] : list));
}
