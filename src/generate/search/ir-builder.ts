// Makes expressions of the IR that bind names of their own. Whatever a built expression binds is new: the same formula
// may be built in several times, side by side in one emitted function, and no name of one copy meets that of another.
import type { IrApp, IrExpr, IrLambda, IrLet, IrLookup, IrOpDef, IrParam, QuintIr } from '../../model/ir.js';
import { type Table, unfold } from '../../model/unfold.js';

/** Nodes and names have ids above those of the IR; the names are found in {@link IrBuilder.table}. */
export class IrBuilder {
  private readonly names: Map<number, IrLookup>;
  /** For the nodes of copies, the ids that they had: Quint knows the types of those. */
  private readonly originals = new Map<number, number>();
  private lastId: number;

  constructor(ir: Pick<QuintIr, 'table' | 'spans'>) {
    this.names = new Map(ir.table);
    // Every id that Quint gave has a place in the source, or is a key of the table.
    this.lastId = 0;
    for (const ids of [ir.table, ir.spans])
      for (const id of ids.keys()) this.lastId = Math.max(this.lastId, id);
  }

  /** The table that was given, with all names that were built. */
  get table(): Table {
    return this.names;
  }

  /** The id that Quint gave the node that this one is a copy of. */
  originalOf(id: number): number {
    return this.originals.get(id) ?? id;
  }

  nextId(): number {
    return ++this.lastId;
  }

  /** An application of a builtin operator. */
  app(opcode: string, ...args: readonly IrExpr[]): IrApp {
    return { kind: 'app', id: this.nextId(), opcode, args };
  }

  int(value: number): IrExpr {
    return { kind: 'int', id: this.nextId(), value: BigInt(value) };
  }

  bool(value: boolean): IrExpr {
    return { kind: 'bool', id: this.nextId(), value };
  }

  /** `val name = value { body }`; `body` is given a maker of references. */
  bound(name: string, value: IrExpr, body: (use: () => IrExpr) => IrExpr): IrLet {
    const opdef: IrOpDef = { kind: 'def', id: this.nextId(), name, qualifier: 'val', expr: value };
    const use = () => this.reference(name, { ...opdef, depth: 1 });
    return { kind: 'let', id: this.nextId(), opdef, expr: body(use) };
  }

  /** A lambda with one parameter more in front, which `body` is given a maker of references to. */
  withParam(name: string, params: readonly IrParam[], body: (use: () => IrExpr) => IrExpr): IrLambda {
    const param: IrParam = { id: this.nextId(), name };
    const use = () => this.reference(name, { kind: 'param', ...param, depth: 1 });
    return {
      kind: 'lambda',
      id: this.nextId(),
      params: [param, ...params],
      qualifier: 'def',
      expr: body(use),
    };
  }

  /** The same lambda with parameters of its own. */
  freshLambda(lambda: IrLambda): IrLambda {
    const renamed = new Map<number, number>();
    const params = lambda.params.map(param => {
      const id = this.nextId();
      renamed.set(param.id, id);
      return { ...param, id };
    });
    return { ...lambda, id: this.nextId(), params, expr: this.copy(lambda.expr, renamed) };
  }

  /** The same `let` with a definition of its own. */
  freshLet(expr: IrLet): IrLet {
    const id = this.nextId();
    const renamed = new Map([[expr.opdef.id, id]]);
    const opdef = { ...expr.opdef, id, expr: this.again(expr.opdef.expr) };
    return { ...expr, id: this.nextId(), opdef, expr: this.copy(expr.expr, renamed, opdef) };
  }

  /** The same expression with all that it binds named anew. */
  again(expr: IrExpr): IrExpr {
    switch (expr.kind) {
      case 'app':
        return { ...expr, args: expr.args.map(arg => this.again(arg)) };
      case 'lambda': {
        const fresh = this.freshLambda(expr);
        return { ...fresh, expr: this.again(fresh.expr) };
      }
      case 'let': {
        const fresh = this.freshLet(expr);
        return { ...fresh, expr: this.again(fresh.expr) };
      }
      default:
        return expr;
    }
  }

  /** As {@link unfold}. */
  opened(expr: IrExpr): IrExpr | undefined {
    if (expr.kind !== 'name' && expr.kind !== 'app') return undefined;
    return unfold(
      expr,
      this.names,
      () => this.nextId(),
      body => body,
    );
  }

  private reference(name: string, entry: IrLookup): IrExpr {
    const id = this.nextId();
    this.names.set(id, entry);
    return { kind: 'name', id, name };
  }

  private copy(expr: IrExpr, renamed: ReadonlyMap<number, number>, def?: IrOpDef): IrExpr {
    const again = (part: IrExpr) => this.copy(part, renamed, def);
    switch (expr.kind) {
      case 'name':
        return { ...expr, id: this.renamedId(expr.id, renamed, def) };
      case 'app':
        return { ...expr, id: this.renamedId(expr.id, renamed, def), args: expr.args.map(again) };
      case 'lambda':
        return { ...expr, expr: again(expr.expr) };
      case 'let':
        return { ...expr, opdef: { ...expr.opdef, expr: again(expr.opdef.expr) }, expr: again(expr.expr) };
      default:
        return expr;
    }
  }

  private renamedId(id: number, renamed: ReadonlyMap<number, number>, def: IrOpDef | undefined): number {
    const entry = this.names.get(id);
    const target = entry && renamed.get(entry.id);
    if (entry === undefined || target === undefined) return id;
    const copy = this.nextId();
    this.names.set(copy, { ...(def !== undefined ? { ...def, depth: 1 } : entry), id: target });
    this.originals.set(copy, this.originalOf(id));
    return copy;
  }
}
