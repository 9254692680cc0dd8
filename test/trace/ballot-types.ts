// The types of test/fixtures/itf/ballot.qnt as Quint's IR has them, under the names that its traces use.
import type { IrType } from '../../src/model/ir.js';
import type { ItfTypes, TypeEnv } from '../../src/trace/itf-typed.js';
import { rowOf, UNIT_TYPE } from './random-values.js';

const BOOL: IrType = { kind: 'bool' };
const INT: IrType = { kind: 'int' };
const STR: IrType = { kind: 'str' };
const named = (name: string): IrType => ({ kind: 'const', name });
const optionOf = (arg: IrType): IrType => ({
  kind: 'app',
  ctor: { kind: 'const', name: 'Option' },
  args: [arg],
});
const rec = (...fields: [string, IrType][]): IrType => ({ kind: 'rec', fields: rowOf(fields) });
const tup = (...parts: IrType[]): IrType => ({
  kind: 'tup',
  fields: rowOf(parts.map((part, i) => [`${i}`, part])),
});
const set = (elem: IrType): IrType => ({ kind: 'set', elem });
const fun = (arg: IrType, res: IrType): IrType => ({ kind: 'fun', arg, res });
const sum = (...options: [string, IrType][]): IrType => ({ kind: 'sum', fields: rowOf(options) });

const env: TypeEnv = new Map([
  ['Node', { params: [], type: STR }],
  ['Option', { params: ['a'], type: sum(['None', UNIT_TYPE], ['Some', { kind: 'var', name: 'a' }]) }],
  [
    'Phase',
    {
      params: [],
      type: sum(
        ['Idle', UNIT_TYPE],
        ['Voting', rec(['round', INT], ['quorum', INT])],
        ['Decided', set(named('Node'))],
      ),
    },
  ],
  ['Label', { params: [], type: rec(['tag', STR], ['value', INT]) }],
]);
export const BALLOT_TYPES: ItfTypes = {
  env,
  vars: new Map([
    ['phase', named('Phase')],
    ['votes', fun(named('Node'), set(INT))],
    ['log', { kind: 'list', elem: tup(named('Node'), INT) }],
    ['leader', optionOf(named('Node'))],
    ['label', named('Label')],
    ['pairs', fun(tup(INT, BOOL), optionOf(INT))],
    ['total', INT],
    ['open', BOOL],
    ['nested', set(set(INT))],
    ['__seen', rec(['__proto', INT], ['plain', STR])],
    ['mbt::actionTaken', STR],
    ['mbt::nondetPicks', rec(['node', optionOf(named('Node'))], ['ballot', optionOf(INT)])],
  ]),
};
