// A step relation tried out in the open: every way through an action in a given state, conjunct by conjunct, with what
// failed first. Emitted code answers whether a step is possible, at speed; this answers why one is not, and what each
// guard said. It works on the expressions themselves, so it is slow and bounded: it is for the one step that is
// explained, not for exploration.
import type { IrApp, IrExpr, IrLet, IrLookup, IrOpDef, IrParam } from '../model/ir.js';
import { equalValues, type State, type Value } from '../model/value.js';
import type { AuraError } from '../util/errors.js';
import { createRandom } from '../util/random.js';
import type { Result } from '../util/result.js';
import { type CompiledSpec, findOp } from './compiled-spec.js';
import { fromRt, stateToRt, toRt } from './convert.js';
import { guarded } from './guard.js';
import type { Loaded, RtState } from './program.js';
import { isRtValue, type RtValue, SetBase } from './runtime/values.js';
import type { Site } from './scope.js';

/** An expression with the names that stand around it. */
export interface Closure {
  readonly expr: IrExpr;
  readonly site: Site;
  readonly params: readonly IrParam[];
  readonly args: readonly Value[];
}

/** One way through the action, up to the first conjunct that failed. */
export interface Attempt {
  /** As of {@link Step.action}. */
  readonly action: IrOpDef | undefined;
  readonly args: readonly (readonly [string, Value])[];
  readonly picks: readonly (readonly [string, Value])[];
  /** The guard that was false, or what could not be evaluated; absent when all conjuncts held. */
  readonly failed?: Closure & { readonly error?: AuraError };
  /** What was assigned until then, by name of the variable. */
  readonly assigned: ReadonlyMap<string, Value>;
  /** Conjuncts that held, assignments that agree with the target included. */
  readonly held: number;
  /** Assignments that differ from the target. */
  readonly mismatched: number;
}

export interface AttemptOptions {
  readonly from: State;
  /** What the step should lead to, as far as it is known. */
  readonly target?: State;
  readonly onAttempt: (attempt: Attempt) => void;
  /** Told of each guard as it is evaluated. */
  readonly onGuard?: (guard: Closure, action: IrOpDef | undefined, held: boolean) => void;
}

/** Elements of one nondeterministic choice that are tried. */
const PICKS_MAX = 300;
/** Elements of a set that is listed to choose from; of a larger one some are drawn. */
const LISTED_MAX = 100_000;
/** Ways that are tried in all. */
const ATTEMPTS_MAX = 20_000;

/** What has happened on the way to an expression. */
interface Way {
  readonly action: IrOpDef | undefined;
  readonly args: readonly (readonly [string, Value])[];
  readonly picks: readonly (readonly [string, Value])[];
  readonly assigned: ReadonlyMap<string, Value>;
  readonly held: number;
  readonly mismatched: number;
}

const NOWHERE: Way = {
  action: undefined,
  args: [],
  picks: [],
  assigned: new Map(),
  held: 0,
  mismatched: 0,
};

type Then = (way: Way) => undefined;
type Names = Pick<Closure, 'site' | 'params' | 'args'>;

/** Tries the action `name` of the main module; says whether every way was tried. Errors as of {@link findOp}. */
export function tryAction(compiled: CompiledSpec, name: string, options: AttemptOptions): Result<boolean> {
  const found = findOp(compiled, name);
  if (!found.ok) return found;
  const trial = new Trial(compiled, options);
  const { def } = found.value;
  trial.attempt(def.expr, { site: found.value, params: [], args: [] }, NOWHERE, way => trial.finish(way));
  return { ok: true, value: trial.complete };
}

/** What was emitted for trials of a spec: emitting costs more than trying. */
const emitted = new WeakMap<CompiledSpec, Map<string, Loaded>>();

class Trial {
  complete = true;
  private attempts = 0;
  private readonly loadeds: Map<string, Loaded>;
  /** Those that hold the state of this trial. */
  private readonly current = new Set<Loaded>();
  private readonly state: RtState;
  private readonly analysis;

  constructor(
    private readonly compiled: CompiledSpec,
    private readonly options: AttemptOptions,
  ) {
    this.analysis = compiled.newProgram().actions;
    this.loadeds = emitted.get(compiled) ?? new Map();
    emitted.set(compiled, this.loadeds);
    this.state = stateToRt(options.from, compiled.variables);
  }

  finish(way: Way, failed?: Attempt['failed']): undefined {
    this.attempts++;
    this.options.onAttempt({ ...way, ...(failed && { failed }) });
  }

