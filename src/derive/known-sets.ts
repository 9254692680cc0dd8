// The sets that a spec names: constants and `pure val`s of type `Set[T]`, and single constants of type T. Which of them
// hold values of an alias such as `Guardian` is told by their annotations, and where these say only `Set[str]` by how the
// spec uses them: what is excluded from a set of guardians, or asked whether it contains one, is a set of guardians too.
import { type CompiledSpec, compileExprs } from '../engine/index.js';
import type { IrExpr, IrType } from '../model/ir.js';
import { resolveScope } from '../model/scope.js';
import { compareValues, type Value } from '../model/value.js';
import type { PureName, Sights } from './sights.js';
import type { TypeBook } from './type-book.js';

export interface KnownValues {
  readonly name: string;
  readonly type: IrType;
  readonly id: number;
  readonly instances: readonly string[];
  /** Undefined where it cannot be told without a state. */
  readonly value: Value | undefined;
}

export interface NamedSet extends KnownValues {
  readonly elem: IrType;
  /** Aliases whose values it holds; those that it is annotated with come first. */
  readonly aliases: ReadonlySet<string>;
  readonly annotated: boolean;
}

const SET_ALGEBRA: ReadonlySet<string> = new Set(['union', 'intersect', 'exclude', 'subseteq']);

export class KnownSets {
  readonly sets: readonly NamedSet[];
  readonly values: readonly KnownValues[];

  constructor(
    compiled: CompiledSpec,
    sights: Sights,
    private readonly book: TypeBook,
  ) {
    const values = valuesOf(compiled);
    this.values = sights.pures.map(({ name, type, def, instances }) => ({
      name,
      type,
      id: def.id,
      instances,
      value: values.get(`${def.id} ${instances}`) ?? values.get(`${def.id}`),
    }));
    const inferred = inferAliases(sights, book);
    this.sets = this.values.flatMap((known): NamedSet[] => {
      const opened = book.open(known.type);
      if (opened.kind !== 'set') return [];
      const own = book.alias(opened.elem);
      const aliases = new Set([...(own === undefined ? [] : [own]), ...(inferred.get(known.id) ?? [])]);
      return [{ ...known, elem: opened.elem, aliases, annotated: own !== undefined }];
    });
  }

  /** Sets whose elements are values of the type, none within another of them. */
  of(type: IrType, instances: readonly string[]): readonly NamedSet[] {
    const key = this.book.key(type);
    const alias = this.book.alias(type);
    const near = this.sets.filter(
      set => this.book.key(set.elem) === key && isSeen(set.instances, instances) && !isEmpty(set.value),
    );
    const plain = near.filter(set => set.aliases.size === 0);
    if (alias === undefined) return largest(plain);
    const mentioned = near.filter(set => set.aliases.has(alias));
    // A set that holds values of several aliases, such as one of all that may fail, tells least.
    const clear = mentioned.filter(set => set.aliases.size === 1);
    const own = clear.length + plain.length > 0 ? clear : mentioned;
    const isSure = own.some(set => set.annotated && this.book.alias(set.elem) === alias);
    return largest(isSure ? own : [...own, ...plain]);
  }

  /** Sets of the same structure, whatever their aliases. */
  alike(type: IrType, instances: readonly string[]): readonly NamedSet[] {
    const key = this.book.key(type);
    return largest(
      this.sets.filter(set => this.book.key(set.elem) === key && isSeen(set.instances, instances)),
    );
  }

  /** Constants and `pure val`s that are single values of an alias. */
  single(type: IrType, instances: readonly string[]): readonly KnownValues[] {
    const alias = this.book.alias(type);
    if (alias === undefined) return [];
    return this.values.filter(
      known => this.book.alias(known.type) === alias && isSeen(known.instances, instances),
    );
  }
}

/** What stands behind no instance is seen by all. */
function isSeen(own: readonly string[], from: readonly string[]): boolean {
  return own.every((name, i) => name === from[i]);
}

function isEmpty(value: Value | undefined): boolean {
  return value !== undefined && itemsOf(value).length === 0;
}

export function itemsOf(value: Value | undefined): readonly Value[] {
  return typeof value === 'object' && value.kind === 'set' ? value.items : [];
}

