// Quint's `run` definitions as tests, with the verdicts of `quint test`: a test passes when no sample of it fails,
// and one that draws no random number runs once. Definitions that are no truth values are ignored.
import type { State } from '../model/value.js';
import { must } from '../util/assert.js';
import { type AuraError, auraError } from '../util/errors.js';
import { createRandom, type Random } from '../util/random.js';
import { type CompiledSpec, findOp, type OpRef } from './compiled-spec.js';
import { stateFromRt } from './convert.js';
import { guarded } from './guard.js';
import type { Loaded } from './program.js';
import { useRandom } from './runtime/picks.js';

export interface TestOptions {
  readonly seed: string;
  /** Quint's default is 10,000. */
  readonly maxSamples: number;
  /** Which definitions of the main module are tests; default: those whose names end in `Test`. */
  readonly match?: (name: string) => boolean;
}

export interface TestFailure {
  readonly name: string;
  readonly error: AuraError;
  /** The sample that failed, from 0: the same seed and options fail there again. */
  readonly sample: number;
  /** The states that the run passed before it failed. */
  readonly trace: readonly State[];
}

export interface TestReport {
  readonly passed: readonly { readonly name: string; readonly samples: number }[];
  readonly failed: readonly TestFailure[];
  readonly ignored: readonly string[];
}

type Verdict = { readonly failure: TestFailure } | { readonly samples: number } | 'ignored';

/** Runs the tests of the main module in the order of their definition. */
export function runTests(compiled: CompiledSpec, options: TestOptions): TestReport {
  const match = options.match ?? (name => name.endsWith('Test'));
  const tests = compiled.scope
    .namesAt(compiled.scope.mainSite)
    .flatMap(name => testNamed(compiled, name, match));
  const program = compiled.newProgram();
  const roots = tests.map(({ ref }) =>
    ref.def.expr.kind === 'lambda' ? undefined : program.addDef(ref, 'random'),
  );
  const loaded = program.load();
  const verdicts = tests.map(({ name, ref }, i): [string, Verdict] => {
    const root = roots[i];
    return [
      name,
      root === undefined ? 'ignored' : runTest(compiled, loaded, root, name, ref.def.id, options),
    ];
  });
  return {
    passed: verdicts.flatMap(([name, it]) =>
      it !== 'ignored' && 'samples' in it ? [{ name, samples: it.samples }] : [],
    ),
    failed: verdicts.flatMap(([, it]) => (it !== 'ignored' && 'failure' in it ? [it.failure] : [])),
    ignored: verdicts.flatMap(([name, it]) => (it === 'ignored' ? [name] : [])),
  };
}

function testNamed(
  compiled: CompiledSpec,
  name: string,
  match: (name: string) => boolean,
): { name: string; ref: OpRef }[] {
  if (!match(name.split('::').at(-1) ?? name)) return [];
  const found = findOp(compiled, name);
  return found.ok ? [{ name, ref: found.value }] : [];
}

function runTest(
  compiled: CompiledSpec,
  loaded: Loaded,
  root: number,
  name: string,
  id: number,
  options: TestOptions,
): Verdict {
  const { spans } = compiled.spec.ir;
  const run = must(loaded.roots[root], name);
  const stream = counting(createRandom(`${options.seed}/test/${name}`));
  for (let sample = 0; sample < options.maxSamples; sample++) {
    const before = stream.drawn();
    // For each sample anew, so that none is paid from what the one before has drawn.
    useRandom(stream.random);
    loaded.load([]);
    loaded.clear();
    const result = guarded(spans, id, () => run());
    if (result.ok && typeof result.value !== 'boolean') return 'ignored';
    if (!result.ok || result.value !== true) {
      const location = spans.get(id);
      const returnedFalse = auraError('AUR606', `Test ${name} returned false`, {
        origin: 'QNT511',
        ...(location ? { location } : {}),
      });
      const error = result.ok ? returnedFalse : must(result.errors[0], 'error');
      const trace = loaded.trace().map(state => stateFromRt(state, compiled.variables));
      return { failure: { name, error, sample, trace } };
    }
    if (stream.drawn() === before) return { samples: sample + 1 };
  }
  return { samples: options.maxSamples };
}

// A test that drew nothing would do the same again.
function counting(inner: Random): { readonly random: Random; drawn(): number } {
  let drawn = 0;
  const random: Random = {
    real: () => {
      drawn++;
      return inner.real();
    },
    below: bound => {
      drawn++;
      return inner.below(bound);
    },
    fork: label => inner.fork(label),
  };
  return { random, drawn: () => drawn };
}
