// The one interface to what a scenario runs against: the simulated protocols, the spec itself, a module of the user's, a
// program. A driver carries out steps and tells what it sees; what that means, whether it was right, is for the verifier.
// A driver that cannot do something says so: what it cannot inject is never passed over in silence.
import type { EventParams, EventState, TraceEvent } from '../../generated/execution-trace.js';
import type { Result } from '../util/result.js';

/** What a driver can do beside taking steps. */
export interface Capabilities {
  /** Types of faults that it injects; `all` for those that it does not know the names of either. */
  readonly faults: readonly string[] | 'all';
  /** Types of byzantine strategies. */
  readonly strategies: readonly string[] | 'all';
  /** Whether the conditions of `[scenario.network]` beside their default take effect. */
  readonly network: boolean;
  /**
   * Actions of the spec that are faults themselves here, such as a `crash` that `apply` carries out: the `fault` of their
   * step needs no `inject`.
   */
  readonly faultActions?: readonly string[] | 'all';
  /** What `observe` tells: the state of the spec whole, in parts, or nothing. */
  readonly state: 'full' | 'partial' | 'none';
}

/** What a run begins with. Plain JSON throughout, so that it can go to another program. */
export interface RunSetup {
  readonly scenario: string;
  readonly seed: string;
  readonly participants: number;
  readonly threshold: number;
  readonly faultBound: number;
  /** Names of the participants by their numbers, as the spec has them where that is known. */
  readonly names: readonly string[];
  readonly byzantine: readonly number[];
  /** Constants of the spec, in the plain encoding of docs/execution-trace.md. */
  readonly constants: Readonly<Record<string, unknown>>;
  /**
   * All steps to come. Only the spec itself looks at it, which may have several states to begin or go on with: it takes one
   * from which the rest is possible.
   */
  readonly schedule?: readonly DriverStep[];
}

export interface DriverStep {
  /** Number of the step in the schedule, from 0. */
  readonly index: number;
  readonly action: string;
  readonly operation: string;
  readonly node?: number;
  /** The action's parameters and `nondet` picks, in the plain encoding. */
  readonly params: EventParams;
  readonly picks: EventParams;
  /** Earliest time, ms since the run began. */
  readonly at?: number;
  /** What the system has to do with it; a driver of a real system may use it to choose how long to wait. */
  readonly expect: 'accepted' | 'rejected';
}

export interface DriverFault {
  readonly type: string;
  readonly participants: readonly number[];
  readonly durationMs?: number;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What a step came to. */
export type Applied =
  | {
      readonly outcome: 'accepted';
      /** What happened: events of the execution trace in their order; `state` may be left to `observe`. */
      readonly events?: readonly TraceEvent[];
    }
  | { readonly outcome: 'rejected'; readonly reason?: string; readonly events?: readonly TraceEvent[] };

/**
 * Every method may take its time; the runner bounds it. Errors that a driver returns or throws are the harness's or the
 * system's inability to run, AUR450 to AUR459: never a verdict on a property.
 */
export interface Driver {
  readonly capabilities: Capabilities;
  /** Brings the system into its initial state. */
  prepare(setup: RunSetup): Promise<Result<void>>;
  apply(step: DriverStep): Promise<Result<Applied>>;
  /** Only for types among its capabilities. */
  inject(fault: DriverFault): Promise<Result<void>>;
  /** The state of the spec as far as it can be seen now: variables by name, in the plain encoding. */
  observe(): Promise<Result<EventState>>;
  /**
   * Ends the run and frees all that it took, in `withinMs` or else the time of any answer; safe to call twice and after any
   * error. What is still being asked is given up. Errors: AUR452 for a system that fails in it, AUR454 for one that does
   * not answer.
   */
  close(withinMs?: number): Promise<Result<void>>;
}