  attempt(expr: IrExpr, names: Names, way: Way, then: Then): undefined {
    if (this.attempts >= ATTEMPTS_MAX) {
      this.complete = false;
      return;
    }
    if (!this.analysis.isAction(expr)) return this.guard(expr, names, way, then);
    if (expr.kind === 'let') return this.binding(expr, names, way, then);
    if (expr.kind !== 'app' && expr.kind !== 'name') return this.opaque(expr, names, way);
    const entry = this.compiled.spec.ir.table.get(expr.id);
    if (entry !== undefined) return this.call(expr, entry, names, way, then);
    if (expr.kind === 'app') return this.builtin(expr, names, way, then);
    return this.opaque(expr, names, way);
  }

  private builtin(app: IrApp, names: Names, way: Way, then: Then): undefined {
    switch (app.opcode) {
      case 'actionAll':
      case 'and':
        return this.all(app.args, names, way, then);
      case 'actionAny':
      case 'or':
        for (const arg of app.args)
          this.attempt(arg, names, { ...way, action: undefined, args: [], picks: way.picks }, then);
        return;
      case 'ite':
        return this.branch(app, names, way, then);
      case 'matchVariant':
        return this.match(app, names, way, then);
      case 'assign':
        return this.assign(app, names, way, then);
      default:
        return this.opaque(app, names, way);
    }
  }

  private all(exprs: readonly IrExpr[], names: Names, way: Way, then: Then): undefined {
    const [first, ...rest] = exprs;
    if (first === undefined) return then(way);
    this.attempt(first, names, way, next => this.all(rest, names, next, then));
  }

  private guard(expr: IrExpr, names: Names, way: Way, then: Then): undefined {
    // A conjunction that is one expression is taken apart: people want the conjunct.
    if (expr.kind === 'app' && expr.opcode === 'and' && !this.compiled.spec.ir.table.has(expr.id))
      return this.all(expr.args, names, way, then);
    const value = this.value(expr, names);
    const closure = { expr, ...names };
    if (value.ok) this.options.onGuard?.(closure, way.action, value.value === true);
    if (value.ok && value.value === true) return then({ ...way, held: way.held + 1 });
    const error = value.ok ? undefined : value.errors[0];
    this.finish(way, { ...closure, ...(error && { error }) });
  }

  private binding({ opdef, expr }: IrLet, names: Names, way: Way, then: Then): undefined {
    // Other local definitions are brought in where they are used.
    if (opdef.qualifier !== 'nondet') return this.attempt(expr, names, way, then);
    const choice = opdef.expr;
    const set = choice.kind === 'app' && choice.opcode === 'oneOf' ? choice.args[0] : undefined;
    if (set === undefined) return this.opaque(choice, names, way);
    const elements = this.elements(set, names);
    if (!elements.ok || elements.value.length === 0) {
      const error = elements.ok ? undefined : elements.errors[0];
      return this.finish(way, { expr: set, ...names, ...(error && { error }) });
    }
    const param: IrParam = { id: opdef.id, name: opdef.name };
    for (const element of elements.value) {
      const inner = { ...names, params: [...names.params, param], args: [...names.args, element] };
      this.attempt(expr, inner, { ...way, picks: [...way.picks, [opdef.name, element]] }, then);
    }
  }

  private branch({ args }: IrApp, names: Names, way: Way, then: Then): undefined {
    const [condition, yes, no] = args;
    if (condition === undefined || yes === undefined || no === undefined) return;
    const value = this.value(condition, names);
    if (!value.ok) return this.failing(condition, names, way, value.errors[0]);
    this.attempt(value.value === true ? yes : no, names, way, then);
  }

  private match(app: IrApp, names: Names, way: Way, then: Then): undefined {
    const [scrutinee, ...cases] = app.args;
    if (scrutinee === undefined) return;
    const value = this.value(scrutinee, names);
    if (!value.ok) return this.failing(scrutinee, names, way, value.errors[0]);
    for (let i = 0; i + 1 < cases.length; i += 2) {
      const [label, body] = [cases[i], cases[i + 1]];
      const tag = label?.kind === 'str' ? label.value : '_';
      const variant =
        typeof value.value === 'object' && value.value.kind === 'variant' ? value.value : undefined;
      if (variant === undefined || body?.kind !== 'lambda' || (tag !== '_' && tag !== variant.tag)) continue;
      const inner = {
        ...names,
        params: [...names.params, ...body.params],
        args: [...names.args, ...body.params.map(() => variant.value)],
      };
      return this.attempt(body.expr, inner, way, then);
    }
  }

  private assign(app: IrApp, names: Names, way: Way, then: Then): undefined {
    const [variable, expr] = app.args;
    const name = variable?.kind === 'name' ? this.variableName(variable, names.site) : undefined;
    if (name === undefined || expr === undefined) return this.opaque(app, names, way);
    const value = this.value(expr, names);
    if (!value.ok) return this.failing(expr, names, way, value.errors[0]);
    const wanted = this.options.target?.get(name);
    const agrees = wanted === undefined || equalValues(wanted, value.value);
    then({
      ...way,
      assigned: new Map([...way.assigned, [name, value.value]]),
      held: way.held + (agrees ? 1 : 0),
      mismatched: way.mismatched + (agrees ? 0 : 1),
    });
  }

