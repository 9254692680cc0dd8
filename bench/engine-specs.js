// The specs that the engine is measured on: four small ones of the literature, made for this, and four large ones of
// the project, chosen for what they are built of and not for how fast they are. What each is built of is printed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openCache } from '../dist/src/bridge/cache.js';
import { loadSpec } from '../dist/src/bridge/load-spec.js';
import { findQuint } from '../dist/src/bridge/quint-program.js';
import { compileSpec, createMachine } from '../dist/src/engine/index.js';
import { buildModel } from '../dist/src/model/build-model.js';
import { specTypes } from '../dist/src/trace/spec-types.js';
import { ROOT } from './programs.js';

export const SMALL = ['filter_lock', 'ledger', 'paxos', 'two_phase_commit'];
export const LARGE = ['counter', 'crdt_journal', 'resharing', 'threshold_signing'];

export function specFile(name) {
  return path.join(ROOT, SMALL.includes(name) ? 'bench/specs' : 'specs', `${name}.qnt`);
}

/** The named specs, opened; `invariant` is the first that the spec declares. */
export async function openSpecs(names) {
  const quint = must(await findQuint());
  const bridge = { quint, cache: openCache(), timeoutMs: 120_000 };
  const opened = [];
  for (const name of names) {
    const file = specFile(name);
    const spec = must(await loadSpec(bridge, file, name));
    const model = buildModel(spec);
    opened.push({
      name,
      file,
      model,
      compiled: must(compileSpec(spec)),
      invariant: model.invariants[0].name,
    });
  }
  return opened;
}

export function machineOf({ compiled, invariant }) {
  return must(createMachine(compiled, { init: 'init', step: 'step', invariants: [invariant] }));
}

/** Types of the variables under the names that the engine gives them. */
export function typesOf({ model, compiled }) {
  return specTypes(
    model,
    compiled.variables.map(({ name, ref }) => ({ name, id: ref.def.id })),
  );
}

/** Prints what each spec is built of. */
export function describeSpecs(specs) {
  for (const spec of specs) {
    const lines = readFileSync(spec.file, 'utf8').split('\n').length - 1;
    const types = [...typesOf(spec).vars.values()];
    const has = [
      [types.some(type => holds(type, isNestedMap)), 'nested maps'],
      [types.some(type => holds(type, isSetOfRecords)), 'records in sets'],
      [usesPowerset(spec.compiled.spec), 'powersets'],
    ];
    const built = has.map(([present, what]) => `${present ? '' : 'no '}${what}`).join(', ');
    console.log(`${spec.name}: ${lines} lines, ${spec.model.actions.length} actions, ${built}`);
  }
}

/** Whether a type or a part of it is like this. */
function holds(type, isLike) {
  return isLike(type) || partsOf(type).some(part => holds(part, isLike));
}

function partsOf(type) {
  return [type.elem, type.arg, type.res, ...(type.fields?.fields ?? []).map(field => field.fieldType)].filter(
    part => part !== undefined,
  );
}

function isNestedMap(type) {
  return type.kind === 'fun' && partsOf(type).some(part => holds(part, inner => inner.kind === 'fun'));
}

// A variant whose payload is a record counts as one.
function isSetOfRecords(type) {
  return type.kind === 'set' && holds(type.elem, inner => inner.kind === 'rec');
}

function usesPowerset(spec) {
  const inExpr = expr =>
    expr.kind === 'app'
      ? expr.opcode === 'powerset' || expr.args.some(inExpr)
      : expr.kind === 'let'
        ? inExpr(expr.opdef.expr) || inExpr(expr.expr)
        : expr.kind === 'lambda' && inExpr(expr.expr);
  return spec.ir.modules.some(({ declarations }) =>
    declarations.some(def => def.kind === 'def' && inExpr(def.expr)),
  );
}

export function must(result) {
  if (!result.ok) throw new Error(result.errors.map(error => error.message).join('\n'));
  return result.value;
}
