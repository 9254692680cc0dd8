// A value as an expression of the IR, for trying values of constants on a spec that Quint has checked already.
import type { IrExpr } from '../model/ir.js';
import type { Value } from '../model/value.js';

/** New nodes have negative ids, which no IR of Quint uses. */
export function valueExpr(value: Value): IrExpr {
  let nextId = -1;
  const app = (opcode: string, args: readonly IrExpr[]): IrExpr => ({
    kind: 'app',
    id: nextId--,
    opcode,
    args,
  });
  const text = (value: string): IrExpr => ({ kind: 'str', id: nextId--, value });
  const build = (one: Value): IrExpr => {
    if (typeof one === 'boolean') return { kind: 'bool', id: nextId--, value: one };
    if (typeof one === 'bigint') return { kind: 'int', id: nextId--, value: one };
    if (typeof one === 'string') return text(one);
    switch (one.kind) {
      case 'set':
        return app('Set', one.items.map(build));
      case 'list':
        return app('List', one.items.map(build));
      case 'tuple':
        return app('Tup', one.items.map(build));
      case 'map':
        return app(
          'Map',
          one.entries.map(([key, item]) => app('Tup', [build(key), build(item)])),
        );
      case 'record':
        return app(
          'Rec',
          one.fields.flatMap(([name, item]) => [text(name), build(item)]),
        );
      case 'variant':
        return app('variant', [text(one.tag), build(one.value)]);
      case 'unserializable':
        return text(one.text);
    }
  };
  return build(value);
}
