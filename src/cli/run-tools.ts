// What a run needs beside its job, brought together for the thread that performs it.
import type { Bridge } from '../bridge/load-spec.js';
import type { Driver } from '../drivers/driver.js';
import { openModelDriver } from '../drivers/model-driver.js';
import { openModuleDriver } from '../drivers/module-driver.js';
import { openProcessDriver } from '../drivers/process-driver.js';
import { compileSpec } from '../engine/index.js';
import type { CheckAssertion } from '../run/assertion.js';
import type { DriverChoice, OpenedSpec, RunTools } from '../run/run-job.js';
import { PROTOCOLS } from '../simulate/protocols/index.js';
import { assert } from '../util/assert.js';
import type { Result } from '../util/result.js';
import type { RunSpecs } from './run-specs.js';

export interface ToolOptions {
  /** Needed by runs that ask Quint too. */
  readonly bridge?: Bridge;
  readonly checkAssertion: CheckAssertion;
  /** Most milliseconds that a program may take for one answer. */
  readonly answerMs: number;
  readonly onProgress: (steps: number) => void;
  readonly signal: AbortSignal;
}

export function runTools(specs: RunSpecs, file: string, options: ToolOptions): RunTools {
  const { answerMs, ...rest } = options;
  return {
    ...rest,
    protocols: PROTOCOLS,
    openSpec: need => specs.open(need, file),
    openDriver: (choice, spec) => openDriver(choice, spec, answerMs),
  };
}

async function openDriver(
  choice: DriverChoice,
  spec: OpenedSpec,
  timeoutMs: number,
): Promise<Result<Driver>> {
  assert(choice.kind !== 'simulated', 'the simulator is no driver to open');
  if (choice.kind === 'module') return openModuleDriver(choice.file);
  if (choice.kind === 'process') return openProcessDriver(choice.command, { timeoutMs });
  const compiled = compileSpec(spec.model.spec);
  return compiled.ok ? openModelDriver(spec.model, compiled.value, spec) : compiled;
}
