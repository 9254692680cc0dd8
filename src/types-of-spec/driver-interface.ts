// The part of a file of types that is the same for every spec: the interface of src/drivers/user-driver.ts in terms of the
// types before it. A test holds the two against each other.

/** TypeScript; it uses `Picks`, `State` and `Step`. */
export const INTERFACE = `/** What steps of all actions have. */
interface StepBase {
  /** Number of the step in the schedule, from 0. */
  readonly index: number;
  /** The operation of the implementation; the name of the action unless the configuration maps it. */
  readonly operation: string;
  /** Number of the participant that takes it. */
  readonly node?: number;
  readonly picks: Picks;
  /** Earliest time, ms since the run began. */
  readonly at?: number;
  /** What the system has to do with it. */
  readonly expect: 'accepted' | 'rejected';
}

/** An event of an execution trace. */
export interface Event {
  readonly action?: string;
  readonly node?: string;
  readonly params?: object;
  readonly state?: Partial<State>;
  readonly [other: string]: unknown;
}

/** What a step came to. */
export type Applied =
  | 'accepted'
  | 'rejected'
  | {
      readonly outcome: 'accepted' | 'rejected';
      /** Of a step that is rejected. */
      readonly reason?: string;
      readonly events?: readonly Event[];
    };

/** What a run begins with. */
export interface Setup {
  readonly scenario: string;
  readonly seed: string;
  readonly participants: number;
  readonly threshold: number;
  readonly faultBound: number;
  /** Names of the participants by their numbers, where the spec has some. */
  readonly names: readonly string[];
  readonly byzantine: readonly number[];
  /** Constants of the spec. */
  readonly constants: Readonly<Record<string, unknown>>;
}

/** A fault to inject. */
export interface Fault {
  readonly type: string;
  readonly participants: readonly number[];
  readonly durationMs?: number;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What a driver can do beside taking steps; what it cannot do makes a scenario that needs it inconclusive. */
export interface Capabilities {
  readonly faults: readonly string[] | 'all';
  readonly strategies: readonly string[] | 'all';
  readonly network: boolean;
  /** Actions that are faults themselves: their steps need no \`inject\`. */
  readonly faultActions: readonly string[] | 'all';
  /** What \`observe\` tells of the state. */
  readonly state: 'full' | 'partial' | 'none';
}

/** What \`createDriver\` of a module gives; \`Observed\` are the variables that \`observe\` tells. */
export interface Driver<Observed extends Partial<State> = State> {
  readonly capabilities?: Partial<Capabilities>;
  prepare(setup: Setup): void | Promise<void>;
  apply(step: Step): Applied | Promise<Applied>;
  inject?(fault: Fault): void | Promise<void>;
  observe(): Observed | Promise<Observed>;
  close(): void | Promise<void>;
}
`;
