// One run of a protocol under watch, whatever it runs against: its events are written as a trace, given to the monitor of
// its spec, and counted. What comes of a violation is for the run.
import type { TraceEvent } from '../../generated/execution-trace.js';
import type { Model } from '../model/model.js';
import type { ExecutionTraceHeader } from '../trace/execution-writer.js';
import type { SpecTypes } from '../trace/spec-types.js';
import { ok, type Result } from '../util/result.js';
import { DEFAULT_BUDGET, prepareVerification } from '../verify/verify.js';
import type { VerifyTarget } from '../verify/verify-trace.js';
import type { NeededSpec } from './needed-specs.js';
import type { PropertyChecker } from './property-checker.js';
import {
  PropertyMonitor,
  type PropertyViolation,
  typesFor,
  type ViolationHandler,
} from './property-monitor.js';
import type { OpenedSpec, RunOptions } from './run-job.js';
import { LineWriter } from './trace-recorder.js';

/** A spec with what is checked of it. */
export interface WatchedSpec {
  readonly opened: OpenedSpec;
  readonly target: VerifyTarget;
  readonly types: SpecTypes;
}

/** What is asked of a spec. */
export type Checks = Pick<RunOptions, 'conformance' | 'invariants' | 'temporal'>;

/** Preparing takes longer than many a run, and many runs have the same spec. */
const prepared = new WeakMap<OpenedSpec, Map<string, Result<WatchedSpec>>>();

/** Errors: those of preparing a verification. */
export function watchedSpec(opened: OpenedSpec, checks: Checks): Result<WatchedSpec> {
  const { conformance, invariants, temporal } = checks;
  const known = prepared.get(opened) ?? new Map<string, Result<WatchedSpec>>();
  prepared.set(opened, known);
  const key = `${conformance} ${invariants} ${temporal}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const { model, init, step } = opened;
  const target = prepareVerification(model, {
    invariants: invariants ? opened.invariants : [],
    temporal: temporal ? opened.temporal : [],
    conformance: conformance ? { init, step } : undefined,
    traceEnd: 'open',
    budget: DEFAULT_BUDGET,
  });
  const spec = target.ok
    ? ok({ opened, target: target.value, types: typesFor(model, target.value) })
    : target;
  known.set(key, spec);
  return spec;
}

export interface Watching {
  /** `type` of the protocol. */
  readonly type: string;
  readonly need: NeededSpec;
  /** The first line of its trace. */
  readonly header: ExecutionTraceHeader;
  /** Undefined where nothing is checked. */
  readonly spec: WatchedSpec | undefined;
  readonly checker: PropertyChecker | undefined;
  readonly handlers: readonly ViolationHandler[];
  /** The trace's name in the folder of the run, and its path while it is written. */
  readonly name: string;
  readonly file: string;
}

export class ProtocolWatch {
  /** Steps of the spec so far. */
  steps = 0;
  readonly monitor: PropertyMonitor | undefined;
  /** How often each action happened. */
  readonly actions = new Map<string, number>();
  private readonly lines: LineWriter;
  private first: TraceEvent | undefined;
  private last: TraceEvent | undefined;

  /** Throws the error of the file system, as does `take`. */
  constructor(readonly watching: Watching) {
    const { header, spec, checker, handlers, file } = watching;
    this.monitor =
      spec &&
      new PropertyMonitor(spec.opened.model, spec.target, {
        header,
        handlers,
        types: spec.types,
        ...(checker && { checker }),
      });
    this.lines = new LineWriter(file);
    this.lines.write(JSON.stringify(header));
  }

  get model(): Model | undefined {
    return this.watching.spec?.opened.model;
  }

  /** Takes the next event; gives the violation that it is the first to show. Errors: those of the monitor. */
  take(event: TraceEvent): Result<PropertyViolation | undefined> {
    const line = this.lines.write(JSON.stringify(event));
    const { action, state } = event;
    if (action === undefined && state === undefined && event.actions === undefined) return ok(undefined);
    if (action !== undefined) this.actions.set(action, (this.actions.get(action) ?? 0) + 1);
    if (action !== 'init') this.steps++;
    this.first ??= event;
    this.last = { ...event, state: { ...this.last?.state, ...state } };
    return this.monitor?.check(event, line) ?? ok(undefined);
  }

  /** The first and the last state, as lines of a trace of their own. */
  summary(): string {
    const header = { ...this.watching.header, state_mode: 'full' };
    const shown = this.first === this.last ? [this.first] : [this.first, this.last];
    return [header, ...shown].map(line => `${JSON.stringify(line)}\n`).join('');
  }

  /** Ends the trace and gives its hash; safe to call again. */
  close(): string {
    return this.lines.close();
  }
}
