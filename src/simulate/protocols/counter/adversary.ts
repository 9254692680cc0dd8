// What byzantine participants of the counter do: the two steps of the adversary in the spec, and the strategies, which
// take them when there is something to gain or spoil what an honest participant would say.
import type { Data } from '../../data.js';
import { isList } from '../../data.js';
import type { Effect, LocalAction } from '../../participant.js';
import type { Strategy } from '../../protocol.js';
import { delay } from '../../strategies.js';
import { nameOf, numberOf, others } from '../electorate.js';
import { abortingAfter, mute, spoilt } from '../voter-strategies.js';
import { ackTo } from './acker.js';
import type { CounterSetting } from './setting.js';
import {
  type CounterContext,
  type CounterMessage,
  type CounterState,
  type CounterTurn,
  promiseOf,
  type Reservation,
  withPromise,
} from './state.js';

type CounterStrategy = Strategy<CounterSetting, CounterState, CounterMessage>;

/** A step of the adversary in the spec; undefined for those that follow the protocol. */
export function adversaryAct(
  state: CounterState,
  { action, params }: LocalAction,
  ctx: CounterContext,
): CounterTurn | undefined {
  const { setting, self } = ctx;
  if (!setting.byzantine.includes(self) || params.byz !== nameOf(setting, self)) return undefined;
  const block = Number(params.block);
  if (action === 'promiseToAll') return promiseToAll(state, block, params.asking, ctx);
  const requester = numberOf(setting, params.requester);
  const old = [...state.heard, ...seenIn(params.reservation)].find(
    each => each.requester === requester && each.block === block,
  );
  return action === 'replayReservation' && old ? replayReservation(state, old, ctx) : undefined;
}

/** It need not have heard of a reservation to promise something: `asking` tells who asks, where a schedule knows it. */
function promiseToAll(
  state: CounterState,
  block: number,
  asking: Data | undefined,
  ctx: CounterContext,
): CounterTurn {
  const { setting, self } = ctx;
  const known = setting.requesters.filter(
    requester =>
      (asking !== undefined && isList(asking) && asking.includes(requester)) ||
      state.heard.some(each => each.requester === requester && each.block === block),
  );
  const first = known[0];
  const disk =
    first === undefined || promiseOf(state.disk, block) !== undefined
      ? state.disk
      : withPromise(state.disk, block, first);
  const params = { byz: nameOf(setting, self), block };
  return {
    state: { ...state, disk },
    effects: [
      ...known.map(requester => ackTo(requester, block, ctx)),
      { kind: 'emit', action: 'promiseToAll', params },
    ],
  };
}

function replayReservation(
  state: CounterState,
  { requester, block, number, signature }: Reservation,
  { setting, self }: CounterContext,
): CounterTurn {
  const reservation = { requester, block, number, signature };
  const params = { byz: nameOf(setting, self), requester: nameOf(setting, requester), block };
  return {
    state,
    effects: [
      ...others(setting, self)
        .filter(to => to !== requester)
        .map(
          (to): Effect<CounterMessage> => ({ kind: 'send', to, body: { kind: 'reserve', ...reservation } }),
        ),
      { kind: 'emit', action: 'replayReservation', params },
    ],
  };
}

/** What a schedule tells of a reservation that the adversary saw on the wire. */
function seenIn(data: Data | undefined): Reservation[] {
  if (typeof data !== 'object' || data === null || isList(data)) return [];
  const { requester, block, number, signature } = data;
  if (typeof requester !== 'number' || typeof block !== 'number') return [];
  return typeof number === 'number' && typeof signature === 'string'
    ? [{ requester, block, number, signature }]
    : [];
}

const keyOf = ({ requester, block }: Reservation): string => `${requester}/${block}`;

const conflictingMessages: CounterStrategy = {
  description: 'promises each block to everybody that asks for it',
  detection:
    'requesters show what they were promised: two signed promises of one block to two of them are proof',
  tamper: () => undefined,
  ready: (state, { setting, self }, memory) =>
    state.heard
      .filter(each => !isRemembered(memory, keyOf(each)))
      .map(({ block }) => ({ action: 'promiseToAll', params: { byz: nameOf(setting, self), block } })),
  act: (state, step, ctx, memory) => {
    const turn = step.action === 'promiseToAll' ? adversaryAct(state, step, ctx) : undefined;
    const answered = state.heard.filter(({ block }) => block === Number(step.params.block)).map(keyOf);
    return turn && { ...turn, memory: remember(memory, answered) };
  },
};

