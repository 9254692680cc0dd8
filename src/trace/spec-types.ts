// What a reader of traces has to know of a spec: its variables, and what its actions may be told, each with a type in
// which nothing is left to look up. Two modules may have different types of one name, so names are resolved by the id
// of the place where they stand.
import type { IrExpr, IrType } from '../model/ir.js';
import type { Action, Model } from '../model/model.js';
import { typeText } from '../model/type-text.js';
import { compareText } from '../util/order.js';
import { inlineType, type TypeDefinition, type TypeName } from './inline-type.js';
import type { ItfTypes } from './itf-typed.js';

/** Types of the values that an action may be told, by name: its parameters, and the `nondet` picks around and in it. */
export type ActionValues = ReadonlyMap<string, IrType>;

export interface SpecTypes extends ItfTypes {
  /** By name, in code unit order. */
  readonly vars: ReadonlyMap<string, IrType>;
  /** Every action that a trace may name, by its name in the main module. */
  readonly actions: ReadonlyMap<string, ActionValues>;
}

/** A variable under the name that observations are to have for it. */
interface NamedVariable {
  readonly name: string;
  /** Of its declaration. */
  readonly id: number;
}

/** `variables` gives the names, where they are to be others than those of the model. */
export function specTypes(model: Model, variables: readonly NamedVariable[] = model.variables): SpecTypes {
  const lookup = typeLookup(model);
  const inline = (type: IrType) => inlineType(type, lookup);
  const declared = variableTypes(model);
  const vars = variables.flatMap(({ name, id }): [string, IrType][] => {
    const type = declared.get(id);
    return type === undefined ? [] : [[name, inline(type)]];
  });
  const picks = pickTypes(model);
  const actions = [...model.actions, ...model.otherActions].map(({ name, id }): [string, ActionValues] => {
    const action = model.actions.find(one => one.id === id);
    return [name, new Map([...picks, ...parametersOf(action)].map(([value, type]) => [value, inline(type)]))];
  });
  const labels = model.actions.flatMap(action =>
    action.calls.flatMap(({ label }): [string, ActionValues][] => {
      const values = actions.find(([name]) => name === action.name)?.[1];
      return values === undefined || label === '' ? [] : [[label, values]];
    }),
  );
  return {
    vars: new Map(vars.sort(([a], [b]) => compareText(a, b))),
    env: new Map(),
    // Where a label is the name of an action too, the action goes first.
    actions: new Map([...labels, ['init', inlined(picks, inline)], ...actions]),
  };
}

function inlined(types: ReadonlyMap<string, IrType>, inline: (type: IrType) => IrType): ActionValues {
  return new Map([...types].map(([name, type]) => [name, inline(type)]));
}

function parametersOf(action: Action | undefined): [string, IrType][] {
  return (action?.parameters ?? []).map(({ name, type }) => [name, type]);
}

function variableTypes({ spec }: Model): Map<number, IrType> {
  const declarations = spec.ir.modules.flatMap(module => module.declarations);
  return new Map(declarations.flatMap(def => (def.kind === 'var' ? [[def.id, def.typeAnnotation]] : [])));
}

function typeLookup({ spec }: Model): (name: TypeName) => TypeDefinition | undefined {
  const byName = new Map<string, TypeDefinition | undefined>();
  for (const module of spec.ir.modules)
    for (const def of module.declarations)
      if (def.kind === 'typedef') byName.set(def.name, byName.has(def.name) ? undefined : definitionOf(def));
  return ({ name, id }) => {
    const def = id === undefined ? undefined : spec.ir.table.get(id);
    if (def?.kind === 'typedef') return definitionOf(def);
    // What Quint inferred may have no place. A name that is not unique then means nothing.
    return byName.get(name.slice(name.lastIndexOf(':') + 1));
  };
}

function definitionOf({ params, type }: { params?: readonly string[]; type?: IrType }): TypeDefinition {
  return { params: params ?? [], ...(type && { type }) };
}

/** Any value, by its shape. */
const ANY: IrType = { kind: 'var', name: 'any' };

/** Types of the `nondet` names of the spec; one that has several of them can have any value. */
function pickTypes({ spec }: Model): ReadonlyMap<string, IrType> {
  const found = new Map<string, IrType>();
  const note = (name: string, id: number): void => {
    const type = spec.ir.types.get(id)?.type ?? ANY;
    const known = found.get(name) ?? type;
    found.set(name, typeText(known) === typeText(type) ? type : ANY);
  };
  const visit = (expr: IrExpr): void => {
    if (expr.kind === 'app') expr.args.forEach(visit);
    else if (expr.kind === 'lambda') visit(expr.expr);
    else if (expr.kind === 'let') {
      if (expr.opdef.qualifier === 'nondet') note(expr.opdef.name, expr.opdef.id);
      visit(expr.opdef.expr);
      visit(expr.expr);
    }
  };
  for (const module of spec.ir.modules)
    for (const def of module.declarations) if (def.kind === 'def') visit(def.expr);
  return found;
}
