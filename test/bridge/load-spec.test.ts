import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { NO_CACHE, openCache } from '../../src/bridge/cache.js';
import { loadSpec } from '../../src/bridge/load-spec.js';
import type { QuintIr } from '../../src/model/ir.js';
import { loadText, specFile, testBridge, unwrap } from '../quint.js';

async function errorsOf(text: string) {
  const file = specFile(text);
  const result = await loadSpec(await testBridge(), file);
  return result.ok
    ? []
    : result.errors.map(error => ({
        ...error,
        location: { ...error.location, file: path.basename(error.location?.file ?? '') },
      }));
}

/** A Map is not compared by JSON, so it is turned into pairs. */
function plain(ir: QuintIr) {
  return {
    modules: ir.modules,
    table: [...ir.table],
    types: [...ir.types],
    effects: [...ir.effects],
    spans: [...ir.spans],
  };
}

describe('errors of Quint', () => {
  it('of names carry code, place and a caret', async () => {
    const [error] = await errorsOf('module spec {\n  val y = missing + 1\n}\n');
    expect(error).toMatchObject({
      code: 'AUR102',
      origin: 'QNT404',
      location: { file: 'spec.qnt', line: 2, column: 11 },
    });
    expect(error?.excerpt).toBe('2 |   val y = missing + 1\n  |           ^^^^^^^');
  });

  it('of types', async () => {
    const [error] = await errorsOf('module spec {\n  pure val x: int = "a"\n}\n');
    expect(error).toMatchObject({ code: 'AUR102', origin: 'QNT000', location: { line: 2 } });
    expect(error?.message).toContain('unify');
  });

  it('of modes', async () => {
    const [error] = await errorsOf('module spec {\n  var x: int\n  pure val z = x\n}\n');
    expect(error).toMatchObject({ code: 'AUR102', origin: 'QNT200', location: { line: 3, column: 12 } });
  });

  it('of syntax', async () => {
    const [error] = await errorsOf('module spec {\n  var x: \n');
    expect(error).toMatchObject({ code: 'AUR102', origin: 'QNT000', location: { line: 3 } });
  });

  it('come all at once, in the order of the file', async () => {
    const errors = await errorsOf('module spec {\n  pure val a = nope1\n  pure val b = nope2\n}\n');
    expect(errors.map(({ location }) => location?.line)).toEqual([2, 3]);
  });
});

describe('the representation', () => {
  it('loses no integer', async () => {
    const big = '123456789012345678901234567890';
    const spec = await loadText(`module spec { pure val big = ${big} pure val small = 7 }`);
    const values = spec.ir.modules.flatMap(({ declarations }) =>
      declarations.flatMap(d => (d.kind === 'def' && d.expr.kind === 'int' ? [d.expr.value] : [])),
    );
    expect(values.sort()).toEqual([BigInt(big), 7n].sort());
  });

  it('is the same from the cache as from Quint', async () => {
    const file = specFile(
      "module m { const N: int  var x: Set[int -> { a: str }]\n action init = x' = Set() \n action step = x' = x }\nmodule spec { import m(N = 99999999999999999999).* }",
    );
    const bridge = await testBridge();
    const cache = openCache(mkdtempSync(path.join(os.tmpdir(), 'aura-cache-')));
    const direct = unwrap(await loadSpec({ ...bridge, cache: NO_CACHE }, file));
    const first = unwrap(await loadSpec({ ...bridge, cache }, file));
    const hit = unwrap(await loadSpec({ ...bridge, cache }, file));
    expect(plain(first.ir)).toEqual(plain(direct.ir));
    expect(plain(hit.ir)).toEqual(plain(direct.ir));
    expect(hit.hash).toBe(direct.hash);
  });

  it('changes with an imported file', async () => {
    const file = specFile('module spec { import lib.* from "./sub/lib"  pure val x = y }');
    mkdirSync(path.join(path.dirname(file), 'sub'));
    const lib = path.join(path.dirname(file), 'sub', 'lib.qnt');
    writeFileSync(lib, 'module lib { pure val y = 1 }');
    const bridge = await testBridge();
    const before = unwrap(await loadSpec(bridge, file));
    expect(before.sources.map(source => source.path)).toEqual(['spec.qnt', 'sub/lib.qnt']);
    writeFileSync(lib, 'module lib { pure val y = 2 }');
    const after = unwrap(await loadSpec(bridge, file));
    expect(after.hash).not.toBe(before.hash);
  });
});

describe('the main module', () => {
  const two = 'module a { pure val x = 1 } module b { pure val x = 2 }';

  it('is asked for by name', async () => {
    expect((await loadText(two, 'b')).main).toBe('b');
  });

  it('must be told among several', async () => {
    const [error] = await errorsOf(two);
    expect(error).toMatchObject({ code: 'AUR202', message: expect.stringContaining('a, b') });
  });

  it('is suggested when it is mistyped', async () => {
    const result = await loadSpec(await testBridge(), specFile(two), 'aa');
    expect(result.ok ? [] : result.errors).toMatchObject([
      { code: 'AUR201', hint: expect.stringContaining('did you mean a') },
    ]);
  });

  it('is the only one, whatever its name', async () => {
    expect((await loadText('module other { pure val x = 1 }')).main).toBe('other');
  });
});
