// What a run needs beside its job, brought together for the thread that performs it.
import type { Bridge } from '../bridge/load-spec.js';
import type { Driver } from '../drivers/driver.js';
import { openModelDriver } from '../drivers/model-driver.js';
import { openModuleDriver } from '../drivers/module-driver.js';
import { openProcessDriver, type ProcessDriverOptions } from '../drivers/process-driver.js';
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
  /** Told of each line of the standard error of a driver's program. */
  readonly onStderr?: (line: string) => void;
  /** Told when a spec is being opened, and when it is. */
  readonly onOpening: (isOpening: boolean) => void;
  readonly onProgress: (steps: number) => void;
  readonly signal: AbortSignal;
}

export function runTools(specs: RunSpecs, file: string, options: ToolOptions): RunTools {
  const { answerMs, onStderr, onOpening, ...rest } = options;
  const bounds = { timeoutMs: answerMs, ...(onStderr && { onStderr }) };
  return {
    ...rest,
    protocols: PROTOCOLS,
    openSpec: async need => {
      onOpening(true);
      try {
        return await specs.open(need, file);
      } finally {
        onOpening(false);
      }
    },
    openDriver: (choice, spec) => openDriver(choice, spec, bounds),
  };
}

async function openDriver(
  choice: DriverChoice,
  spec: OpenedSpec,
  bounds: ProcessDriverOptions,
): Promise<Result<Driver>> {
  assert(choice.kind !== 'simulated', 'the simulator is no driver to open');
  if (choice.kind === 'module') return openModuleDriver(choice.file, bounds);
  if (choice.kind === 'process') return openProcessDriver(choice.command, bounds);
  const compiled = compileSpec(spec.model.spec);
  return compiled.ok ? openModelDriver(spec.model, compiled.value, spec) : compiled;
}
