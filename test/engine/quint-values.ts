// Values between this project and Quint's evaluator, as ground expressions: what goes into it and what comes out of
// it. Written for tests alone and by hand, so that no code of the engine vouches for the engine.
import type { QuintEx } from '@informalsystems/quint';
import { listOf, mapOf, recordOf, setOf, tupleOf, type Value, variantOf } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';

/** A value as a ground expression. */
export function toQuint(value: Value): QuintEx {
  if (typeof value === 'boolean') return { id: 0n, kind: 'bool', value };
  if (typeof value === 'bigint') return { id: 0n, kind: 'int', value };
  if (typeof value === 'string') return { id: 0n, kind: 'str', value };
  const app = (opcode: string, args: readonly Value[]): QuintEx => ({
    id: 0n,
    kind: 'app',
    opcode,
    args: args.map(toQuint),
  });
  switch (value.kind) {
    case 'set':
      return app('Set', value.items);
    case 'list':
      return app('List', value.items);
    case 'tuple':
      return app('Tup', value.items);
    case 'map':
      return app(
        'Map',
        value.entries.map(entry => tupleOf(entry)),
      );
    case 'record':
      return app('Rec', value.fields.flat());
    case 'variant':
      return app('variant', [value.tag, value.value]);
    case 'unserializable':
      return { id: 0n, kind: 'name', name: value.text };
  }
}

/** A ground expression as Quint prints values. */
export function toValue(e: QuintEx): Value {
  if (e.kind === 'bool' || e.kind === 'str' || e.kind === 'int') return e.value;
  if (e.kind === 'name') return { kind: 'unserializable', text: e.name };
  if (e.kind !== 'app') throw new Error(`not a value: ${e.kind}`);
  const args = e.args.map(toValue);
  switch (e.opcode) {
    case 'Set':
      return setOf(args);
    case 'List':
      return listOf(args);
    case 'Tup':
      return tupleOf(args);
    case 'Map':
      return mapOf(args.map(pair => entryOf(pair)));
    case 'Rec':
      return recordOf(pairsOf(args));
    case 'variant':
      return variantOf(String(args[0]), must(args[1], 'payload'));
    default:
      throw new Error(`not a value: ${e.opcode}`);
  }
}

function entryOf(pair: Value): [Value, Value] {
  if (typeof pair !== 'object' || pair.kind !== 'tuple') throw new Error('not a pair');
  return [must(pair.items[0], 'key'), must(pair.items[1], 'value')];
}

function pairsOf(args: readonly Value[]): [string, Value][] {
  const pairs: [string, Value][] = [];
  for (let i = 0; i + 1 < args.length; i += 2) pairs.push([String(args[i]), must(args[i + 1], 'field')]);
  return pairs;
}
