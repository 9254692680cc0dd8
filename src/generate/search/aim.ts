// A property as a search sees it: the distance of each state from violating it, and whether a distance of 0 is a
// violation or only a state in which everything is set for one.
import {
  type CompiledSpec,
  compileExprs,
  compileSpec,
  type EngineState,
  findOp,
} from '../../engine/index.js';
import type { IrExpr } from '../../model/ir.js';
import type { Property } from '../../model/model.js';
import type { Table } from '../../model/unfold.js';
import { ok, type Result } from '../../util/result.js';
import { distancesTo, isOverOneState } from '../distance.js';

export interface Aim {
  readonly property: Property;
  /** Whether a state at distance 0 violates the property, for invariants and `always` of a state predicate. */
  readonly decisive: boolean;
  /** For each variable whether the property reads it. */
  readonly matters: readonly boolean[];
  /** Errors: those of the property, evaluated in that state. */
  distance(state: EngineState): Result<number>;
}

/** Errors: those of compiling the spec. */
export function compileAim(compiled: CompiledSpec, property: Property): Result<Aim> {
  const { spec } = compiled;
  const { exprs, table } = distancesTo([property.expr], spec.ir);
  const site = findOp(compiled, property.name);
  if (!site.ok) return site;
  // The names that a distance binds are looked up like those of the spec.
  const extended = compileSpec({ ...spec, ir: { ...spec.ir, table } });
  if (!extended.ok) return extended;
  const [evaluate] = compileExprs(
    extended.value,
    exprs.map(expr => ({ expr, site: site.value })),
  );
  const reads = new Set(property.reads.map(bareName));
  return ok({
    property,
    decisive: property.kind === 'invariant' || isAlwaysOfState(property.expr, spec.ir.table),
    matters: compiled.variables.map(({ short }) => reads.has(short)),
    distance: state => {
      const value = evaluate?.(state) ?? ok(0n);
      return value.ok ? ok(Number(value.value)) : value;
    },
  });
}

function bareName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function isAlwaysOfState(formula: IrExpr, table: Table): boolean {
  const [inner] = formula.kind === 'app' && formula.opcode === 'always' ? formula.args : [];
  return inner !== undefined && isOverOneState(inner, table);
}
