// Random simulation: samples of runs from init by step, each state checked, until an invariant fails. Samples draw
// from streams of their own batch, so the result depends on the seed alone, not on how the work is divided.
import { createRandom, type Random } from '../util/random.js';
import { ok, type Result } from '../util/result.js';
import { guarded } from './guard.js';
import { type Engine, type Machine, type RawStep, rawStep, type Step } from './machine.js';
import { refuel } from './runtime/failure.js';
import { useRandom } from './runtime/picks.js';
import { SAMPLES_PER_STREAM } from './samples-per-stream.js';

export interface SimulateOptions {
  readonly seed: string;
  readonly samples: number;
  readonly maxSteps: number;
  /** Number of the first sample, for one worker of several; a multiple of {@link SAMPLES_PER_STREAM}. */
  readonly firstSample?: number;
  /** Told of every trace, states only, when given; returns false to stop. */
  readonly onTrace?: (trace: readonly Step[], sample: number) => boolean | undefined;
}

export interface Violation {
  readonly invariant: string;
  /** Index of the state that violates it; 0 is the initial one. */
  readonly step: number;
  readonly trace: readonly Step[];
}

export interface Simulation {
  readonly traces: number;
  readonly states: number;
  readonly violation: (Violation & { readonly sample: number }) | undefined;
}

/**
 * Simulates until an invariant of the machine fails or the samples are through. A run ends early where no step is
 * possible with the picks that were drawn, and a run whose init fails counts as a trace without states, as in Quint.
 * Errors of the spec end the simulation.
 */
export function simulate(machine: Machine, options: SimulateOptions): Result<Simulation> {
  const engine = machine.picking();
  const first = options.firstSample ?? 0;
  let states = 0;
  let traces = 0;
  let violation: Simulation['violation'];
  let stream: Random | undefined;
  const outcome = guarded(machine.compiled.spec.ir.spans, 0, () => {
    for (let sample = first; sample < first + options.samples && violation === undefined; sample++) {
      if (stream === undefined || sample % SAMPLES_PER_STREAM === 0)
        stream = createRandom(`${options.seed}/simulate/${Math.floor(sample / SAMPLES_PER_STREAM)}`);
      useRandom(stream, machine.options.retryBelow);
      const run = new Run(machine, engine);
      const invariant = run.go(options.maxSteps);
      states += run.length;
      traces++;
      if (invariant !== undefined)
        violation = { invariant, step: run.length - 1, trace: run.trace(), sample };
      if (options.onTrace !== undefined && options.onTrace(run.trace(), sample) === false) break;
    }
  });
  return outcome.ok ? ok({ traces, states, violation }) : outcome;
}

/** One run, kept as emitted code left it: a step is made presentable only when somebody looks at it. */
class Run {
  private readonly steps: RawStep[] = [];

  constructor(
    private readonly machine: Machine,
    private readonly engine: Engine,
  ) {}

  get length(): number {
    return this.steps.length;
  }

  /** The invariant that failed in the last state, if any. */
  go(maxSteps: number): string | undefined {
    const { loaded, init, step } = this.engine;
    refuel();
    loaded.load([]);
    for (let i = 0; i <= maxSteps; i++) {
      loaded.clear();
      if ((i === 0 ? init : step)() !== true) return undefined;
      const raw = rawStep(loaded);
      this.steps.push(raw);
      loaded.load(raw.state);
      for (const { name, check } of this.engine.invariants) if (check() !== true) return name;
    }
    return undefined;
  }

  trace(): Step[] {
    return this.steps.map(raw => this.machine.stepOf(this.engine, raw));
  }
}
