// What may notice a mutant: the invariants in every state, and the temporal properties that a finite run can break
// along every step. They are those of the spec itself and not of the mutant, so that they are compiled once for all.
import { type CompiledSpec, compileExprs, type EngineState, findOp } from '../../engine/index.js';
import type { Property } from '../../model/model.js';
import { must } from '../../util/assert.js';
import type { AuraError } from '../../util/errors.js';
import { compileTemporal, isDecided, type Residual } from '../../verify/temporal/index.js';

/** What the temporal properties ask of the rest of a run, in their order; of one watch, the same is one object. */
export type Asked = readonly Residual[];

export interface Watch {
  /** Names of what is watched. */
  readonly properties: readonly string[];
  /** What is asked from an initial state on. */
  readonly start: Asked;
  /** The first invariant that is false in a state, and why one before it cannot be evaluated. */
  state(state: EngineState): { readonly broken: string | undefined; readonly failed: AuraError | undefined };
  /** What is asked after a step, and the first property that the step breaks. */
  step(
    asked: Asked,
    from: EngineState,
    to: EngineState,
  ): { readonly asked: Asked; readonly broken: string | undefined };
  /** The first property that a run breaks by ending in a state. */
  end(asked: Asked, last: EngineState): string | undefined;
}

/** Properties that cannot be evaluated on a run watch nothing. */
export function watchOf(compiled: CompiledSpec, properties: readonly Property[]): Watch {
  const siteOf = ({ name }: Property) => {
    const op = findOp(compiled, name);
    return op.ok ? { site: op.value } : {};
  };
  const invariants = properties.filter(({ kind }) => kind === 'invariant');
  const evaluators = compileExprs(
    compiled,
    invariants.map(invariant => ({ expr: invariant.expr, ...siteOf(invariant) })),
  );
  const temporal = properties.flatMap(property => {
    if (property.kind === 'invariant' || !property.safety) return [];
    const formula = compileTemporal(compiled, { expr: property.expr, ...siteOf(property) });
    return formula.ok ? [{ name: property.name, formula: formula.value }] : [];
  });
  const start: Asked = temporal.map(({ formula }) => formula.start);
  const known = new Map([[keyOf(start), start]]);
  const unique = (asked: Asked): Asked => {
    const key = keyOf(asked);
    const same = known.get(key) ?? asked;
    known.set(key, same);
    return same;
  };
  const brokenBy = (isBroken: (i: number) => boolean) => temporal.find((_, i) => isBroken(i))?.name;
  return {
    properties: [...invariants, ...temporal].map(({ name }) => name),
    start,
    state(state) {
      let failed: AuraError | undefined;
      for (const [i, holds] of evaluators.entries()) {
        const answer = holds(state);
        if (!answer.ok) failed ??= answer.errors[0];
        else if (answer.value !== true) return { broken: must(invariants[i], 'invariant').name, failed };
      }
      return { broken: undefined, failed };
    },
    step(asked, from, to) {
      const after = temporal.map(({ formula }, i) => {
        const residual = must(asked[i], 'residual');
        if (isDecided(residual)) return residual;
        const next = formula.step(residual, from, to);
        formula.tidy([next]);
        return next;
      });
      const isSame = after.every((residual, i) => residual === asked[i]);
      return { asked: isSame ? asked : unique(after), broken: brokenBy(i => after[i]?.kind === 'false') };
    },
    end: (asked, last) =>
      brokenBy(
        i => temporal[i]?.formula.finish(must(asked[i], 'residual'), last, 'open').verdict === 'violated',
      ),
  };
}

function keyOf(asked: Asked): string {
  return asked.map(({ id }) => id).join();
}
