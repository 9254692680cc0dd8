// Quint's own answer to whether invariants hold in given states. The states are written into a copy of the spec as a
// list, with actions that go through them one by one, and Quint's simulator runs those. An oracle that shares nothing
// with our engine but the parser.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { resolveScope } from '../model/scope.js';
import type { Spec } from '../model/spec.js';
import { type State, showValue } from '../model/value.js';
import { must } from '../util/assert.js';
import { auraError } from '../util/errors.js';
import { isJsonObject, type Json } from '../util/json.js';
import { collect, fail, ok, type Result } from '../util/result.js';
import { type Bridge, specErrors } from './load-spec.js';
import { brokenCall, callQuint } from './quint-program.js';
import { readSources } from './sources.js';
import { insertDefinitions, writeTree } from './with-expressions.js';

/** States that one call of Quint is given: its type checker is slow on long lists. */
const STATES_MAX = 400;

export interface CheckedStates {
  /** Index of the first state that breaks an invariant, by its name; absent where all hold. */
  readonly broken: ReadonlyMap<string, number>;
}

/**
 * Lets Quint evaluate invariants, names or expressions of the main module, in states that have all `variables`, which the
 * main module has to see. `sources` are the texts of the spec where they are not those of its files.
 *
 * Errors: AUR107 for a spec whose main module does not see one of them, AUR102 where Quint reports an error in it, AUR103 and
 * AUR104 as for every call.
 */
export async function checkStates(
  bridge: Bridge,
  spec: Spec,
  variables: readonly string[],
  invariants: readonly string[],
  states: readonly State[],
  sources?: ReadonlyMap<string, string>,
): Promise<Result<CheckedStates>> {
  const assignable = assignableNames(spec, variables);
  if (!assignable.ok) return assignable;
  const read = sources === undefined ? await readSources(spec.file) : ok(sources);
  if (!read.ok) return read;
  const broken = new Map<string, number>();
  for (let from = 0; from < states.length && broken.size < invariants.length; from += STATES_MAX) {
    const piece = states.slice(from, from + STATES_MAX);
    const open = invariants.filter(name => !broken.has(name));
    // One call answers for all as long as none is broken.
    const together = open.map(name => `(${name})`).join(' and ');
    const some = await firstBroken(bridge, spec, read.value, assignable.value, together, piece);
    if (!some.ok) return some;
    if (some.value === undefined) continue;
    for (const name of open) {
      const at = await firstBroken(bridge, spec, read.value, assignable.value, name, piece);
      if (!at.ok) return at;
      if (at.value !== undefined) broken.set(name, from + at.value);
    }
  }
  return ok({ broken });
}

/** A variable of the state, and what the main module calls it. */
interface Assignable {
  readonly variable: string;
  readonly name: string;
}

/** The simulator names a variable by the instances around it, the main module by how it imports them. */
function assignableNames({ ir, main }: Spec, names: readonly string[]): Result<Assignable[]> {
  const { entries, variables } = resolveScope(ir.modules, main);
  return collect(
    names.map(variable => {
      const meant = variables.find(({ name }) => name === variable);
      const seen = entries.find(
        ({ def, instances }) => def === meant?.def && instances.join('::') === meant.instances.join('::'),
      );
      if (seen !== undefined) return ok({ variable, name: seen.name });
      const why = `${main} does not see ${variable}`;
      return fail(auraError('AUR107', `Quint cannot be given states of ${main}: ${why}`));
    }),
  );
}

async function firstBroken(
  bridge: Bridge,
  spec: Spec,
  sources: ReadonlyMap<string, string>,
  variables: readonly Assignable[],
  invariant: string,
  states: readonly State[],
): Promise<Result<number | undefined>> {
  const { texts } = insertDefinitions(spec, sources, definitions(variables, states));
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'aura-states-'));
  try {
    const file = await writeTree(scratch, spec.file, texts);
    const [out, trace] = [path.join(scratch, 'out.json'), path.join(scratch, 'trace.itf.json')];
    const args = [
      'run',
      file,
      '--backend=typescript',
      '--verbosity=0',
      `--main=${spec.main}`,
      '--init=aura_first',
      '--step=aura_next',
      `--invariant=${invariant}`,
      '--max-samples=1',
      `--max-steps=${states.length - 1}`,
      `--out=${out}`,
      `--out-itf=${trace}`,
    ];
    const result = await callQuint(bridge.quint, args, bridge);
    if (result.outcome !== 'exited') return fail(brokenCall(bridge.quint, 'run', result, bridge));
    const status = await readObject(out);
    if (status === undefined) return fail(brokenCall(bridge.quint, 'run', result, bridge));
    const errors = specErrors(status, { run: file, shown: spec.file }, sources);
    if (errors.length > 0) return fail(...errors);
    if (status.status !== 'violation') return ok(undefined);
    // The last state of the trace is the one that breaks the invariant.
    const shown = await readObject(trace);
    return ok(Array.isArray(shown?.states) ? shown.states.length - 1 : undefined);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function readObject(out: string): Promise<{ [key: string]: Json } | undefined> {
  try {
    const json: Json = JSON.parse(await readFile(out, 'utf8'));
    return isJsonObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

// One line, so that all other places of the file keep theirs. A definition for each state: Quint's type checker takes
// time that grows with the square of a list, and of its elements.
function definitions(variables: readonly Assignable[], states: readonly State[]): string {
  const actions = states.map((state, i) => {
    const assigned = variables.map(
      ({ variable, name }) => `${name}' = ${showValue(must(state.get(variable), variable))}`,
    );
    return `action aura_state${i} = all { ${[`aura_at' = ${i}`, ...assigned].join(', ')} }`;
  });
  const next = states.slice(1).map((_, i) => `all { aura_at == ${i}, aura_state${i + 1} }`);
  return [
    'var aura_at: int',
    ...actions,
    'action aura_first = aura_state0',
    `action aura_next = any { ${['all { aura_at < 0, aura_state0 }', ...next].join(', ')} }`,
  ].join(' ');
}