  private call(
    expr: Extract<IrExpr, { kind: 'app' | 'name' }>,
    entry: IrLookup,
    names: Names,
    way: Way,
    then: Then,
  ): undefined {
    const ref = this.compiled.scope.resolveEntry(
      expr.kind === 'app' ? expr.opcode : expr.name,
      entry,
      names.site,
    );
    const def = ref?.def.kind === 'def' ? ref.def : entry.kind === 'def' ? entry : undefined;
    if (def === undefined) return this.opaque(expr, names, way);
    const args: Value[] = [];
    for (const arg of expr.kind === 'app' ? expr.args : []) {
      const value = this.value(arg, names);
      if (!value.ok) return this.failing(arg, names, way, value.errors[0]);
      args.push(value.value);
    }
    const params = def.expr.kind === 'lambda' ? def.expr.params : [];
    const body = def.expr.kind === 'lambda' ? def.expr.expr : def.expr;
    const inner =
      ref === undefined
        ? { site: names.site, params: [...names.params, ...params], args: [...names.args, ...args] }
        : { site: ref, params, args };
    const named = way.action === undefined && def.qualifier === 'action';
    const own = params.flatMap(({ name }, i) => pair(name, args[i]));
    this.attempt(body, inner, named ? { ...way, action: def, args: own } : way, then);
  }

  // What is not taken apart here counts as an attempt that failed there.
  private opaque(expr: IrExpr, names: Names, way: Way): undefined {
    this.complete = false;
    this.finish(way, { expr, ...names });
  }

  private failing(expr: IrExpr, names: Names, way: Way, error: AuraError | undefined): undefined {
    this.finish(way, { expr, ...names, ...(error && { error }) });
  }

  private variableName(variable: IrExpr & { kind: 'name' }, site: Site): string | undefined {
    const entry = this.compiled.spec.ir.table.get(variable.id);
    const ref = entry && this.compiled.scope.resolveEntry(variable.name, entry, site);
    return this.compiled.variables.find(
      known => known.ref.def.id === ref?.def.id && known.ref.context.id === ref?.context.id,
    )?.name;
  }

  private value(expr: IrExpr, names: Names): Result<Value> {
    const loaded = this.load(expr, names);
    return guarded(this.compiled.spec.ir.spans, expr.id, () => fromRt(this.evaluate(loaded, names)));
  }

  // Sets stay as they are until elements are asked for: a powerset is not built to look at a few.
  private elements(expr: IrExpr, names: Names): Result<Value[]> {
    const loaded = this.load(expr, names);
    return guarded(this.compiled.spec.ir.spans, expr.id, () => {
      const set = this.evaluate(loaded, names);
      const found: Value[] = [];
      if (!(set instanceof SetBase) || set.size() === undefined) {
        this.complete = false;
        return found;
      }
      const listed = set.size() ?? 0;
      if (listed <= LISTED_MAX) {
        const items = set.list(expr.id);
        if (items.length > PICKS_MAX) this.complete = false;
        return items.slice(0, PICKS_MAX).map(fromRt);
      }
      this.complete = false;
      const random = createRandom('attempts');
      const bounds = set.bounds();
      for (let i = 0; i < PICKS_MAX; i++) {
        const positions = bounds.map(bound => random.below(Math.min(Number(bound ?? 0), 2 ** 31)));
        found.push(fromRt(set.pick(positions, { next: 0 })));
      }
      return found;
    });
  }

  private evaluate(loaded: Loaded, names: Names): RtValue {
    const value = loaded.roots[0]?.(...names.args.map(toRt));
    return isRtValue(value) ? value : '<lambda>';
  }

  private load(expr: IrExpr, names: Names): Loaded {
    const key = `${expr.id} ${names.site.module.name} ${names.site.context.id} ${names.params.map(({ id }) => id)}`;
    const known = this.loadeds.get(key);
    const loaded = known ?? this.emit(expr, names);
    if (known === undefined) this.loadeds.set(key, loaded);
    if (!this.current.has(loaded)) loaded.load(this.state);
    this.current.add(loaded);
    return loaded;
  }

  private emit(expr: IrExpr, { site, params }: Names): Loaded {
    const program = this.compiled.newProgram();
    program.addRoot({ kind: 'value', expr, site, params });
    return program.load();
  }
}

function pair(name: string, value: Value | undefined): [string, Value][] {
  return value === undefined ? [] : [[name, value]];
}
