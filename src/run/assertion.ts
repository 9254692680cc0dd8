// What an assertion of a scenario is judged by: everything that a run, or a phase of it, can tell. The assertions
// themselves are elsewhere; nothing here decides anything.
import type { RunAccusation, RunAttempt, RunProperty } from '../../generated/run-result.js';
import type { Assertion } from '../../generated/scenario.js';
import type { ResolvedQuorum } from '../scenario/resolved.js';
import type { Fields } from '../simulate/data.js';
import type { Facts } from '../simulate/protocol.js';
import type { CheckedProperty } from './property-checker.js';

/** What one run of a protocol came to. */
export interface ProtocolOutcome {
  /** As in `type` of `[[scenario.protocols]]`. */
  readonly protocol: string;
  /** The phase that it ran in; null for what runs before any phase. */
  readonly phase: string | null;
  /** The setup that it ran with. */
  readonly setup: ResolvedQuorum;
  /** The keys of `[[scenario.protocols]]` beside `type` and `timeout_epochs`. */
  readonly parameters: Fields;
  /** By the participants' numbers, null for one that has not ended; empty where the driver does not tell. */
  readonly endings: readonly (ParticipantEnding | null)[];
  /** In the order in which they were made. */
  readonly accusations: readonly RunAccusation[];
  /** Undefined where the driver does not tell. */
  readonly facts: Facts | undefined;
  /** Epochs that it took. */
  readonly epochs: number;
  readonly timeoutEpochs: number;
  /** Whether its timeout ended it. */
  readonly timedOut: boolean;
  /** Whether its trace is a behaviour of the spec; `skipped` where that was not asked. */
  readonly conformance: 'conforms' | 'rejected' | 'gaveUp' | 'skipped';
  readonly properties: readonly RunProperty[];
}

export interface ParticipantEnding {
  readonly as: 'success' | 'aborted' | 'timeout';
  readonly reason: string | null;
}

/** What an assertion sees: of a phase what ran in it, of the scenario all. */
export interface AssertionContext {
  /** The phase at whose end the assertion stands; null for the scenario's. */
  readonly phase: string | null;
  /** In force at the end. */
  readonly setup: ResolvedQuorum;
  /** Numbers of participants, sorted. */
  readonly honest: readonly number[];
  readonly byzantine: readonly number[];
  /** Those whose device was lost for good. */
  readonly lost: readonly number[];
  /** In their order. */
  readonly runs: readonly ProtocolOutcome[];
  /** Attacks that were made and did not succeed, up to now. */
  readonly attempts: readonly RunAttempt[];
  /** The property that the scenario targets, by name or class. */
  readonly target: string | undefined;
  /** Whether an attempt can be seen at all: false where neither properties nor steps were watched. */
  readonly watched: boolean;
  /** All properties of the specs that were watched, those included that the run does not check. */
  readonly known: readonly CheckedProperty[];
  /** Whether the run checks invariants. */
  readonly checksInvariants: boolean;
}

/** `unknown` where the run does not tell what it takes to decide. */
export interface AssertionResult {
  readonly verdict: 'held' | 'failed' | 'unknown';
  /** What decided it, in a sentence without its end. */
  readonly detail: string;
}

/** Judges an assertion. What no run can satisfy or decide, such as an unknown type, was refused before. */
export type CheckAssertion = (
  assertion: Assertion,
  context: AssertionContext,
) => AssertionResult | Promise<AssertionResult>;
