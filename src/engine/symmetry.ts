// Which values a spec does not tell apart: strings and variants without payload that may be exchanged everywhere in a
// state without changing what the spec does. Found by looking at what the roots reach: code that names a value, or a
// constant that an exchange would change, tells it apart; so does an operator that depends on an order.
//
// After Ip and Dill, "Better verification through symmetry", Formal Methods in System Design 9, 1996, whose scalarsets
// are declared; here they are inferred, and whatever cannot be judged counts as telling apart. Integers always do.
import type { IrApp, IrExpr } from '../model/ir.js';
import type { Value } from '../model/value.js';
import { must } from '../util/assert.js';
import { ok, type Result } from '../util/result.js';
import { isCommutativeFold } from './commutative-fold.js';
import { type CompiledSpec, findOp } from './compiled-spec.js';
import { ConstantParts } from './constant-parts.js';
import { type EngineState, fromRt } from './convert.js';
import { guarded } from './guard.js';
import { atomsOf, exchanged, isSmall } from './permuted.js';
import { eq, isRtValue, type RtValue } from './runtime/values.js';
import { overrideOf, type Site } from './scope.js';
import { Orbits } from './symmetry-orbits.js';

/** The symmetry of a spec as far as its roots go. */
export interface Symmetry {
  /** Values that may be exchanged with one another, at least two a group, in canonical order. */
  readonly groups: readonly (readonly Value[])[];
  /** Why there is none, where the spec as a whole forbids it. */
  readonly why: string | undefined;
  /** The images of a state under the exchanges that are used, itself first. */
  images(state: EngineState): EngineState[];
  /** The least image in the canonical order: equal for states that differ by an exchange only. */
  canonical(state: EngineState): EngineState;
}

/** More candidates than this are not compared: nothing is symmetric then. */
const ATOMS_MAX = 200;

/**
 * The symmetry of what `roots`, names in the main module, lead to: `init`, `step` and the properties that matter.
 * Fails with AUR604 or AUR605 for a name that is not defined.
 */
export function symmetryOf(compiled: CompiledSpec, roots: readonly string[]): Result<Symmetry> {
  const reading = new Reading(compiled);
  for (const name of roots) {
    const found = findOp(compiled, name);
    if (!found.ok) return found;
    reading.look(found.value.def.expr, found.value);
  }
  reading.settle();
  const groups = reading.why === undefined ? groupsOf(reading) : [];
  const orbits = new Orbits(groups);
  return ok({
    groups: groups.map(group => group.map(fromRt)),
    why: reading.why,
    images: state => orbits.images(state),
    canonical: state => orbits.canonical(state),
  });
}

// That two values can be exchanged is an equivalence: exchanges of a and b and of b and c make one of a and c.
function groupsOf({ constants, named }: Reading): RtValue[][] {
  const uses = constants.map(value => ({ value, atoms: atomsOf(value) }));
  const atoms = new Map(uses.flatMap(({ atoms }) => [...atoms]));
  if (atoms.size > ATOMS_MAX) return [];
  const groups: [string, RtValue][][] = [];
  for (const entry of atoms) {
    const [key, atom] = entry;
    if (named.has(key)) continue;
    const home = groups.find(([first]) => {
      const [otherKey, other] = must(first, 'a group of at least one');
      if (typeof other !== typeof atom) return false;
      return uses.every(
        ({ value, atoms }) =>
          (!atoms.has(key) && !atoms.has(otherKey)) || eq(exchanged(value, atom, other), value),
      );
    });
    if (home === undefined) groups.push([entry]);
    else home.push(entry);
  }
  return groups.filter(({ length }) => length > 1).map(group => group.map(([, atom]) => atom));
}

type Use = IrApp | Extract<IrExpr, { kind: 'name' }>;

