// From an expression in its scope to a term of the property's program. Parts that look at another state, or ask what is
// enabled, are cut out: the program is given functions for them, each evaluating the part where it belongs. So the
// engine emits plain expressions and knows nothing of time.
import { type CompiledSpec, freeNames, type Terms } from '../../engine/index.js';
import type { IrApp, IrExpr, IrLookup, IrParam } from '../../model/ir.js';
import { must } from '../../util/assert.js';
import { type Formula, joinSlots, type Part, type Slot, type Term, type TermArg } from './formula.js';
import { LEVEL, type Levels } from './levels.js';
import { refuse } from './refusal.js';
import { type Bound, type Env, entryOf, isSlot, type Scoped, withArguments, withNames } from './scoped.js';
import { termKey } from './term-key.js';

const OTHER_STATES = LEVEL.step | LEVEL.enabled;

/** A part that was cut out: the expression in its place, and what to compile for it. */
interface Cut {
  readonly at: IrExpr;
  readonly kind: Part['kind'];
  readonly scoped: Scoped;
}

export class TermCompiler {
  private readonly table: ReadonlyMap<number, IrLookup>;
  private readonly known = new Map<string, Term>();

  constructor(
    private readonly compiled: CompiledSpec,
    private readonly terms: Terms,
    private readonly levels: Levels,
    /** Translates what `enabled` is asked of. */
    private readonly stepFormula: (scoped: Scoped, depth: number) => Formula,
  ) {
    this.table = compiled.spec.ir.table;
  }

  /** `depth` is the number of places in the environment that are taken around it. */
  value(scoped: Scoped, depth: number): Term {
    return this.compile('value', scoped, depth);
  }

  action(scoped: Scoped, depth: number): Term {
    return this.compile('enumerate', scoped, depth);
  }

  private compile(kind: 'value' | 'enumerate', scoped: Scoped, depth: number): Term {
    const { expr, site, env } = scoped;
    const level = this.levels.of(expr, env);
    if (kind === 'value' && (level & LEVEL.action) !== 0) refuse(expr, 'an action cannot be part of a value');
    const key = termKey(this.compiled, scoped);
    // Parts take places of the environment that depend on what is taken around the term.
    const cached = `${kind} ${(level & OTHER_STATES) === 0 ? '' : depth} ${key}`;
    const found = this.known.get(cached);
    if (found !== undefined) return found;
    const inner = new Map<number, IrParam>();
    const cuts = new Cutting(this.table, this.levels, this.compiled, site, env, inner).of(expr);
    const params = freeNames(this.compiled, expr).filter(({ id }) => env.has(id) && !inner.has(id));
    const args = params.map(param => this.param(param, must(env.get(param.id), 'a binding'), depth));
    const parts = cuts.map(cut => this.part(cut, env, inner, depth));
    const root = this.terms.add({
      kind,
      expr,
      site,
      params: params.map((param, i) => ({ ...param, lazy: args[i]?.kind === 'lazy' })),
      given: cuts.map(({ at }, i) => ({ id: at.id, args: must(parts[i], 'part').names.map(({ id }) => id) })),
    });
    const all = [...args, ...parts];
    const term = { root, expr: expr.id, args: all, slots: joinSlots(all.map(slotsOf)), key };
    this.known.set(cached, term);
    return term;
  }

  private param(
    { id, name }: { readonly id: number; readonly name: string },
    bound: Bound,
    depth: number,
  ): TermArg {
    if (isSlot(bound)) return { kind: 'slot', slot: { ...bound, id } };
    if (this.levels.isAction(bound.expr, bound.env))
      refuse(bound.expr, `the action that stands for ${name} cannot be part of another action here`);
    const term = this.value(bound, depth);
    return isOperator(bound, this.table) ? { kind: 'operator', term } : { kind: 'lazy', term };
  }

  private part(
    { at, kind, scoped }: Cut,
    env: Env,
    inner: ReadonlyMap<number, IrParam>,
    depth: number,
  ): Extract<TermArg, { kind: 'part' }> {
    const names = freeNames(this.compiled, at)
      .filter(({ id }) => inner.has(id))
      .map(({ id, name }, i): Slot => ({ at: depth + i, id, name }));
    const inside = withNames(
      scoped.env,
      names.map(slot => [slot.id, slot] as const),
    );
    const deeper = depth + names.length;
    const there = { ...scoped, env: inside };
    if (kind === 'enabled')
      return { kind: 'part', names, part: { kind, action: this.stepFormula(there, deeper) } };
    // An argument of an opened operator may itself read names bound inside the term.
    const opened = kind === 'here' ? { ...there, env: rebound(inside, names, env) } : there;
    return { kind: 'part', names, part: { kind, term: this.value(opened, deeper) } };
  }
}

// Arguments keep the scope that they were written in, to which the names bound inside the term belong as well.
function rebound(env: Env, names: readonly Slot[], outer: Env): Env {
  const added = names.map(slot => [slot.id, slot] as const);
  return new Map(
    [...env].map(([id, bound]) => [
      id,
      !isSlot(bound) && bound.env === outer ? { ...bound, env: withNames(outer, added) } : bound,
    ]),
  );
}

function slotsOf(arg: TermArg): readonly Slot[] {
  if (arg.kind === 'slot') return [arg.slot];
  if (arg.kind !== 'part') return arg.term.slots;
  const own = new Set(arg.names.map(({ at }) => at));
  const slots = arg.part.kind === 'enabled' ? arg.part.action.slots : arg.part.term.slots;
  return slots.filter(({ at }) => !own.has(at));
}

