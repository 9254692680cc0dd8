// The protocol `locking`: a lock by lottery and quorum with leases, matching specs/locking.qnt. This only puts its parts
// together.
import type { Protocol } from '../../protocol.js';
import { LOCKING_STRATEGIES } from './adversary.js';
import { type LockingHistory, lockingHistory, projectLocking, recordLocking } from './mapping.js';
import { lockingParticipant } from './participant.js';
import { placeLocking } from './place.js';
import { type LockingSetting, lockingConstants, lockingSetting } from './setting.js';
import type { LockingMessage, LockingState } from './state.js';

export const locking: Protocol<LockingSetting, LockingState, LockingMessage, LockingHistory> = {
  name: 'locking',
  spec: { file: 'locking.qnt', module: 'locking_protocol' },
  phases: ['grant'],
  setting: lockingSetting,
  constants: lockingConstants,
  nodes: ({ names }) => [...names, 'urn'],
  participant: lockingParticipant,
  strategies: LOCKING_STRATEGIES,
  begin: lockingHistory,
  record: recordLocking,
  project: projectLocking,
  place: placeLocking,
  facts: () => ({}),
  bugs: {
    grants_while_bound:
      'a peer grants the lock in a new epoch though its earlier grant is open, as if leases ended with their epoch',
    expires_early: 'a peer closes its grant one epoch before the lease is over',
    heeds_forgeries: 'a peer closes its grant on a release whoever signed it',
  },
};