/** What the roots reach: values of their constant parts, values that code names, and reasons against symmetry. */
class Reading {
  readonly constants: RtValue[] = [];
  /** Keys of atoms, as of {@link atomsOf}. */
  readonly named = new Set<string>();
  why: string | undefined;
  private readonly parts: ConstantParts;
  private readonly seen = new Set<string>();
  private pending: { readonly expr: Use; readonly site: Site }[] = [];

  constructor(private readonly compiled: CompiledSpec) {
    this.parts = new ConstantParts(compiled.scope);
  }

  /** Reads an expression; constant parts are put aside as a whole. */
  look(expr: IrExpr, site: Site): void {
    if (expr.kind === 'str') this.name(expr.value);
    else if (expr.kind === 'lambda') this.look(expr.expr, site);
    else if (expr.kind === 'let') {
      this.look(expr.opdef.expr, site);
      this.look(expr.expr, site);
    } else if (expr.kind === 'name' || expr.kind === 'app') {
      if (this.parts.isConstant(expr, site)) this.pending.push({ expr, site });
      else this.lookInside(expr, site);
    }
  }

  /** Evaluates the constant parts; what has no value, or a large one, is read like other code. */
  settle(): void {
    while (this.pending.length > 0) {
      const batch = this.pending;
      this.pending = [];
      const program = this.compiled.newProgram();
      for (const { expr, site } of batch) program.addRoot({ kind: 'value', expr, site, params: [] });
      const { roots, load } = program.load();
      load([]);
      for (const [i, { expr, site }] of batch.entries()) {
        const root = must(roots[i], 'root');
        const value = guarded(this.compiled.spec.ir.spans, expr.id, () => root());
        if (value.ok && isRtValue(value.value) && isSmall(value.value)) this.constants.push(value.value);
        else this.lookInside(expr, site);
      }
    }
  }

  private lookInside(expr: Use, site: Site): void {
    const entry = this.compiled.spec.ir.table.get(expr.id);
    if (expr.kind === 'app') {
      if (entry === undefined) this.builtin(expr);
      for (const arg of valueArguments(expr, entry === undefined)) this.look(arg, site);
    }
    if (entry === undefined) return;
    const name = expr.kind === 'app' ? expr.opcode : expr.name;
    const ref = this.compiled.scope.resolveEntry(name, entry, site);
    // What is local is read where it is bound.
    if (ref === undefined) return;
    const key = `${ref.def.id}#${ref.context.id}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    if (ref.def.kind === 'def') this.look(ref.def.expr, ref);
    const override = ref.def.kind === 'const' ? overrideOf(ref.def.id, ref.context) : undefined;
    if (override !== undefined) this.look(override.expr, override.site);
  }

  private builtin(app: IrApp): void {
    const { opcode, args } = app;
    for (const label of labelsOf(app)) if (label.kind === 'str') this.name(label.value);
    if (opcode === 'chooseSome' || opcode === 'fieldNames' || opcode === 'q::lastTrace')
      this.why ??= `${opcode} depends on an order or on names`;
    if (opcode === 'fold' && !isCommutativeFold(args[2], this.compiled.spec.ir.table))
      this.why ??= 'a fold over a set may depend on the order of its elements';
  }

  private name(text: string): void {
    this.named.add(`s${text}`).add(`v${text}`);
  }
}

/** Tags that an operator of variants names. */
function labelsOf({ opcode, args }: IrApp): readonly IrExpr[] {
  if (opcode === 'variant') return args.slice(0, 1);
  return opcode === 'matchVariant' ? args.filter((_, i) => i % 2 === 1) : [];
}

/** The arguments that are values: names of fields and of variants are not. */
function valueArguments({ opcode, args }: IrApp, isBuiltin: boolean): readonly IrExpr[] {
  if (!isBuiltin) return args;
  if (opcode === 'Rec' || opcode === 'variant') return args.filter((_, i) => i % 2 === 1);
  if (opcode === 'matchVariant') return args.filter((_, i) => i % 2 === 0);
  return opcode === 'field' || opcode === 'with' ? args.filter((_, i) => i !== 1) : args;
}
