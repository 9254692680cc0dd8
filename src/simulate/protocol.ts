// What a protocol of the simulator is: its setting from a scenario, its participants, and its refinement mapping, which
// says at every moment what state of the spec the world is in, and which of its events are steps of the spec. The mapping
// reads the real states of real participants; only what the spec itself keeps as a record of the past (messages that
// were sent, values that were handed out) is kept beside them. It never asks the spec whether something is allowed.
// Source: Abadi, Lamport, "The existence of refinement mappings", 1991.
import type { Value } from '../model/value.js';
import type { Result } from '../util/result.js';
import type { Data, Fields, NodeId } from './data.js';
import type { Context, Ending, LocalAction, Participant, Turn } from './participant.js';

/** What a scenario says of a run of a protocol. */
export interface SettingRequest {
  readonly participants: number;
  readonly threshold: number;
  readonly faultBound: number;
  readonly guardianApprovals: number;
  readonly byzantine: readonly NodeId[];
  readonly timeoutEpochs: number;
  readonly epochMs: number;
  /** The keys of `[[scenario.protocols]]` beside `type` and `timeout_epochs`. */
  readonly parameters: Fields;
  /** Values of the spec's constants where the scenario gives them: then the setting has to be theirs. */
  readonly constants: ReadonlyMap<string, Value>;
  /** Participants whose device was lost before. */
  readonly lost: readonly NodeId[];
  /** What each participant keeps from the protocols before. */
  readonly vaults: readonly Fields[];
  /** One of {@link Protocol.bugs}: for tests that have to find it. */
  readonly bug?: string;
}

/** The world as the mapping sees it. */
export interface View<C extends Data = Data, S extends Data = Data, G extends Data = Data> {
  readonly setting: C;
  readonly nodes: readonly NodeView<S>[];
  /** The number of the epoch since the protocol began. */
  readonly epoch: number;
  readonly history: G;
}

export interface NodeView<S extends Data = Data> {
  /** The state that it has, or had when it went down. */
  readonly state: S;
  readonly disk: Data | undefined;
  readonly vault: Fields;
  readonly up: boolean;
  readonly byzantine: boolean;
  readonly ending: Ending | undefined;
}

/** A message on its way or gone. */
export interface Message<M extends Data = Data> {
  readonly id: string;
  readonly from: NodeId;
  readonly signer: NodeId;
  readonly to: NodeId;
  readonly body: M;
}

/** What happened in the world; the view that comes with it is the one after it. */
export type Occurrence<M extends Data = Data> =
  | {
      readonly kind: 'turn';
      readonly node: NodeId;
      /** What caused it: a message that was received, if it was one. */
      readonly received?: Message<M>;
      readonly emitted?: LocalAction;
      readonly sent: readonly Message<M>[];
    }
  | { readonly kind: 'crash'; readonly node: NodeId; readonly keepsDisk: boolean }
  /** `restart` has made its turn. */
  | { readonly kind: 'restart'; readonly node: NodeId; readonly sent: readonly Message<M>[] }
  | { readonly kind: 'epoch'; readonly epoch: number }
  /** Lost for good: a datagram, or what a node that went down had not got across. */
  | { readonly kind: 'lost'; readonly message: Message<M> };

/** What an occurrence is to the spec. */
export interface Recorded<G extends Data = Data> {
  readonly history: G;
  /** The step of the spec that it is; absent where the spec sees nothing of it. */
  readonly step?: LocalAction;
}

/** Where a step of a schedule has to be taken. */
export type Placement =
  | { readonly kind: 'act'; readonly node: NodeId; readonly step: LocalAction }
  | { readonly kind: 'epoch' }
  | { readonly kind: 'crash'; readonly node: NodeId }
  | { readonly kind: 'restart'; readonly node: NodeId }
  /** A message under way gets lost; the body says which one. */
  | { readonly kind: 'lose'; readonly from: NodeId; readonly to: NodeId; readonly body: Data };

