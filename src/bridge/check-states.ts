// Quint's own answer to whether invariants hold in given states. The states are written into a copy of the spec as a
// list, with actions that go through them one by one, and Quint's simulator runs those. An oracle that shares nothing
// with our engine but the parser.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Spec } from '../model/spec.js';
import { type State, showValue } from '../model/value.js';
import { must } from '../util/assert.js';
import { auraError } from '../util/errors.js';
import { isJsonObject, type Json } from '../util/json.js';
import { fail, ok, type Result } from '../util/result.js';
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
 * main module has to be able to assign. `sources` are the texts of the spec where they are not those of its files.
 *
 * Errors: AUR107 for a spec whose variables it cannot assign, AUR102 where Quint reports an error in it, AUR103 and
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
  const foreign = variables.find(name => name.includes('::'));
  if (foreign !== undefined)
    return fail(
      auraError('AUR107', `Quint cannot be given states of ${spec.main}: ${foreign} belongs to an instance`),
    );
  const read = sources === undefined ? await readSources(spec.file) : ok(sources);
  if (!read.ok) return read;
  const broken = new Map<string, number>();
  for (let from = 0; from < states.length; from += STATES_MAX) {
    const piece = states.slice(from, from + STATES_MAX);
    const open = invariants.filter(name => !broken.has(name));
    for (const name of open) {
      const at = await firstBroken(bridge, spec, read.value, variables, name, piece);
      if (!at.ok) return at;
      if (at.value !== undefined) broken.set(name, from + at.value);
    }
  }
  return ok({ broken });
}

async function firstBroken(
  bridge: Bridge,
  spec: Spec,
  sources: ReadonlyMap<string, string>,
  variables: readonly string[],
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

// One line, so that all other places of the file keep theirs.
function definitions(variables: readonly string[], states: readonly State[]): string {
  const fields = ['aura_at', ...variables];
  const rows = states.map((state, i) => {
    const values = variables.map(name => `${name}: ${showValue(must(state.get(name), name))}`);
    return `{ ${[`aura_at: ${i}`, ...values].join(', ')} }`;
  });
  const assigned = fields.map(name => `${name}' = aura_row.${name}`).join(', ');
  return [
    'var aura_at: int',
    `pure val aura_rows = [${rows.join(', ')}]`,
    `action aura_first = { val aura_row = aura_rows[0] all { ${assigned} } }`,
    `action aura_next = all { aura_at + 1 < ${states.length}, val aura_row = aura_rows[aura_at + 1] all { ${assigned} } }`,
  ].join(' ');
}
