// Which expressions have effects (assign, pick, run), and which variables they may assign: what an emitter needs to
// know to compile an action, and to roll back no more than an attempt may have written.
import type { IrExpr, IrLookup } from '../model/ir.js';
import type { DefRef, Scope, Site } from './scope.js';

const EFFECTS: ReadonlySet<string> = new Set([
  'assign',
  'actionAll',
  'actionAny',
  'then',
  'expect',
  'reps',
  'fail',
  'assert',
]);

/** Variables that may be assigned; `undefined` for any. */
export type Assigned = ReadonlySet<number> | undefined;

export class ActionAnalysis {
  private action = new WeakMap<IrExpr, boolean>();
  /** Parameters that get an action from some call. */
  private readonly actionParams = new Set<number>();
  private readonly assigned = new Map<string, Assigned>();
  private readonly dirty = new Map<string, boolean>();

  constructor(
    private readonly scope: Scope,
    private readonly table: ReadonlyMap<number, IrLookup>,
    private readonly variableIndex: (ref: DefRef) => number,
  ) {
    // A parameter may be passed on to another operator: repeat until nothing new is found.
    for (let known = -1; known !== this.actionParams.size; ) {
      known = this.actionParams.size;
      this.action = new WeakMap();
      for (const module of scope.ir.modules)
        for (const def of module.declarations) if (def.kind === 'def') this.findActionParams(def.expr);
    }
  }

  private findActionParams(e: IrExpr): void {
    if (e.kind === 'lambda') this.findActionParams(e.expr);
    else if (e.kind === 'let') {
      this.findActionParams(e.opdef.expr);
      this.findActionParams(e.expr);
    } else if (e.kind === 'app') {
      const entry = this.table.get(e.id);
      const params = entry?.kind === 'def' && entry.expr.kind === 'lambda' ? entry.expr.params : [];
      for (const [i, arg] of e.args.entries()) {
        this.findActionParams(arg);
        const param = params[i];
        if (param !== undefined && this.isPassedAction(arg)) this.actionParams.add(param.id);
      }
    }
  }

  private isPassedAction(arg: IrExpr): boolean {
    const entry = arg.kind === 'name' ? this.table.get(arg.id) : undefined;
    return this.isAction(arg) || (entry?.kind === 'param' && this.actionParams.has(entry.id));
  }

  /** Whether `e` may have effects where it stands. A lambda has those of its body. */
  isAction(e: IrExpr): boolean {
    let known = this.action.get(e);
    if (known === undefined) {
      known = this.computeIsAction(e);
      this.action.set(e, known);
    }
    return known;
  }

  private computeIsAction(e: IrExpr): boolean {
    if (e.kind === 'lambda') return this.isAction(e.expr);
    if (e.kind === 'let') return e.opdef.qualifier === 'nondet' || this.isAction(e.expr);
    if (e.kind !== 'name' && e.kind !== 'app') return false;
    const entry = this.table.get(e.id);
    if (entry?.kind === 'def' && (entry.qualifier === 'action' || entry.qualifier === 'run')) return true;
    if (e.kind === 'name') return false;
    if (entry?.kind === 'param' && this.actionParams.has(entry.id)) return true;
    if (entry === undefined && e.opcode === 'enabled') return false;
    return (entry === undefined && EFFECTS.has(e.opcode)) || e.args.some(arg => this.isAction(arg));
  }

  /** Whether a random attempt at `e` that fails may leave variables assigned. */
  failsDirty(e: IrExpr, site: Site): boolean {
    if (!this.isAction(e)) return false;
    if (e.kind === 'let') return e.opdef.qualifier !== 'nondet' && this.failsDirty(e.expr, site);
    if (e.kind === 'name' || e.kind === 'app') {
      const entry = this.table.get(e.id);
      if (entry !== undefined)
        return e.kind !== 'app' || !e.args.some(arg => this.isAction(arg))
          ? this.callFailsDirty(e, entry, site)
          : true;
    }
    if (e.kind !== 'app') return true;
    // A choice undoes its own attempts, an assignment does not fail.
    if (e.opcode === 'actionAny' || e.opcode === 'assign') return false;
    if (e.opcode === 'ite') return e.args.slice(1).some(arg => this.failsDirty(arg, site));
    if (e.opcode === 'matchVariant')
      return e.args.some(arg => this.failsDirty(arg.kind === 'lambda' ? arg.expr : arg, site));
    return e.opcode === 'actionAll' ? this.allFailsDirty(e.args, site) : true;
  }

  private allFailsDirty(args: readonly IrExpr[], site: Site): boolean {
    let wrote = false;
    for (const arg of args) {
      const isAssign = arg.kind === 'app' && arg.opcode === 'assign' && !this.table.has(arg.id);
      if (!isAssign && (wrote || this.failsDirty(arg, site))) return true;
      wrote ||= this.isAction(arg);
    }
    return false;
  }

  private callFailsDirty(e: Extract<IrExpr, { kind: 'name' | 'app' }>, entry: IrLookup, site: Site): boolean {
    const ref = this.scope.resolveEntry(e.kind === 'app' ? e.opcode : e.name, entry, site);
    if (ref?.def.kind !== 'def') return true;
    const key = `${ref.def.id}#${ref.context.id}`;
    let known = this.dirty.get(key);
    if (known === undefined) {
      const body = ref.def.expr.kind === 'lambda' ? ref.def.expr.expr : ref.def.expr;
      known = this.failsDirty(body, ref);
      this.dirty.set(key, known);
    }
    return known;
  }

  /** The variables that `e` may assign, by index. */
  assignedBy(e: IrExpr, site: Site): Assigned {
    const found = new Set<number>();
    return this.collect(e, site, found) ? found : undefined;
  }

  // False when nothing can be said, which happens where a parameter is called as an action.
  private collect(e: IrExpr, site: Site, into: Set<number>): boolean {
    if (e.kind === 'lambda') return this.collect(e.expr, site, into);
    if (e.kind === 'let') return this.collect(e.opdef.expr, site, into) && this.collect(e.expr, site, into);
    if (e.kind !== 'name' && e.kind !== 'app') return true;
    const entry = this.table.get(e.id);
    if (entry === undefined && e.kind === 'app' && e.opcode === 'assign')
      return this.collectAssign(e.args[0], site, into);
    if (entry?.kind === 'param' && e.kind === 'app') return false;
    if (entry?.kind === 'def' && (entry.qualifier === 'action' || entry.qualifier === 'run')) {
      const ref = this.scope.resolveEntry(e.kind === 'app' ? e.opcode : e.name, entry, site);
      if (ref?.def.kind === 'def' && !this.merge(this.assignedByDef(ref, ref.def.expr), into)) return false;
    }
    return e.kind === 'name' || e.args.every(arg => this.collect(arg, site, into));
  }

  private collectAssign(target: IrExpr | undefined, site: Site, into: Set<number>): boolean {
    const entry = target && this.table.get(target.id);
    const ref =
      entry && target.kind === 'name' ? this.scope.resolveEntry(target.name, entry, site) : undefined;
    if (ref === undefined) return false;
    into.add(this.variableIndex(ref));
    return true;
  }

  private assignedByDef(ref: DefRef, body: IrExpr): Assigned {
    const key = `${ref.def.id}#${ref.context.id}`;
    if (!this.assigned.has(key)) this.assigned.set(key, this.assignedBy(body, ref));
    return this.assigned.get(key);
  }

  private merge(assigned: Assigned, into: Set<number>): boolean {
    for (const index of assigned ?? []) into.add(index);
    return assigned !== undefined;
  }
}
