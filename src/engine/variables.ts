// The state variables of a compiled spec in a fixed order, each with the name that Quint's simulator gives it. One
// variable of a module is as many variables as there are instances of it.
import type { DefRef } from './scope.js';

export interface VariableInfo {
  readonly ref: DefRef;
  /** Qualified, unique within the spec. */
  readonly name: string;
  readonly short: string;
}

export class Variables {
  private readonly list: VariableInfo[] = [];
  private readonly index = new Map<string, number>();
  private readonly names = new Set<string>();

  all(): readonly VariableInfo[] {
    return this.list;
  }

  nameAt(index: number): string {
    return this.list[index]?.name ?? '';
  }

  indexOf(ref: DefRef): number {
    const key = `${ref.def.id}#${ref.context.id}`;
    let index = this.index.get(key);
    if (index === undefined) {
      index = this.list.length;
      this.index.set(key, index);
      const name = this.uniqueName(ref);
      this.names.add(name);
      this.list.push({ ref, name, short: ref.def.name });
    }
    return index;
  }

  // Quint confuses the variables of instances inside instances; where its name is taken, ours shows the outer one too.
  private uniqueName(ref: DefRef): string {
    const parts = ref.context.path === '' ? [ref.def.name] : [ref.context.path, ref.def.name];
    let name = parts.join('::');
    for (let outer = ref.context.parent; this.names.has(name) && outer !== undefined; outer = outer.parent)
      if (outer.path !== '') name = `${outer.path}::${name}`;
    return name;
  }
}