/** What a byzantine strategy makes of an honest participant. */
export interface Strategy<C extends Data = Data, S extends Data = Data, M extends Data = Data> {
  /** Words for people, such as `sends another commitment to every second peer`. */
  readonly description: string;
  /** How honest participants can find out, or why they cannot. */
  readonly detection: string;
  /**
   * What it does in place of an honest turn; undefined where the turn is not touched. What is changed counts. `memory`
   * is its own, null at first.
   */
  tamper(turn: Turn<S, M>, ctx: TamperContext<C>, memory: Data): Tampered<S, M> | undefined;
  /** Steps that it takes on top, as {@link Participant.ready} and {@link Participant.act}. Each one taken counts. */
  ready?(state: S, ctx: TamperContext<C>, memory: Data): readonly LocalAction[];
  act?(state: S, step: LocalAction, ctx: TamperContext<C>, memory: Data): Tampered<S, M> | undefined;
}

export interface TamperContext<C extends Data = Data> extends Context<C> {
  /** The keys of `[[scenario.byzantine.strategies]]` beside `type` and `description`, such as `abort_after`. */
  readonly parameters: Fields;
  /** What caused the turn. */
  readonly cause: 'start' | 'restart' | 'message' | 'timer' | 'epoch' | 'act';
  /** The step that was taken, where the cause is an act. */
  readonly step?: LocalAction;
}

export interface Tampered<S extends Data = Data, M extends Data = Data> extends Turn<S, M> {
  readonly memory: Data;
  /** Milliseconds by which its messages are sent later; default 0. */
  readonly delayMs?: number;
}

/** What assertions may ask of how a protocol ended. What a protocol has nothing to say of is absent. */
export interface Facts {
  /** The key, address or state digest that each honest participant came to, in hex; null where it has none. */
  readonly keys?: Readonly<Record<NodeId, string | null>>;
  /** The public record as each honest participant has it: ids of events in its order. */
  readonly ledgers?: Readonly<Record<NodeId, readonly string[]>>;
  /** The threshold in force at the end, tried by using it. */
  readonly activeThreshold?: number;
  /** Whether every share that honest participants hold verifies. */
  readonly sharesValid?: boolean;
  readonly recovered?: boolean;
  /** Whether the account's key was reached at the end, tried by using it. */
  readonly accountAccessible?: boolean;
}

export interface Protocol<
  C extends Data = Data,
  S extends Data = Data,
  M extends Data = Data,
  G extends Data = Data,
> {
  /** As in `type` of `[[scenario.protocols]]`. */
  readonly name: string;
  /** The spec in `specs/`, and its module that has the constants open. */
  readonly spec: { readonly file: string; readonly module: string };
  /** The phases that `abort_after` of a strategy may name. */
  readonly phases: readonly string[];
  /** Errors: AUR441 for what the protocol cannot run with. */
  setting(request: SettingRequest): Result<C>;
  /** Values of the spec's constants, as Quint writes them. */
  constants(setting: C): Readonly<Record<string, string>>;
  /** Names of all nodes, as the spec and the trace have them: the participants and then the services. */
  nodes(setting: C): readonly string[];
  readonly participant: Participant<C, S, M>;
  /** The strategies that mean something to the protocol, by name. */
  readonly strategies: Readonly<Record<string, Strategy<C, S, M>>>;
  /** The record of the past at the beginning. */
  begin(setting: C): G;
  record(occurrence: Occurrence<M>, view: View<C, S, G>): Recorded<G>;
  /** The state of the spec: every variable. What is unchanged may be the same object as before. */
  project(view: View<C, S, G>): Fields;
  /** Where a step of a schedule is taken; undefined where no participant has such a step. */
  place(step: LocalAction, view: View<C, S, G>): Placement | undefined;
  facts(view: View<C, S, G>): Facts;
  /** Names of bugs that can be planted, with what each does. */
  readonly bugs: Readonly<Record<string, string>>;
}
