// Derivation in tests: specs from text or from stripped files, and what an exploration of them takes.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { loadSpec } from '../../src/bridge/load-spec.js';
import {
  type Derived,
  type DeriveOptions,
  deriveSpec,
  type GivenValue,
} from '../../src/derive/derive-spec.js';
import { survey } from '../../src/derive/survey.js';
import { fitsType, TypeBook } from '../../src/derive/type-book.js';
import { compileSpec, createMachine } from '../../src/engine/index.js';
import { buildModel } from '../../src/model/build-model.js';
import type { Spec } from '../../src/model/spec.js';
import type { State } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { showError } from '../../src/util/errors.js';
import { loadFile, loadText, ROOT, specFile, testBridge, unwrap } from '../quint.js';
import { type Part, strip } from './strip.js';

/** A value as the command line gives it. */
export function given(name: string, text: string, strict = true): GivenValue {
  return { name, text, strict, place: { file: '--const', line: 1, column: 1 }, line: text };
}

export async function deriveText(text: string, options?: Partial<DeriveOptions>): Promise<Derived> {
  return unwrap(await tryText(text, options));
}

async function tryText(text: string, options: Partial<DeriveOptions> = {}) {
  const bridge = await testBridge();
  return deriveSpec(bridge, await loadText(text), { constants: [], domains: [], ...options });
}

/** The errors of a derivation, as people see them. */
export async function refusal(text: string, options?: Partial<DeriveOptions>): Promise<string> {
  const result = await tryText(text, options);
  if (result.ok) throw new Error('expected an error');
  return result.errors.map(showError).join('\n');
}

/** A spec of the project without some of its parts, derived. */
async function deriveStripped(name: string, parts: readonly Part[]): Promise<Derived> {
  const text = readFileSync(path.join(ROOT, 'specs', `${name}.qnt`), 'utf8');
  const bridge = await testBridge();
  const file = specFile(strip(text, parts), `${name}.qnt`);
  return unwrap(await deriveSpec(bridge, unwrap(await loadSpec(bridge, file))));
}

/** Actions that an exploration takes, sorted. */
export function taken(spec: Spec, init = 'init', step = 'step', maxStates = 1500): string[] {
  const compiled = unwrap(compileSpec(spec));
  const { actions } = unwrap(
    survey(compiled, buildModel(spec, undefined, { init, step }), { init, step, maxStates, seed: '0' }),
  );
  return actions
    .filter(({ steps }) => steps > 0)
    .map(({ name }) => name)
    .sort();
}

/** What the originals take: several tests ask. */
const originals = new Map<string, readonly string[]>();

/** Actions that the original takes and the derivation of its stripped copy does not. */
export async function lost(name: string, parts: readonly Part[]): Promise<string[]> {
  const original = originals.get(name) ?? taken(await loadFile(`specs/${name}.qnt`));
  originals.set(name, original);
  const derived = await deriveStripped(name, parts);
  const now = taken(derived.spec, derived.init, derived.step);
  return original.filter(action => !now.includes(action));
}

/** Every step's arguments, in a few states, are values of the types of the parameters. */
export function expectValuesOfTypes({ spec, init, step }: Derived): void {
  const compiled = unwrap(compileSpec(spec));
  const machine = unwrap(createMachine(compiled, { init, step }));
  const book = new TypeBook(spec.ir);
  const states: State[] = [];
  unwrap(machine.initialStates(({ state }) => void states.push(state)));
  let checked = 0;
  for (let i = 0; i < states.length && i < 4; i++)
    unwrap(
      machine.successors(must(states[i], 'state'), ({ action, args, state }) => {
        if (states.length < 6) states.push(state);
        const module = spec.ir.modules.flatMap(({ declarations }) => declarations);
        const def = module.find(one => one.kind === 'def' && one.name === action);
        const type = spec.ir.types.get(def?.id ?? -1)?.type;
        for (const [at, [, value]] of args.entries()) {
          const wanted = type?.kind === 'oper' ? type.args[at] : undefined;
          if (wanted === undefined) continue;
          expect(fitsType(value, wanted, book)).toBe(true);
          checked++;
        }
        return checked < 500;
      }),
    );
  expect(checked).toBeGreaterThan(0);
}
