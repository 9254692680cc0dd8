// The protocol `counter`: disjoint ranges of counter values by quorum, matching specs/counter.qnt. This only puts its parts
// together; `counter_coordination` is another name for the same.
import type { Protocol } from '../../protocol.js';
import { COUNTER_STRATEGIES } from './adversary.js';
import {
  type CounterHistory,
  counterHistory,
  placeCounter,
  projectCounter,
  recordCounter,
} from './mapping.js';
import { counterParticipant } from './participant.js';
import { type CounterSetting, counterConstants, counterSetting } from './setting.js';
import type { CounterMessage, CounterState } from './state.js';

export const counter: Protocol<CounterSetting, CounterState, CounterMessage, CounterHistory> = {
  name: 'counter',
  spec: { file: 'counter.qnt', module: 'counter_protocol' },
  phases: ['acknowledgement'],
  setting: counterSetting,
  constants: counterConstants,
  nodes: ({ names }) => names,
  participant: counterParticipant,
  strategies: COUNTER_STRATEGIES,
  begin: counterHistory,
  record: recordCounter,
  project: projectCounter,
  place: placeCounter,
  facts: () => ({}),
  bugs: {
    resumes_below_mark:
      'a requester that comes back goes on one value below its mark, as if that had not been used',
    counts_itself_twice: 'a requester counts its own promise as two acknowledgements',
    promises_in_memory: 'what was promised to others is kept in memory only, and forgotten in a crash',
    takes_before_mark: 'a value is handed out before the mark on disk has passed it',
  },
};
