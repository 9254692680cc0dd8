// The protocols of the simulator, by the names that scenarios give them.
import type { Protocol } from '../protocol.js';
import { counter } from './counter/counter.js';
import { crdtJournal } from './crdt-journal/crdt-journal.js';
import { dkd } from './dkd/protocol.js';
import { locking } from './locking/locking.js';
import { recovery } from './recovery/recovery.js';
import { resharing } from './resharing/resharing.js';
import { thresholdSigning } from './threshold-signing/protocol.js';

export const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  counter,
  counter_coordination: counter,
  crdt_journal: crdtJournal,
  dkd,
  locking,
  recovery,
  resharing,
  threshold_signing: thresholdSigning,
};
