// Tuples, records and variants.
import type { IrApp, IrExpr, IrType } from '../../model/ir.js';
import { must } from '../../util/assert.js';
import { compareText } from '../../util/order.js';
import { type Code, js, rt } from '../codegen.js';
import type { Emitter } from '../emitter.js';
import type { Operator } from './operator.js';

function text(e: IrExpr | undefined): string {
  return e?.kind === 'str' ? e.value : '';
}

/** A constant for the shape with these field names. */
function shape(emitter: Emitter, names: readonly string[]): Code {
  return emitter.program.literal(js`${rt('shapeOf')}([${names.map(name => js`${name}`)}])`);
}

function record(emitter: Emitter, app: IrApp): Code {
  const fields: { name: string; value: Code }[] = [];
  for (let i = 0; i + 1 < app.args.length; i += 2)
    fields.push({ name: text(app.args[i]), value: emitter.expr(must(app.args[i + 1], 'field value')) });
  fields.sort((a, b) => compareText(a.name, b.name));
  const names = fields.map(field => field.name);
  return js`new ${rt('Rec')}(${shape(emitter, names)}, [${fields.map(field => field.value)}])`;
}

// A guess of the record's shape from its type, checked when it runs: then reading a field is one comparison.
function field(emitter: Emitter, app: IrApp): Code {
  const [source, label] = [must(app.args[0], 'record'), text(app.args[1])];
  const names = fieldNames(emitter, emitter.program.scope.ir.types.get(source.id)?.type);
  const code = emitter.expr(source);
  const index = names?.indexOf(label) ?? -1;
  if (names === undefined || index < 0) return js`${rt('field')}(${code}, ${label}, ${app.id})`;
  return js`${rt('fieldAt')}(${code}, ${shape(emitter, names)}, ${index}, ${label}, ${app.id})`;
}

function fieldNames(emitter: Emitter, type: IrType | undefined): string[] | undefined {
  const resolved = type?.kind === 'const' ? emitter.program.scope.aliasOf(type.name) : type;
  if (resolved?.kind !== 'rec') return undefined;
  const names: string[] = [];
  let row = resolved.fields;
  for (; row.kind === 'row'; row = row.other) names.push(...row.fields.map(one => one.fieldName));
  return row.kind === 'empty' ? names.sort(compareText) : undefined;
}

interface Case {
  readonly label: string;
  readonly param: { readonly id: number; readonly name: string } | undefined;
  readonly body: IrExpr;
}

function casesOf(app: IrApp): Case[] {
  const cases: Case[] = [];
  for (let i = 1; i + 1 < app.args.length; i += 2) {
    const eliminator = must(app.args[i + 1], 'case');
    const lambda = eliminator.kind === 'lambda' ? eliminator : undefined;
    cases.push({ label: text(app.args[i]), param: lambda?.params[0], body: lambda?.expr ?? eliminator });
  }
  return cases;
}

/** The parts of a match: a name that holds the variant, and per case its condition. */
function match(
  emitter: Emitter,
  app: IrApp,
): { held: Code; source: Code; cases: (Case & { condition: Code })[] } {
  const source = emitter.expr(must(app.args[0], 'variant'));
  const held = emitter.declare(emitter.fresh('variant'));
  const cases = casesOf(app).map(one => ({
    ...one,
    condition: one.label === '_' ? js`true` : js`${held}.tag === ${one.label}`,
  }));
  return { held, source, cases };
}

function bindCase(emitter: Emitter, one: Case, held: Code): void {
  if (one.param !== undefined)
    emitter.env.set(one.param.id, { kind: 'value', code: js`${held}.value`, late: true });
}

function noMatch(held: Code, at: number): Code {
  return js`${rt('noMatch')}(${held}, ${at})`;
}

function matchExpr(emitter: Emitter, app: IrApp): Code {
  const { held, source, cases } = match(emitter, app);
  emitter.put(js`let ${held};`);
  const chosen = cases.reduceRight(
    (rest, one) => {
      bindCase(emitter, one, held);
      const body = emitter.expr(one.body);
      return one.label === '_' ? body : js`${one.condition} ? ${body} : ${rest}`;
    },
    noMatch(held, app.id),
  );
  return js`(${held} = ${source}, ${chosen})`;
}

// For both ways of emitting an action, which differ in what they do with the body of a case.
function matchStatement(emitter: Emitter, app: IrApp, body: (e: IrExpr) => void): void {
  const { held, source, cases } = match(emitter, app);
  const branches = cases.reduceRight(
    (rest, one) =>
      js`if (${one.condition}) {\n${emitter.collect(() => {
        bindCase(emitter, one, held);
        body(one.body);
      })}\n} else { ${rest} }`,
    js`${noMatch(held, app.id)};`,
  );
  emitter.put(js`const ${held} = ${source};\n${branches}`);
}

export const RECORDS: readonly Operator[] = [
  {
    name: 'Tup',
    arity: { atLeast: 0 },
    cheap: true,
    doc: 'The tuple of the operands.',
    code: args => js`new ${rt('Tup')}([${args}])`,
  },
  {
    name: 'item',
    arity: 2,
    cheap: true,
    doc: 'The element of a tuple at an index from 1.',
    code: ([tuple, index]) => js`${must(tuple, 'tuple')}.items[${must(index, 'index')} - 1]`,
  },
  {
    name: 'Rec',
    arity: { atLeast: 0 },
    cheap: true,
    doc: 'The record of the operands, which alternate names and values.',
    expr: record,
  },
  { name: 'field', arity: 2, cheap: true, doc: 'The value of a field.', expr: field },
  {
    name: 'with',
    arity: 3,
    doc: 'The record with another value in a field.',
    expr: (emitter, app) => {
      const [source, value] = [must(app.args[0], 'record'), must(app.args[2], 'value')];
      return js`${rt('recordWith')}(${emitter.expr(source)}, ${text(app.args[1])}, ${emitter.expr(value)}, ${app.id})`;
    },
  },
  {
    name: 'fieldNames',
    arity: 1,
    doc: 'The set of the names of the fields.',
    code: ([source]) => js`new ${rt('FSet')}(${must(source, 'record')}.shape.names)`,
  },
  {
    name: 'variant',
    arity: 2,
    cheap: true,
    doc: 'A variant of a sum type with its payload.',
    code: args => js`new ${rt('Variant')}(${args})`,
  },
  {
    name: 'matchVariant',
    arity: { atLeast: 1 },
    doc: 'The case of the variant that the first operand is; `_` takes the rest, QNT505 when there is none.',
    expr: matchExpr,
    act: (emitter, app, fail) => matchStatement(emitter, app, e => emitter.act(e, fail)),
    enumerate: (emitter, app, then) => {
      const k = emitter.shared(then);
      matchStatement(emitter, app, e => emitter.enumerate(e, k));
    },
  },
];
