// Effects under watch: when each began and ended, a light picture of the state before and after it, and the properties
// checked as soon as it is over. Source: the MonitoredEffects of Aura's RFC 080. For a simulated world the kernel reports
// the effects of its participants; for other programs this class wraps what they do.
import type { TraceEvent } from '../../generated/execution-trace.js';
import type { EffectReport } from '../simulate/effect-report.js';
import type { Result } from '../util/result.js';
import { ok } from '../util/result.js';
import type { PropertyMonitor, PropertyViolation } from './property-monitor.js';

/** Told of each effect of a participant of the simulator. */
export type EffectWatch = (report: EffectReport) => void;

/** An effect that is over. */
export interface MonitoredEffect {
  readonly type: string;
  /** As the clock of the world has them, ms. */
  readonly start: number;
  readonly end: number;
  /** A light picture of the state, such as a digest. */
  readonly before: string;
  readonly after: string;
  /** What it came to, in a few words. */
  readonly summary: string;
  /** The violation that it is the first to show. */
  readonly violation?: PropertyViolation;
}

/** What the effects happen to. */
export interface MonitoredWorld {
  /** Milliseconds, of virtual or real time. */
  now(): number;
  lightState(): string;
}

/** Something to do, and what it means to the spec. */
export interface MonitoredAction<T> {
  readonly type: string;
  run(): T;
  /** The events of the execution trace that it is, with what they changed; none without it. */
  events?(result: T): readonly TraceEvent[];
  summary?(result: T): string;
}

export class MonitoredEffects {
  private readonly done: MonitoredEffect[] = [];

  /** At most `keep` effects are remembered, the last ones. */
  constructor(
    private readonly world: MonitoredWorld,
    private readonly monitor: PropertyMonitor,
    private readonly keep = 10_000,
  ) {}

  /** The last effects, in their order. */
  get effects(): readonly MonitoredEffect[] {
    return this.done;
  }

  /**
   * Does it, and checks the properties after it. What `run` throws is thrown on, and then nothing is remembered. Errors
   * are those of {@link PropertyMonitor.check}.
   */
  execute<T>(action: MonitoredAction<T>): Result<T> {
    const [start, before] = [this.world.now(), this.world.lightState()];
    const result = action.run();
    const [end, after] = [this.world.now(), this.world.lightState()];
    let violation: PropertyViolation | undefined;
    for (const event of action.events?.(result) ?? []) {
      const checked = this.monitor.check(event);
      if (!checked.ok) return checked;
      violation ??= checked.value;
    }
    const summary = action.summary?.(result) ?? '';
    const { type } = action;
    this.done.push({ type, start, end, before, after, summary, ...(violation && { violation }) });
    if (this.done.length > 2 * this.keep) this.done.splice(0, this.done.length - this.keep);
    return ok(result);
  }
}
