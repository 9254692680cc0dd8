// Random types of Quint and random values of them, for the round trips: names that JavaScript or ITF could trip
// over, integers beyond doubles, aliases and parameterised types.
import fc from 'fast-check';
import type { IrRow, IrType } from '../../src/model/ir.js';
import { rowFields } from '../../src/model/type-text.js';
import { listOf, mapOf, recordOf, setOf, tupleOf, type Value, variantOf } from '../../src/model/value.js';
import type { TypeEnv } from '../../src/trace/itf-typed.js';

const INT: IrType = { kind: 'int' };
const STR: IrType = { kind: 'str' };
export const UNIT_TYPE: IrType = { kind: 'tup', fields: { kind: 'empty' } };

export function rowOf(fields: readonly (readonly [string, IrType])[]): IrRow {
  return {
    kind: 'row',
    fields: fields.map(([fieldName, fieldType]) => ({ fieldName, fieldType })),
    other: { kind: 'empty' },
  };
}

/** `Label` is a record that looks like a variant, `Option` takes a parameter. */
export const ENV: TypeEnv = new Map([
  [
    'Label',
    {
      params: [],
      type: {
        kind: 'rec',
        fields: rowOf([
          ['tag', STR],
          ['value', INT],
        ]),
      } satisfies IrType,
    },
  ],
  [
    'Option',
    {
      params: ['a'],
      type: {
        kind: 'sum',
        fields: rowOf([
          ['None', UNIT_TYPE],
          ['Some', { kind: 'var', name: 'a' }],
        ]),
      } satisfies IrType,
    },
  ],
]);

const NAMES = ['a', 'b', 'tag', 'value', '__x', '__proto__', '#odd', 'constructor', 'été', '0', 'toString'];
const TEXTS = ['', 'n1', 'U_OF_UNIT', 'UNIT', '__proto__', '"\\\n\u0000', '𝔘ñï', '\ud800', '#set'];

/** Types up to a depth. `onlyClear` leaves out the records that look like something else. */
function randomType(depth: number, onlyClear: boolean): fc.Arbitrary<IrType> {
  const leaf = fc.constantFrom<IrType>({ kind: 'bool' }, INT, STR, UNIT_TYPE);
  if (depth === 0) return leaf;
  const part = randomType(depth - 1, onlyClear);
  const fields = (min: number) =>
    fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), part), {
      minLength: min,
      maxLength: 4,
      selector: ([name]) => name,
    });
  const record = fields(0).filter(list => !onlyClear || isClear(list.map(([name]) => name)));
  const compound = fc.oneof(
    part.map((elem): IrType => ({ kind: 'set', elem })),
    part.map((elem): IrType => ({ kind: 'list', elem })),
    fc.tuple(part, part).map(([arg, res]): IrType => ({ kind: 'fun', arg, res })),
    fc
      .array(part, { maxLength: 3 })
      .map((parts): IrType => ({ kind: 'tup', fields: rowOf(parts.map((p, i) => [`${i}`, p])) })),
    record.map((list): IrType => ({ kind: 'rec', fields: rowOf(list) })),
    fields(1).map((list): IrType => ({ kind: 'sum', fields: rowOf(list) })),
    part.map((arg): IrType => ({ kind: 'app', ctor: { kind: 'const', name: 'Option' }, args: [arg] })),
    fc.constant<IrType>(onlyClear ? INT : { kind: 'const', name: 'Label' }),
  );
  return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 3, arbitrary: compound });
}

function isClear(names: readonly string[]): boolean {
  return !names.includes('tag') || names.length > 2;
}

/** Values of a type. `onlyClear` leaves out the text that shape takes for a unit. */
function randomValue(type: IrType, onlyClear: boolean): fc.Arbitrary<Value> {
  const of = (part: IrType) => randomValue(part, onlyClear);
  const options = { maxLength: 3 };
  switch (type.kind) {
    case 'bool':
      return fc.boolean();
    case 'int':
      return fc.oneof(
        fc.bigInt({ min: -300n, max: 2000n }),
        fc.bigInt({ min: -(2n ** 53n), max: 2n ** 54n }),
        fc.bigInt(),
      );
    case 'str':
      return fc
        .oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary', maxLength: 40 }))
        .filter(text => !onlyClear || text !== 'U_OF_UNIT');
    case 'set':
      return fc.array(of(type.elem), options).map(setOf);
    case 'list':
      return fc.array(of(type.elem), options).map(listOf);
    case 'fun':
      return fc.array(fc.tuple(of(type.arg), of(type.res)), options).map(mapOf);
    case 'tup':
      return fc.tuple(...rowFields(type.fields).fields.map(field => of(field.fieldType))).map(tupleOf);
    case 'rec':
      return fc
        .tuple(
          ...rowFields(type.fields).fields.map(f =>
            of(f.fieldType).map((v): [string, Value] => [f.fieldName, v]),
          ),
        )
        .map(recordOf);
    case 'sum':
      return fc.oneof(
        ...rowFields(type.fields).fields.map(f => of(f.fieldType).map(v => variantOf(f.fieldName, v))),
      );
    case 'const':
      return fc.tuple(of(STR), of(INT)).map(([tag, value]) =>
        recordOf([
          ['tag', tag],
          ['value', value],
        ]),
      );
    case 'app':
      return fc.oneof(
        fc.constant(variantOf('None')),
        of(type.args[0] ?? INT).map(v => variantOf('Some', v)),
      );
    default:
      throw new Error(`no random values of ${type.kind}`);
  }
}

export interface TypedStates {
  readonly types: ReadonlyMap<string, IrType>;
  readonly states: readonly ReadonlyMap<string, Value>[];
}

/** A few states over a few variables with odd names. */
export function randomStates(onlyClear: boolean): fc.Arbitrary<TypedStates> {
  const variable = fc.tuple(
    fc.constantFrom('x', '__seen', 'm::i::v', '__proto__', 'été'),
    randomType(3, onlyClear),
  );
  return fc.uniqueArray(variable, { minLength: 1, maxLength: 3, selector: ([name]) => name }).chain(vars =>
    fc
      .array(
        fc.tuple(
          ...vars.map(([name, type]) => randomValue(type, onlyClear).map((v): [string, Value] => [name, v])),
        ),
        {
          minLength: 1,
          maxLength: 4,
        },
      )
      .map(rows => ({ types: new Map(vars), states: rows.map(row => new Map(row)) })),
  );
}
