// Work on a spec that may take long, as data: what to do and what came of it. It runs in a worker (worker.ts), so that
// it can be ended, and so that a spec that needs too much memory does not take the process with it.
import type { Spec } from '../model/spec.js';
import { stopwatch } from '../util/clock.js';
import { ok, type Result } from '../util/result.js';
import { type CompiledSpec, compileSpec } from './compiled-spec.js';
import { type Exploration, type ExploreOptions, explore } from './explore.js';
import { createMachine, type Machine, type MachineOptions, type Step } from './machine.js';
import { runTests, type TestReport } from './run-tests.js';
import { type SimulateOptions, type Simulation, simulate } from './simulate.js';

export interface SimulateTask {
  readonly kind: 'simulate';
  readonly spec: Spec;
  readonly machine: MachineOptions;
  readonly options: Omit<SimulateOptions, 'onTrace'>;
  /** Traces to keep, from the first sample of the task on. */
  readonly keep: number;
}

export interface ExploreTask {
  readonly kind: 'explore';
  readonly spec: Spec;
  readonly machine: MachineOptions;
  readonly options: ExploreOptions;
}

export interface TestTask {
  readonly kind: 'test';
  readonly spec: Spec;
  readonly seed: string;
  readonly maxSamples: number;
  /** Source of a regular expression that names of tests must match; absent for names that end in `Test`. */
  readonly match?: string;
}

/** What comes of a task; `seconds` leave out compilation. */
export interface Outcomes {
  readonly simulate: Simulation & { readonly kept: readonly (readonly Step[])[]; readonly seconds: number };
  readonly explore: Exploration & { readonly seconds: number };
  readonly test: TestReport;
}

export type Task = SimulateTask | ExploreTask | TestTask;

/** Does the work, here and now. */
export function perform(task: Task): Result<Outcomes[keyof Outcomes]> {
  const compiled = compileSpec(task.spec);
  if (!compiled.ok) return compiled;
  if (task.kind === 'test') return ok(performTest(compiled.value, task));
  const machine = createMachine(compiled.value, task.machine);
  if (!machine.ok) return machine;
  return task.kind === 'explore' ? performExplore(machine.value, task) : performSimulate(machine.value, task);
}

function performTest(compiled: CompiledSpec, { seed, maxSamples, match }: TestTask): TestReport {
  const pattern = match === undefined ? undefined : new RegExp(match);
  return runTests(compiled, { seed, maxSamples, ...(pattern && { match: name => pattern.test(name) }) });
}

function performExplore(machine: Machine, task: ExploreTask): Result<Outcomes['explore']> {
  machine.enumerating();
  const seconds = stopwatch();
  const explored = explore(machine, task.options);
  return explored.ok ? ok({ ...explored.value, seconds: seconds() }) : explored;
}

function performSimulate(machine: Machine, task: SimulateTask): Result<Outcomes['simulate']> {
  machine.picking();
  const kept: (readonly Step[])[] = [];
  const onTrace = (trace: readonly Step[]) => kept.push(trace) > 0;
  const { keep, options } = task;
  const keepsAll = keep >= options.samples;
  if (keep > 0 && !keepsAll) {
    // Drawn a second time: making every trace presentable would cost more than drawing it.
    const again = simulate(machine, { ...options, samples: keep, onTrace });
    if (!again.ok) return again;
  }
  const seconds = stopwatch();
  const simulated = simulate(machine, { ...options, ...(keepsAll && { onTrace }) });
  return simulated.ok ? ok({ ...simulated.value, kept, seconds: seconds() }) : simulated;
}
