// What an action asks before it is taken: its guards, read off the body without evaluating anything. A guard is a
// conjunct that assigns nothing, also in helper actions that the body calls and beside the call in `step`. Conditions
// of `if` and arms of `match` choose a branch and are no guards, neither are the sets that `nondet` picks from.
import type { Location } from '../util/errors.js';
import type { IrApp, IrExpr, IrLookup, IrOpDef } from './ir.js';
import type { Action, Model } from './model.js';
import { bodyOf } from './step-leaves.js';

export interface Guard {
  /** Of its expression. */
  readonly id: number;
  readonly expr: IrExpr;
  readonly location: Location | undefined;
  /** Id of the definition at the top level of a module in whose body it stands. */
  readonly definition: number;
  /** Names of the actions that it guards, in the order of the model: several where they share a helper. */
  readonly actions: readonly string[];
}

/** The guards of all actions of a model, action by action in the order of the text. */
export function guardsOf(model: Model): Guard[] {
  const walk = new GuardWalk(model);
  for (const action of model.actions) walk.action(action);
  if (!model.entry.stepIsDerived) walk.step();
  return walk.guards();
}

type Found = Omit<Guard, 'actions' | 'location'>;

class GuardWalk {
  private readonly found = new Map<number, Found & { readonly actions: Set<string> }>();
  private readonly table: ReadonlyMap<number, IrLookup>;
  private readonly definitions: readonly IrOpDef[];
  private readonly acting = new WeakMap<IrExpr, boolean>();

  constructor(private readonly model: Model) {
    const { modules, table } = model.spec.ir;
    this.table = table;
    this.definitions = modules.flatMap(({ declarations }) =>
      declarations.filter(declaration => declaration.kind === 'def'),
    );
  }

  guards(): Guard[] {
    const { spans } = this.model.spec.ir;
    const order = this.model.actions.map(({ name }) => name);
    return [...this.found.values()].map(({ actions, ...guard }) => ({
      ...guard,
      location: spans.get(guard.id),
      actions: order.filter(name => actions.has(name)),
    }));
  }

  action({ id, name }: Action): void {
    const def = this.definitions.find(one => one.id === id);
    if (def !== undefined) this.body(def, name, new Set());
  }

  /** Guards beside the calls of actions in `step` and in the compositions below it, and those of unnamed branches. */
  step(): void {
    const { spec, actions, entry } = this.model;
    const main = spec.ir.modules.find(({ name }) => name === spec.main);
    const named = this.definitions.filter(({ name }) => name === entry.step);
    const step =
      main?.declarations.find(one => one.kind === 'def' && one.name === entry.step) ?? named.at(-1);
    if (step?.kind === 'def' && actions.some(({ calls }) => calls.length > 0))
      this.composed(bodyOf(step), step.id, new Set([step.id]));
  }

  /** Names of the actions that are taken somewhere in `expr`. */
  private composed(expr: IrExpr, definition: number, inside: ReadonlySet<number>): string[] {
    const leaves = this.model.actions.filter(({ id }) => id === expr.id);
    if (leaves.length > 0) {
      for (const { name } of leaves) this.walk(expr, { definition, action: name, seen: new Set() }, false);
      return leaves.map(({ name }) => name);
    }
    if (expr.kind === 'let' || expr.kind === 'lambda') return this.composed(expr.expr, definition, inside);
    const called = this.called(expr);
    if (called !== undefined) {
      const actions = this.model.actions.filter(({ id }) => id === called.id);
      if (actions.length > 0 || inside.has(called.id)) return actions.map(({ name }) => name);
      const home = this.homeOf(called, definition);
      return this.composed(bodyOf(called), home, new Set([...inside, called.id]));
    }
    if (expr.kind !== 'app') return [];
    const below = expr.args.flatMap(arg => this.composed(arg, definition, inside));
    if (expr.opcode === 'actionAll')
      for (const arg of expr.args)
        for (const action of below) if (!this.acts(arg)) this.guard(arg, definition, action);
    return below;
  }

  private body(def: IrOpDef, action: string, seen: Set<number>): void {
    if (seen.has(def.id)) return;
    seen.add(def.id);
    this.walk(bodyOf(def), { definition: def.id, action, seen }, true);
  }

  /** `isConjunct` tells whether a boolean in this place must hold for the step to be taken. */
  private walk(expr: IrExpr, place: Place, isConjunct: boolean): void {
    if (!this.acts(expr)) {
      if (isConjunct) this.guard(expr, place.definition, place.action);
    } else if (expr.kind === 'let' || expr.kind === 'lambda') this.walk(expr.expr, place, isConjunct);
    else {
      const called = this.called(expr);
      if (called !== undefined) this.call(called, place);
      else if (expr.kind === 'app' && !this.table.has(expr.id)) this.builtin(expr, place);
    }
  }

  private call(def: IrOpDef, place: Place): void {
    if (place.seen.has(def.id)) return;
    place.seen.add(def.id);
    this.walk(bodyOf(def), { ...place, definition: this.homeOf(def, place.definition) }, true);
  }

  private builtin({ opcode, args }: IrApp, place: Place): void {
    if (opcode === 'actionAll' || opcode === 'and') for (const arg of args) this.walk(arg, place, true);
    if (opcode === 'actionAny' || opcode === 'or') for (const arg of args) this.walk(arg, place, false);
    if (opcode === 'ite') for (const arg of args.slice(1)) this.walk(arg, place, false);
    if (opcode === 'matchVariant')
      for (const arg of args) if (arg.kind === 'lambda') this.walk(arg, place, false);
  }

  private guard(expr: IrExpr, definition: number, action: string): void {
    if (expr.kind === 'bool') return;
    if (expr.kind === 'app' && expr.opcode === 'and' && !this.table.has(expr.id)) {
      for (const arg of expr.args) this.guard(arg, definition, action);
      return;
    }
    const known = this.found.get(expr.id) ?? { id: expr.id, expr, definition, actions: new Set<string>() };
    known.actions.add(action);
    this.found.set(expr.id, known);
  }

  /** The action that is called here. */
  private called(expr: IrExpr): IrOpDef | undefined {
    if (expr.kind !== 'app' && expr.kind !== 'name') return undefined;
    const found = this.table.get(expr.id);
    return found?.kind === 'def' && found.qualifier === 'action' ? found : undefined;
  }

  // A local definition stands in the body of the one around it.
  private homeOf(def: IrOpDef, around: number): number {
    return this.definitions.some(({ id }) => id === def.id) ? def.id : around;
  }

  /** Whether an expression updates state or picks: then it is no condition. */
  private acts(expr: IrExpr): boolean {
    let known = this.acting.get(expr);
    if (known === undefined) {
      known = this.computeActs(expr);
      this.acting.set(expr, known);
    }
    return known;
  }

  private computeActs(expr: IrExpr): boolean {
    if (this.called(expr) !== undefined) return true;
    // What a parameter does is not known here: it may be given an action.
    if (expr.kind === 'app' && this.table.get(expr.id)?.kind === 'param') return true;
    if (expr.kind === 'app') return expr.opcode === 'assign' || expr.args.some(arg => this.acts(arg));
    if (expr.kind === 'let') return expr.opdef.qualifier === 'nondet' || this.acts(expr.expr);
    return expr.kind === 'lambda' && this.acts(expr.expr);
  }
}

interface Place {
  readonly definition: number;
  readonly action: string;
  /** Helper actions whose guards have been collected. */
  readonly seen: Set<number>;
}
