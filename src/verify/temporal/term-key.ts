// Text that is equal for expressions that mean the same by their form: names are replaced by what they refer to, bound
// names by their position. Two places of a formula that say the same are then one literal, which is what lets a
// contradiction between them be seen. Different keys say nothing.
import { type CompiledSpec, freeNames, type Site } from '../../engine/index.js';
import type { IrExpr, IrLookup } from '../../model/ir.js';
import { type Env, entryOf, isSlot, type Scoped } from './scoped.js';

export function termKey(compiled: CompiledSpec, { expr, site, env }: Scoped): string {
  return new Keys(compiled, site, env).of(expr);
}

class Keys {
  private readonly bound = new Map<number, number>();

  constructor(
    private readonly compiled: CompiledSpec,
    private readonly site: Site,
    private readonly env: Env,
  ) {}

  of(e: IrExpr): string {
    switch (e.kind) {
      case 'bool':
      case 'int':
        return `${e.value}`;
      case 'str':
        return JSON.stringify(e.value);
      case 'name':
        return this.name(e, e.name);
      case 'lambda':
        for (const param of e.params) this.bind(param.id);
        return `\\${e.params.map(param => this.bound.get(param.id)).join()}.${this.of(e.expr)}`;
      case 'let': {
        this.bind(e.opdef.id);
        const body = this.of(e.opdef.expr);
        return `let ${e.opdef.qualifier} ${this.bound.get(e.opdef.id)}=${body};${this.of(e.expr)}`;
      }
      case 'app':
        return `${this.name(e, e.opcode)}(${e.args.map(arg => this.of(arg)).join()})`;
    }
  }

  private bind(id: number): void {
    this.bound.set(id, this.bound.size);
  }

  private name(e: IrExpr, name: string): string {
    const entry = entryOf(this.compiled.spec.ir.table, e);
    if (entry === undefined) return name;
    const position = this.bound.get(entry.id);
    if (position !== undefined) return `#${position}`;
    return entry.kind === 'param' ? this.param(entry.id) : this.definition(e, name, entry);
  }

  private param(id: number): string {
    const bound = this.env.get(id);
    if (bound === undefined) return `?${id}`;
    return isSlot(bound) ? `$${bound.at}` : `(${termKey(this.compiled, bound)})`;
  }

  private definition(e: IrExpr, name: string, entry: IrLookup): string {
    const { scope } = this.compiled;
    if (scope.homeOf(entry.id) !== undefined) {
      const ref = scope.resolveEntry(name, entry, this.site);
      return `d${entry.id}@${ref?.context.id ?? this.site.context.id}`;
    }
    const free = freeNames(this.compiled, { ...e, kind: 'name', name });
    const around = free.map(({ id }) => `${this.bound.has(id) ? `#${this.bound.get(id)}` : this.param(id)}`);
    return `l${entry.id}@${this.site.context.id}[${around.join()}]`;
  }
}
