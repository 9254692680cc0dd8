// What aura knows of a spec once Quint has checked it: constants, variables, actions, properties, runs, with
// instances and imports of the main module resolved. Data only; build-model.ts makes it.
import type { Location } from '../util/errors.js';
import type { Annotations } from './annotations.js';
import type { IrExpr, IrType } from './ir.js';
import type { Spec } from './spec.js';

export interface Model {
  readonly spec: Spec;
  readonly constants: readonly Constant[];
  readonly variables: readonly Variable[];
  /** Leaf actions of the step relation, or all driving actions where the module has no `step`. */
  readonly actions: readonly Action[];
  /** Actions that only compose others or serve them. */
  readonly otherActions: readonly OtherAction[];
  readonly invariants: readonly Property[];
  readonly temporalProperties: readonly Property[];
  /** Boolean state values that no rule takes for an invariant; they can be asked for by name. */
  readonly candidates: readonly Property[];
  readonly runs: readonly Named[];
  readonly entry: EntryActions;
  /** Whether the main module sees an action of the name that `entry` has. */
  readonly hasInit: boolean;
  readonly hasStep: boolean;
}

/** Names of the actions to begin and to go on with. */
export interface EntryActions {
  readonly init: string;
  readonly step: string;
  /** Whether the spec had no step of its own: what stands beside the calls in it is then not the author's. */
  readonly stepIsDerived?: boolean;
}

/** Something of the spec with a name as the main module sees it (`inst::name` behind a named instance). */
export interface Named {
  readonly name: string;
  readonly id: number;
  readonly doc: string;
  readonly location: Location;
}

export interface Constant extends Named {
  readonly declaredAs: 'const' | 'pure val';
  readonly annotations: Annotations;
  readonly type: IrType;
  /** What the instance gives it, or its body; absent for a `const` that nobody instantiates. */
  readonly value?: IrExpr;
}

export interface Variable extends Named {
  readonly type: IrType;
}

export type ActionKind = 'honest' | 'byzantine' | 'fault' | 'environment';

export interface Parameter {
  readonly name: string;
  readonly id: number;
  readonly type: IrType;
}

export interface Action extends Named {
  readonly parameters: readonly Parameter[];
  /** Names of variables, sorted. */
  readonly reads: readonly string[];
  readonly updates: readonly string[];
  readonly kind: ActionKind;
  /** Of a byzantine action its strategy, of a fault its kind; empty where the spec does not say. */
  readonly detail: string;
  /** The rule that gave `kind`, for people. */
  readonly rule: string;
  /** Where `step` calls it; empty for a spec without `step`. */
  readonly calls: readonly ActionCall[];
}

/** One call of an action in `step`: its arguments, under the bindings (`nondet`, `val`) around it, outermost first. */
export interface ActionCall {
  /** What Quint's `mbt::actionTaken` says when this call is taken: the first named action inside the innermost `any`. */
  readonly label: string;
  readonly args: readonly IrExpr[];
  readonly bindings: readonly {
    readonly name: string;
    readonly id: number;
    readonly nondet: boolean;
    readonly expr: IrExpr;
  }[];
}

export interface OtherAction extends Named {
  readonly role: 'composition' | 'helper';
}

export const PROPERTY_CLASSES = [
  'ThresholdSafety',
  'CounterUniqueness',
  'SessionIsolation',
  'CrdtConsistency',
  'KeyDerivationSafety',
  'ProtocolProgress',
  'MessageDelivery',
  'RecoveryCompletion',
  'StateConvergence',
  'GeneralSafety',
  'GeneralLiveness',
] as const;

export type PropertyClass = (typeof PROPERTY_CLASSES)[number];

export interface Property extends Named {
  readonly kind: 'invariant' | 'temporal';
  /** Whether a finite prefix can break it: true for invariants and for temporal properties without `eventually` and the like. */
  readonly safety: boolean;
  /** Whether it uses `weakFair` or `strongFair`. */
  readonly assumesFairness: boolean;
  /** Names of variables, sorted. */
  readonly reads: readonly string[];
  readonly propertyClass: PropertyClass;
  /** The rule that gave the class, for people. */
  readonly rule: string;
  /** The rule that made it a property rather than a helper. */
  readonly chosenBy: string;
  /** The body. */
  readonly expr: IrExpr;
  /** Fault bound under which it is claimed, as written after `@assume`. */
  readonly assumption?: string;
}