function largest(sets: readonly NamedSet[]): readonly NamedSet[] {
  const within = (a: NamedSet, b: NamedSet) =>
    a.value !== undefined &&
    b.value !== undefined &&
    itemsOf(a.value).every(item => itemsOf(b.value).some(other => compareValues(item, other) === 0));
  return sets.filter(
    (set, i) => !sets.some((other, j) => i !== j && within(set, other) && (!within(other, set) || j < i)),
  );
}

function valuesOf(compiled: CompiledSpec): ReadonlyMap<string, Value> {
  const { entries } = resolveScope(compiled.spec.ir.modules, compiled.spec.main);
  const known = entries.flatMap(({ def, instances, overrides }) => {
    const expr =
      def.kind === 'const'
        ? overrides.get(def.name)
        : def.kind === 'def' && def.qualifier === 'pureval'
          ? def.expr
          : undefined;
    return expr === undefined ? [] : [{ id: def.id, instances, expr }];
  });
  const evaluators = compileExprs(
    compiled,
    known.map(({ expr }) => ({ expr })),
  );
  const found = new Map<string, Value>();
  for (const [i, { id, instances }] of known.entries()) {
    const value = evaluators[i]?.(new Map());
    if (value?.ok !== true) continue;
    found.set(`${id} ${instances}`, value.value);
    if (!found.has(`${id}`)) found.set(`${id}`, value.value);
  }
  return found;
}

/** Aliases that the use of a set tells, by the id of its definition. */
function inferAliases(sights: Sights, book: TypeBook): ReadonlyMap<number, ReadonlySet<string>> {
  const { ir } = sights.spec;
  const found = new Map<number, Set<string>>();
  const isSet = new Map(sights.pures.map((pure: PureName) => [pure.def.id, book.open(pure.type)]));
  const note = (set: IrExpr | undefined, alias: string | undefined): void => {
    if (set === undefined || alias === undefined) return;
    if (
      set.kind === 'app' &&
      !ir.table.has(set.id) &&
      (SET_ALGEBRA.has(set.opcode) || set.opcode === 'filter')
    )
      for (const arg of set.opcode === 'filter' ? set.args.slice(0, 1) : set.args) note(arg, alias);
    const id = set.kind === 'name' ? ir.table.get(set.id)?.id : undefined;
    const type = id === undefined ? undefined : isSet.get(id);
    if (id === undefined || type?.kind !== 'set' || book.alias(type.elem) !== undefined) return;
    found.set(id, (found.get(id) ?? new Set()).add(alias));
  };
  const aliasOf = (expr: IrExpr | undefined): string | undefined => {
    if (expr?.kind !== 'name') return undefined;
    const entry = ir.table.get(expr.id);
    const type = entry !== undefined && 'typeAnnotation' in entry ? entry.typeAnnotation : undefined;
    return type && book.alias(type);
  };
  const visit = (expr: IrExpr): undefined => {
    if (expr.kind === 'lambda') return visit(expr.expr);
    if (expr.kind === 'let') {
      visit(expr.opdef.expr);
      return visit(expr.expr);
    }
    if (expr.kind !== 'app') return;
    const [first, second] = expr.args;
    if (!ir.table.has(expr.id)) {
      if (expr.opcode === 'contains') note(first, aliasOf(second));
      if (expr.opcode === 'in') note(second, aliasOf(first));
      if (expr.opcode === 'assign' && second !== undefined) noteKeys(first, second);
    }
    expr.args.forEach(visit);
  };
  // `status' = MEMBERS.mapBy(...)`: the members are what the type of the variable says.
  const noteKeys = (variable: IrExpr | undefined, assigned: IrExpr): void => {
    const entry = variable?.kind === 'name' ? ir.table.get(variable.id) : undefined;
    const type = entry?.kind === 'var' ? book.open(entry.typeAnnotation) : undefined;
    if (type?.kind === 'fun' && assigned.kind === 'app' && assigned.opcode === 'mapBy')
      note(assigned.args[0], book.alias(type.arg));
  };
  for (const module of ir.modules)
    for (const def of module.declarations) {
      if (def.kind !== 'def') continue;
      visit(def.expr);
      const type = def.typeAnnotation && book.open(def.typeAnnotation);
      if (type?.kind === 'set') note(def.expr, book.alias(type.elem));
    }
  return found;
}
