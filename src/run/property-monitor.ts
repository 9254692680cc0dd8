// Watches the properties of a spec while a system runs: each event is read as a trace's would be, the engine follows it,
// and what it breaks is known before the next one. Source: the PropertyMonitor of Aura's RFC 080. It judges and tells; what
// becomes of the run is for its owner.
import type { EventState, TraceEvent } from '../../generated/execution-trace.js';
import type { RunProperty } from '../../generated/run-result.js';
import type { Model } from '../model/model.js';
import { ExecutionObserver } from '../trace/execution-observer.js';
import type { ExecutionTraceHeader } from '../trace/execution-writer.js';
import { type SpecTypes, specTypes } from '../trace/spec-types.js';
import { NO_MAPPING } from '../trace/trace-mapping.js';
import { auraError } from '../util/errors.js';
import { systemReason } from '../util/files.js';
import { fail, ok, type Result } from '../util/result.js';
import { TraceMonitor, type VerifiedTrace, type VerifyTarget } from '../verify/verify-trace.js';
import type { CheckedProperty, PropertyChecker } from './property-checker.js';

/** A property that was broken. */
export interface PropertyViolation {
  readonly property: string;
  /** `own` for what only a checker of the user's own says. */
  readonly kind: 'conformance' | 'invariant' | 'temporal' | 'own';
  /** Index of the state in the trace, from 0 for the initial one. */
  readonly step: number;
  /** The event that led there. */
  readonly event: TraceEvent;
}

/** Told of the first violation of a monitor, at once. */
export type ViolationHandler = (violation: PropertyViolation) => void;

export interface MonitorOptions {
  /** The first line of the trace: how its events are to be read. */
  readonly header: ExecutionTraceHeader;
  readonly handlers?: readonly ViolationHandler[];
  readonly checker?: PropertyChecker;
  /** Of the model, where they are at hand. */
  readonly types?: SpecTypes;
}

export class PropertyMonitor {
  readonly types: SpecTypes;
  private readonly observer: ExecutionObserver;
  private readonly monitor: TraceMonitor;
  private readonly own: OwnWatch | undefined;
  private found: PropertyViolation | undefined;

  /** `target` as of prepareVerification on the same model. */
  constructor(
    model: Model,
    target: VerifyTarget,
    private readonly options: MonitorOptions,
  ) {
    this.types = options.types ?? typesFor(model, target);
    const reading = { mapping: NO_MAPPING, order: undefined, stateMode: undefined };
    this.observer = new ExecutionObserver('the trace', 'lines', {
      types: this.types,
      ...reading,
      eventsOnly: false,
      misfitsMost: 1,
    });
    this.monitor = new TraceMonitor(target, this.observer);
    this.own = options.checker && new OwnWatch(model, options.checker);
    for (const _ of this.observer.push(Buffer.from(`${JSON.stringify(options.header)}\n`)));
  }

  /** The first violation. */
  get violation(): PropertyViolation | undefined {
    return this.found;
  }

  /**
   * Takes the next event, whose JSON with a line break `line` is, where it is at hand; gives the violation that it is the
   * first to show.
   *
   * Errors: AUR303, AUR311 to AUR316 for an event that does not fit the spec, AUR463 for a checker that fails.
   */
  check(event: TraceEvent, line = `${JSON.stringify(event)}\n`): Result<PropertyViolation | undefined> {
    for (const moment of this.observer.push(Buffer.from(line))) {
      if (!moment.ok) return moment;
      const unknown = this.monitor.read(moment.value);
      if (unknown !== undefined) return fail(unknown);
    }
    const own = this.own?.look(event);
    if (own?.ok === false) return own;
    if (this.found !== undefined) return ok(undefined);
    const { broken } = this.monitor;
    if (broken !== undefined) this.found = { ...broken, event };
    else if (own?.value !== undefined) this.found = { ...own.value, kind: 'own', event };
    if (this.found !== undefined) for (const handler of this.options.handlers ?? []) handler(this.found);
    return ok(this.found);
  }

  /** The verdict on the whole trace, and what the checker of the user's own says. It ends the monitor. */
  async end(): Promise<Result<{ readonly verified: VerifiedTrace; readonly own: readonly RunProperty[] }>> {
    for (const moment of this.observer.finish()) {
      if (!moment.ok) return moment;
      const unknown = this.monitor.read(moment.value);
      if (unknown !== undefined) return fail(unknown);
    }
    const verified = await this.monitor.end();
    return verified.ok ? ok({ verified: verified.value, own: this.own?.verdicts() ?? [] }) : verified;
  }
}

/** What reading a trace takes to know of a spec, with its variables named as the verification has them. */
export function typesFor(model: Model, { compiled }: VerifyTarget): SpecTypes {
  return specTypes(
    model,
    compiled.variables.map(({ name, ref }) => ({ name, id: ref.def.id })),
  );
}

/** A checker of the user's own along the states of a trace. It gets copies: the states are shared with what is watched. */
class OwnWatch {
  private readonly properties: readonly CheckedProperty[];
  private readonly broken = new Map<string, number>();
  private state: EventState = {};
  private states = 0;

  constructor(
    model: Model,
    private readonly checker: PropertyChecker,
  ) {
    const ofSpec = model.invariants.map(({ name, propertyClass }) => ({ name, class: propertyClass }));
    const ofChecker = (checker.properties ?? []).map(name => ({ name, class: null }));
    this.properties = [...ofSpec, ...ofChecker];
  }

  /** The property that this event is the first to break. */
  look({
    action,
    state,
  }: TraceEvent): Result<{ readonly property: string; readonly step: number } | undefined> {
    if (action === undefined && state === undefined) return ok(undefined);
    this.state = { ...this.state, ...state };
    const step = this.states++;
    const before = this.broken.size;
    for (const property of this.properties) {
      if (this.broken.has(property.name)) continue;
      try {
        if (!this.checker.checkProperty(structuredClone(this.state), property))
          this.broken.set(property.name, step);
      } catch (error) {
        const message = `the property checker failed on ${property.name} at state ${step}: ${systemReason(error)}`;
        return fail(auraError('AUR463', message));
      }
    }
    const first = [...this.broken.keys()][before];
    return ok(first === undefined ? undefined : { property: first, step });
  }

  verdicts(): RunProperty[] {
    return this.properties.map(property => {
      const step = this.broken.get(property.name) ?? null;
      return {
        ...property,
        kind: 'own',
        verdict: step === null ? 'satisfied' : 'violated',
        step,
        reason: null,
      };
    });
  }
}