/** Whether it stands for an operator with parameters, which is passed on and not evaluated. */
export function isOperator({ expr, env }: Scoped, table: ReadonlyMap<number, IrLookup>): boolean {
  if (expr.kind === 'lambda') return true;
  const entry = expr.kind === 'name' ? table.get(expr.id) : undefined;
  if (entry?.kind === 'def') return entry.expr.kind === 'lambda';
  const bound = entry?.kind === 'param' ? env.get(entry.id) : undefined;
  return bound !== undefined && !isSlot(bound) && isOperator(bound, table);
}

/** Finds the parts of one expression that have to be cut out, outermost first, and the names bound inside it. */
class Cutting {
  private readonly cuts: Cut[] = [];
  private readonly lets = new Set<number>();

  constructor(
    private readonly table: ReadonlyMap<number, IrLookup>,
    private readonly levels: Levels,
    private readonly compiled: CompiledSpec,
    private readonly site: Scoped['site'],
    private readonly env: Env,
    private readonly inner: Map<number, IrParam>,
  ) {}

  of(e: IrExpr): readonly Cut[] {
    this.walk(e);
    return this.cuts;
  }

  private walk(e: IrExpr): void {
    if (e.kind === 'lambda') {
      for (const param of e.params) this.inner.set(param.id, param);
      this.walk(e.expr);
    } else if (e.kind === 'let') {
      this.lets.add(e.opdef.id);
      this.walk(e.opdef.expr);
      this.walk(e.expr);
    } else if (e.kind === 'name') this.name(e);
    else if (e.kind === 'app') this.app(e);
  }

  private name(e: Extract<IrExpr, { kind: 'name' }>): void {
    const entry = this.table.get(e.id);
    if (entry?.kind !== 'def' || this.lets.has(entry.id)) return;
    const level = this.levels.ofDefinition(entry, this.env);
    if ((level & LEVEL.temporal) !== 0) this.misplaced(e, e.name);
    if ((level & OTHER_STATES) === 0) return;
    if (entry.expr.kind === 'lambda')
      refuse(e, `${e.name} looks at other states, so it cannot be passed on as an operator here`);
    this.cuts.push({ at: e, kind: 'here', scoped: this.body(e.name, entry, []) });
  }

  private app(e: IrApp): void {
    const entry = this.table.get(e.id);
    if (entry !== undefined) this.call(e, entry);
    else if (e.opcode === 'next' || e.opcode === 'enabled')
      this.cuts.push({
        at: e,
        kind: e.opcode,
        scoped: { expr: must(e.args[0], 'operand'), site: this.site, env: this.env },
      });
    else if ((this.levels.of({ ...e, args: [] }, this.env) & (LEVEL.temporal | LEVEL.step)) !== 0)
      this.misplaced(e, e.opcode);
    else for (const arg of e.args) this.walk(arg);
  }

  private call(e: IrApp, entry: IrLookup): void {
    const args = e.args.map(expr => ({ expr, site: this.site, env: this.env }));
    if (entry.kind === 'param') {
      const bound = this.env.get(entry.id);
      if (
        bound !== undefined &&
        !isSlot(bound) &&
        (this.levels.of(bound.expr, bound.env) & OTHER_STATES) !== 0
      )
        this.cuts.push({ at: e, kind: 'here', scoped: applied(bound, args, this.table, this.compiled) });
      else for (const arg of e.args) this.walk(arg);
      return;
    }
    const level = this.levels.ofDefinition(entry, this.env);
    const passed = e.args.some(
      (arg, i) =>
        isOperator(must(args[i], 'argument'), this.table) &&
        (this.levels.of(arg, this.env) & OTHER_STATES) !== 0,
    );
    if ((level & LEVEL.temporal) !== 0) this.misplaced(e, e.opcode);
    if (entry.kind === 'def' && ((level & OTHER_STATES) !== 0 || passed) && !this.lets.has(entry.id))
      this.cuts.push({ at: e, kind: 'here', scoped: this.body(e.opcode, entry, args) });
    else for (const arg of e.args) this.walk(arg);
  }

  private body(name: string, entry: IrLookup, args: readonly Bound[]): Scoped {
    return opened(this.compiled, { name, entry, site: this.site, env: this.env }, args);
  }

  private misplaced(e: IrExpr, name: string): never {
    return refuse(
      e,
      `${name} cannot be evaluated inside a value that is not a formula`,
      'temporal operators may stand below and, or, not, implies, iff, if, forall, exists and one another',
    );
  }
}

/** The body of a definition, with its parameters standing for `args`. */
export function opened(
  compiled: CompiledSpec,
  { name, entry, site, env }: { name: string; entry: IrLookup; site: Scoped['site']; env: Env },
  args: readonly Bound[],
): Scoped {
  const ref = compiled.scope.resolveEntry(name, entry, site);
  const def = must(
    ref?.def.kind === 'def' ? ref.def : entry.kind === 'def' ? entry : undefined,
    'a definition',
  );
  const here = ref === undefined ? { site, env } : { site: ref, env: new Map() };
  return applied({ expr: def.expr, ...here }, args, compiled.spec.ir.table, compiled);
}

/** What an operator, given as a lambda or by name, is for these arguments. */
export function applied(
  { expr, site, env }: Scoped,
  args: readonly Bound[],
  table: ReadonlyMap<number, IrLookup>,
  compiled: CompiledSpec,
): Scoped {
  if (expr.kind === 'lambda') return { expr: expr.expr, site, env: withArguments(env, expr.params, args) };
  if (args.length === 0) return { expr, site, env };
  const entry = must(entryOf(table, expr), 'an operator');
  const name = expr.kind === 'name' ? expr.name : '';
  const bound = entry.kind === 'param' ? env.get(entry.id) : undefined;
  if (bound !== undefined && !isSlot(bound)) return applied(bound, args, table, compiled);
  return opened(compiled, { name, entry, site, env }, args);
}