const doubleVote: CounterStrategy = {
  description: 'promises a block to the next that asks for it as well, and so on',
  detection: conflictingMessages.detection,
  tamper: (turn, ctx, memory) => {
    const { heard, disk } = turn.state;
    const second = heard.filter(each => {
      const first = promiseOf(disk, each.block);
      return first !== undefined && first !== each.requester && !isRemembered(memory, keyOf(each));
    });
    if (second.length === 0) return undefined;
    return {
      state: turn.state,
      effects: [...turn.effects, ...second.map(({ requester, block }) => ackTo(requester, block, ctx))],
      memory: remember(memory, second.map(keyOf)),
    };
  },
};

const replay: CounterStrategy = {
  description: 'repeats reservations that their requester has given up or used',
  detection:
    'nobody repeats what others say, so whoever hands on a reservation that is not his own shows himself',
  tamper: () => undefined,
  ready: (state, { setting, self }, memory) =>
    state.heard
      .filter(each => !isRemembered(memory, keyOf(each)) && isOver(state, each))
      .map(({ requester, block }) => ({
        action: 'replayReservation',
        params: { byz: nameOf(setting, self), requester: nameOf(setting, requester), block },
      })),
  act: (state, step, ctx, memory) => {
    const turn = step.action === 'replayReservation' ? adversaryAct(state, step, ctx) : undefined;
    const requester = numberOf(ctx.setting, step.params.requester);
    return turn && { ...turn, memory: remember(memory, [`${requester}/${String(step.params.block)}`]) };
  },
};

const forgeSender: CounterStrategy = {
  description:
    'answers each reservation in the names of the others, and reserves in the name of another requester',
  detection: 'the transport tells who sends, and a reservation carries the signature of its requester',
  tamper: (turn, ctx, memory) => {
    const fresh = turn.state.heard.filter(each => !isRemembered(memory, keyOf(each)));
    if (fresh.length === 0) return undefined;
    return {
      state: turn.state,
      effects: [...turn.effects, ...fresh.flatMap(each => forgeries(each, ctx))],
      memory: remember(memory, fresh.map(keyOf)),
    };
  },
};

function forgeries({ requester, block, number }: Reservation, ctx: CounterContext): Effect<CounterMessage>[] {
  const { setting, self } = ctx;
  const answers = others(setting, self)
    .filter(id => id !== requester)
    .map((as): Effect<CounterMessage> => ({ ...ackTo(requester, block, ctx), as }));
  const victim = setting.requesters.find(id => id !== requester) ?? requester;
  const body: CounterMessage = {
    kind: 'reserve',
    requester: victim,
    block,
    number: number + 1,
    signature: '',
  };
  const asked = others(setting, self).map(
    (to): Effect<CounterMessage> => ({ kind: 'send', to, body, as: victim }),
  );
  return [...answers, ...asked];
}

/** By name, as scenarios give them. */
export const COUNTER_STRATEGIES: Readonly<Record<string, CounterStrategy>> = {
  silent: mute(),
  delay: delay(),
  conflicting_messages: conflictingMessages,
  double_vote: doubleVote,
  replay,
  forge_sender: forgeSender,
  invalid_signatures: spoilt({
    description: 'signs its acknowledgements wrongly',
    detection: 'the requester checks each signature',
    spoil: body => (body.kind === 'ack' ? { ...body, signature: '00'.repeat(64) } : body),
  }),
  signature_withholding: spoilt({
    description: 'takes in reservations and acknowledges none',
    detection: 'none: an answer that is not there may still come',
    spoil: body => (body.kind === 'ack' ? undefined : body),
  }),
  selective_abort: abortingAfter({ acknowledgement: ({ kind }) => kind === 'ack' }),
};

/** Its requester has asked for something else since. */
function isOver({ heard }: CounterState, { requester, number }: Reservation): boolean {
  return heard.some(each => each.requester === requester && each.number > number);
}

function isRemembered(memory: Data, key: string): boolean {
  return isList(memory) && memory.includes(key);
}

function remember(memory: Data, keys: readonly string[]): Data {
  return [...(isList(memory) ? memory : []), ...keys];
}
