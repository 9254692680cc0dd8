// The text of a place of a spec, however the path of the spec is written and wherever the place is.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSpec, readSpecTexts } from '../../src/bridge/load-spec.js';
import { spanText } from '../../src/derive/text-edits.js';
import { must } from '../../src/util/assert.js';
import { testBridge, unwrap } from '../quint.js';

const SPAN = { line: 1, column: 3, endLine: 2, endColumn: 3 };

describe('the text of a place', () => {
  it.each([
    ['x.qnt', 'x.qnt', 'lib/one.qnt', '../lib/one.qnt'],
    ['./x.qnt', 'x.qnt', 'lib/one.qnt', '../lib/one.qnt'],
    ['dir/x.qnt', 'dir/x.qnt', 'dir/lib/one.qnt', 'lib/one.qnt'],
    ['./dir/x.qnt', 'dir/x.qnt', 'dir/lib/one.qnt', 'lib/one.qnt'],
    ['../dir/x.qnt', '../dir/x.qnt', '../dir/lib/one.qnt', '../lib/one.qnt'],
    ['/a/dir/x.qnt', '/a/dir/x.qnt', '/a/dir/lib/one.qnt', '/a/lib/one.qnt'],
  ])('of %s, and of what it imports', (file, own, below, beside) => {
    const texts = new Map([
      ['x.qnt', '  own\n  text'],
      ['lib/one.qnt', '  below\n  text'],
      ['../lib/one.qnt', '  beside\n  text'],
    ]);
    expect(spanText({ file: own, ...SPAN }, file, texts)).toBe('own');
    expect(spanText({ file: below, ...SPAN }, file, texts)).toBe('below');
    expect(spanText({ file: beside, ...SPAN }, file, texts)).toBe('beside');
    expect(spanText({ file: `${own}.other`, ...SPAN }, file, texts)).toBeUndefined();
  });

  it('is found for every node of a spec that was loaded', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'aura-spec-'));
    await mkdir(path.join(folder, 'dir'));
    await writeFile(path.join(folder, 'one.qnt'), 'module one {\n  pure val N = 1 + 2\n}\n');
    const main = 'module x {\n  import one.* from "../one"\n  pure val M = N + 3\n}\n';
    await writeFile(path.join(folder, 'dir', 'x.qnt'), main);
    const bridge = await testBridge();
    const absolute = path.join(folder, 'dir', 'x.qnt');
    for (const file of [absolute, path.relative(process.cwd(), absolute)]) {
      const spec = unwrap(await loadSpec(bridge, file));
      const texts = await readSpecTexts(spec);
      const found = spec.ir.modules.flatMap(({ declarations }) =>
        declarations.flatMap(def =>
          def.kind === 'def' ? [spanText(must(spec.ir.spans.get(def.expr.id), 'span'), file, texts)] : [],
        ),
      );
      expect(found).toEqual(['1 + 2', 'N + 3']);
    }
  });
});
