// The machine of a participant of the counter: hands what happens to the one that can do something with it. Each
// participant acknowledges; some reserve as well.
import type { Effect, Participant } from '../../participant.js';
import { others } from '../electorate.js';
import { accuse, ackerReady, acknowledge, receiveAcks, receiveReservation } from './acker.js';
import { adversaryAct } from './adversary.js';
import {
  askAgain,
  nextUser,
  receiveAck,
  requesterAct,
  requesterEpoch,
  requesterReady,
  tellEnd,
} from './requester.js';
import type { CounterSetting } from './setting.js';
import {
  type CounterContext,
  type CounterDisk,
  type CounterMessage,
  type CounterState,
  type CounterTurn,
  EMPTY_DISK,
  startOf,
  stateFrom,
} from './state.js';

export const counterParticipant: Participant<CounterSetting, CounterState, CounterMessage> = {
  start: () => ({
    state: stateFrom(EMPTY_DISK, { kind: 'idle' }),
    effects: [{ kind: 'persist', disk: EMPTY_DISK }],
  }),

  restart(data, ctx) {
    const disk = readDisk(data, ctx);
    if (disk === undefined)
      return { state: { ...stateFrom(EMPTY_DISK, { kind: 'idle' }), gone: true }, effects: [] };
    const { owned, mark } = disk;
    return {
      state: stateFrom(
        disk,
        owned === null
          ? { kind: 'idle' }
          : { kind: 'holding', block: owned, cursor: cursorAfter(owned, mark, ctx) },
      ),
      effects: [
        ...(owned === null ? [] : [nextUser(ctx)]),
        ...tellEnd(disk, ctx),
        ...others(ctx.setting, ctx.self).map(
          (to): Effect<CounterMessage> => ({ kind: 'send', to, body: { kind: 'back' } }),
        ),
      ],
    };
  },

  receive(state, happening, ctx) {
    if (state.gone) return undefined;
    if (happening.kind === 'timer') return { state: { ...state, wanted: true }, effects: [] };
    if (happening.kind === 'epoch') return requesterEpoch(state, ctx) ?? waitNoLonger(state, ctx);
    const { from, signer, body } = happening;
    if (from !== signer) return accuse(state, signer, 'speaks in the name of another');
    switch (body.kind) {
      case 'reserve':
        return receiveReservation(state, signer, body, ctx);
      case 'ack':
        return receiveAck(state, signer, body, ctx);
      case 'acks':
        return ctx.setting.requesters.includes(signer) ? receiveAcks(state, signer, body, ctx) : undefined;
      case 'back':
        return askAgain(state, [signer], ctx);
      case 'ended':
        return receiveEnd(state, signer, body.served, ctx);
    }
  },

  ready: (state, ctx) => (state.gone ? [] : [...ackerReady(state, ctx), ...requesterReady(state, ctx)]),

  act(state, step, ctx) {
    if (state.gone) return undefined;
    if (step.action === 'acknowledge') return acknowledge(state, step, ctx);
    return 'byz' in step.params ? adversaryAct(state, step, ctx) : requesterAct(state, step, ctx);
  },
};

/** The mark may be one above what was used; what is in between is given up. */
function cursorAfter(block: number, mark: number, { setting }: CounterContext): number {
  return setting.bug === 'resumes_below_mark' && mark > startOf(setting, block) ? mark - 1 : mark;
}

/** A participant that only acknowledges is done when all requesters are. */
function receiveEnd(
  state: CounterState,
  requester: number,
  served: boolean,
  { setting, self }: CounterContext,
): CounterTurn | undefined {
  if (!setting.requesters.includes(requester) || state.ended.some(each => each.requester === requester))
    return undefined;
  const ended = [...state.ended, { requester, served }];
  const isAll = !setting.requesters.includes(self) && ended.length === setting.requesters.length;
  return { state: { ...state, ended }, effects: isAll ? [{ kind: 'finish', as: endingOf(ended) }] : [] };
}

function waitNoLonger(
  state: CounterState,
  { setting, epoch, self }: CounterContext,
): CounterTurn | undefined {
  if (epoch < setting.timeoutEpochs || setting.requesters.includes(self)) return undefined;
  return {
    state,
    effects: [{ kind: 'finish', as: endingOf(state.ended), reason: 'some requesters never ended' }],
  };
}

/** It has done its part where that was of use to anybody. */
function endingOf(ended: CounterState['ended']): 'success' | 'timeout' {
  return ended.some(({ served }) => served) ? 'success' : 'timeout';
}

/** Only this participant writes its disk. */
function readDisk(data: unknown, { setting, self }: CounterContext): CounterDisk | undefined {
  if (!isDisk(data) || setting.bug !== 'promises_in_memory') return isDisk(data) ? data : undefined;
  return { ...data, promises: data.promises.filter(([, to]) => to === self) };
}

function isDisk(data: unknown): data is CounterDisk {
  return typeof data === 'object' && data !== null && 'promises' in data;
}
