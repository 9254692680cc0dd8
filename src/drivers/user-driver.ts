// The interface of a driver as a user writes it in JavaScript or TypeScript: plain data and promises, errors are thrown.
// `aura quint types` writes the same interface with the types of a spec in it.
import type { Capabilities, DriverFault, DriverStep, RunSetup } from './driver.js';

/** What a user's driver makes of a step; events are those of docs/execution-trace.md. */
export type UserApplied =
  | 'accepted'
  | 'rejected'
  | {
      readonly outcome: 'accepted' | 'rejected';
      /** Of a step that is rejected. */
      readonly reason?: string;
      readonly events?: readonly object[];
    };

/**
 * What `createDriver` of a module gives. Each method may take its time, up to a limit; one that throws ends the run with
 * the error. Integers that a number cannot hold arrive as bigints and may be given as such.
 */
export interface UserDriver {
  /** Default: no faults, no strategies, no network, and a state that may be partial. */
  readonly capabilities?: Partial<Capabilities>;
  /** Brings the system into its initial state. It may be called again, for another run. */
  prepare(setup: RunSetup): void | Promise<void>;
  /** Takes a step, or refuses to. */
  apply(step: DriverStep): UserApplied | Promise<UserApplied>;
  /** Needed where the capabilities name faults. */
  inject?(fault: DriverFault): void | Promise<void>;
  /** Variables of the spec by their names, as plain data: sets as arrays, maps as arrays of pairs. */
  observe(): object | Promise<object>;
  /** Frees what the driver holds. */
  close(): void | Promise<void>;
}
