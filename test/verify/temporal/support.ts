// Temporal formulas for tests: written as Quint, many in one spec, and run along traces that are written as short texts.
import { type CompiledSpec, findOp } from '../../../src/engine/index.js';
import type { State } from '../../../src/model/value.js';
import {
  compileTemporal,
  type TemporalProperty,
  TemporalRun,
  type TemporalVerdict,
} from '../../../src/verify/temporal/index.js';
import { compileText } from '../../engine/support.js';
import { unwrap } from '../../quint.js';

/** How a trace goes on: the index of the state after the last one, or what is said of its end. */
export type End = number | 'open' | 'stutter';

/** Compiles each formula beside the definitions, in one spec. */
export async function formulasOf(
  definitions: string,
  formulas: readonly string[],
): Promise<{ compiled: CompiledSpec; properties: TemporalProperty[] }> {
  const named = formulas.map((formula, i) => `  temporal formula${i} = ${formula}`);
  const compiled = await compileText(`module formulas {\n${definitions}\n${named.join('\n')}\n}\n`);
  return { compiled, properties: formulas.map((_, i) => propertyOf(compiled, `formula${i}`)) };
}

export function propertyOf(compiled: CompiledSpec, name: string): TemporalProperty {
  const ref = unwrap(findOp(compiled, name));
  return unwrap(compileTemporal(compiled, { expr: ref.def.expr, site: ref }));
}

export function verdictOf(property: TemporalProperty, states: readonly State[], end: End): TemporalVerdict {
  const run = new TemporalRun(property, { loop: 'unknown' });
  for (const state of states) run.next(state);
  return run.end(typeof end === 'number' ? { loop: end } : end);
}
