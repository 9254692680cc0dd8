// Which expressions of a spec have one value wherever they are evaluated: no variable, no parameter, no choice takes
// part. More is taken for constant here than where code is emitted (closed.ts), because each is evaluated once only.
import type { IrExpr } from '../model/ir.js';
import { overrideOf, type Scope, type Site } from './scope.js';

/** Builtins with effects or with a meaning beyond one state. */
const NEVER: ReadonlySet<string> = new Set([
  ...['oneOf', 'assign', 'actionAll', 'actionAny', 'then', 'expect', 'reps', 'fail', 'assert'],
  ...['always', 'eventually', 'next', 'orKeep', 'mustChange', 'enabled', 'weakFair', 'strongFair', 'leadsTo'],
  ...['q::lastTrace', 'q::debug', 'q::test', 'q::testOnce', 'q::testInv'],
]);

export class ConstantParts {
  /** By definition and context; undefined while it is being looked at: a definition that uses itself is none. */
  private readonly known = new Map<string, boolean | undefined>();

  constructor(private readonly scope: Scope) {}

  isConstant(expr: IrExpr, site: Site, bound: ReadonlySet<number> = new Set()): boolean {
    switch (expr.kind) {
      case 'bool':
      case 'int':
      case 'str':
        return true;
      case 'lambda':
        return this.isConstant(expr.expr, site, new Set([...bound, ...expr.params.map(({ id }) => id)]));
      case 'let':
        return (
          expr.opdef.qualifier !== 'nondet' &&
          this.isConstant(expr.opdef.expr, site, bound) &&
          this.isConstant(expr.expr, site, new Set([...bound, expr.opdef.id]))
        );
      case 'name':
        return this.isConstantUse(expr.id, expr.name, site, bound);
      case 'app':
        return (
          expr.args.every(arg => this.isConstant(arg, site, bound)) &&
          this.isConstantUse(expr.id, expr.opcode, site, bound)
        );
    }
  }

  private isConstantUse(id: number, name: string, site: Site, bound: ReadonlySet<number>): boolean {
    const entry = this.scope.ir.table.get(id);
    if (entry === undefined) return !NEVER.has(name);
    const ref = this.scope.resolveEntry(name, entry, site);
    if (ref === undefined) return bound.has(entry.id);
    const key = `${ref.def.id}#${ref.context.id}`;
    if (!this.known.has(key)) {
      this.known.set(key, undefined);
      const override = ref.def.kind === 'const' ? overrideOf(ref.def.id, ref.context) : undefined;
      const isOne =
        ref.def.kind === 'def'
          ? this.isConstant(ref.def.expr, ref)
          : override !== undefined && this.isConstant(override.expr, override.site);
      this.known.set(key, isOne);
    }
    return this.known.get(key) === true;
  }
}
