// A violation of an invariant as the documents and the terminal show it.
import type { Violation } from '../engine/index.js';
import { writeItfText } from '../trace/itf-writer.js';
import { itfOfSteps } from '../trace/steps-itf.js';
import type { Definitions } from './open-spec.js';
import type { Terminal } from './terminal.js';

/** What the JSON documents hold: the trace is an ITF document. */
export interface ViolationDocument {
  invariant: string;
  step: number;
  trace: { [k: string]: unknown };
}

export function violationDocument(
  violation: Violation | undefined,
  { spec, textOf }: Definitions,
): ViolationDocument | null {
  if (violation === undefined) return null;
  const itf = itfOfSteps(violation.trace, { source: spec.file, status: 'violation' });
  return {
    invariant: textOf.get(violation.invariant) ?? violation.invariant,
    step: violation.step,
    trace: JSON.parse(writeItfText(itf)),
  };
}

export async function showViolation(
  terminal: Terminal,
  violation: Violation,
  { spec, textOf }: Definitions,
): Promise<void> {
  // Explaining takes the whole engine, which most runs do not need in this process.
  const { showReason, showSteps } = await import('./show-steps.js');
  const { red, bold } = terminal.colour;
  terminal.print(
    red(
      `${textOf.get(violation.invariant) ?? violation.invariant} is violated after ${violation.step} steps`,
    ),
  );
  showSteps(terminal, violation.trace);
  const last = violation.trace.at(-1);
  if (last === undefined) return;
  terminal.print(bold('because'));
  showReason(terminal, spec, violation.invariant, last.state);
}
