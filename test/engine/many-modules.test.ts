// A spec of twenty modules in four files, with imports of every form, exports and several instances of one module:
// every transition that Quint takes is one of ours, and definitions have the values that Quint gives them.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { loadSpec } from '../../src/bridge/load-spec.js';
import { sampleTraces } from '../../src/bridge/sample-traces.js';
import { compileSpec, createMachine, evaluate } from '../../src/engine/index.js';
import { buildModel } from '../../src/model/build-model.js';
import type { State } from '../../src/model/value.js';
import { parseItf } from '../../src/trace/itf-reader.js';
import { testBridge, unwrap } from '../quint.js';
import { oracleOf } from './quint-oracle.js';

/** A chain of modules, each exporting what it imports from the one before. */
const CHAIN = Array.from({ length: 13 }, (_, i) =>
  i === 0
    ? 'module link0 { pure val base = 1  pure def up(x) = x + 1 }'
    : `module link${i} { import link${i - 1}.*  export link${i - 1}.*  pure val v${i} = up(${i === 1 ? 'base' : `v${i - 1}`}) }`,
);

const FILES = {
  'lib/chain.qnt': CHAIN.join('\n'),
  'lib/cell.qnt': `
    module limits { const MOST: int  pure def fits(x) = x <= MOST }
    module cell {
      import limits as unused
      const NAME: str
      const MOST: int
      import limits(MOST = MOST) as own
      var level: int
      action empty = level' = 0
      action fill(by: int): bool = all { own::fits(level + by), level' = level + by }
      action keep = level' = level
      val label = (NAME, level)
      val withinBounds = level <= MOST
    }`,
  'shapes.qnt': `
    module shapes { type Shape = Dot | Line(int)  pure def sizeOf(s: Shape): int = match s { | Dot => 0 | Line(n) => n } }
    module colours { type Colour = { red: int, blue: int }  pure val violet = { red: 1, blue: 1 } }
    module both { import shapes.*  import colours as c  export shapes.*  pure val mixed = c::violet.with("red", sizeOf(Line(7))) }
    module picks { import shapes.Line  pure val lines = Set(Line(1), Line(2)) }`,
  'many.qnt': `
    module many {
      import link12.* from "./lib/chain"
      import cell(NAME = "left", MOST = 3) as left from "./lib/cell"
      import cell(NAME = "right", MOST = v2) as right from "./lib/cell"
      import both.* from "./shapes"
      import picks as p from "./shapes"
      var turns: int
      pure val top = v12
      val labels = (left::label, right::label)
      val sizes = p::lines.map(l => sizeOf(l))
      action init = all { left::empty, right::empty, turns' = 0 }
      action step = any {
        all { { nondet by = 1.to(2).oneOf() left::fill(by) }, right::keep, turns' = turns + 1 },
        all { left::keep, { nondet by = sizes.oneOf() right::fill(by) }, turns' = turns + mixed.red },
      }
      val BothFit = and { left::withinBounds, right::withinBounds }
    }`,
};

function writeFiles(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'aura-many-'));
  for (const [name, text] of Object.entries(FILES)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return path.join(folder, 'many.qnt');
}

function withoutMetadata(state: State): State {
  return new Map([...state].filter(([name]) => !name.startsWith('mbt::')));
}

it('a spec of twenty modules in four files agrees with Quint', async () => {
  const bridge = await testBridge();
  const file = writeFiles();
  const spec = unwrap(await loadSpec(bridge, file));
  expect(spec.ir.modules.length).toBeGreaterThanOrEqual(20);
  expect(spec.sources).toHaveLength(4);
  const compiled = unwrap(compileSpec(spec));
  const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step', invariants: ['BothFit'] }));
  expect(buildModel(spec).variables.map(({ name }) => name)).toEqual(
    compiled.variables.map(({ name }) => name).sort(),
  );
  const sampled = unwrap(await sampleTraces(bridge, spec, { seeds: [5], traces: 20, maxSteps: 6 }));
  let transitions = 0;
  for (const { itf } of sampled) {
    const states = unwrap(parseItf(itf)).states.map(({ values }) => withoutMetadata(values));
    for (const [i, state] of states.entries()) {
      const before = states[i - 1];
      expect(unwrap(before ? machine.allowed(before, state) : machine.allowedInit(state))).toBeDefined();
      transitions += before ? 1 : 0;
    }
  }
  expect(transitions).toBeGreaterThan(20);
  const quint = oracleOf(file, 'many');
  for (const name of ['top', 'sizes', 'mixed'])
    expect(quint.evaluate(name)).toEqual({ value: unwrap(evaluate(compiled, name, new Map())) });
});
