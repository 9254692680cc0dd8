// Assertions of the user's own: a module whose exports are functions, each the assertion of its name. They see what ours
// see, as copies. What they answer is checked for its shape; what they throw is a failure of the harness and no verdict.
import type { Assertion } from '../../generated/scenario.js';
import { must } from '../util/assert.js';
import { auraError } from '../util/errors.js';
import { systemReason } from '../util/files.js';
import { loadModule } from '../util/load-module.js';
import { fail, ok, type Result } from '../util/result.js';
import type { AssertionContext, AssertionResult, CheckAssertion } from './assertion.js';
import { ASSERTIONS } from './assertions.js';

/** What a module that is given to `--assertions` exports: true, false, or a verdict with its reason. */
export type OwnAssertion = (
  assertion: Assertion,
  context: AssertionContext,
) => boolean | AssertionResult | Promise<boolean | AssertionResult>;

/** Names of the assertions of a module, and all assertions together as a run wants them. */
export interface LoadedAssertions {
  readonly names: readonly string[];
  readonly check: CheckAssertion;
}

/** Errors: AUR003 for a module that cannot be loaded, AUR465 for one without functions. */
export async function loadAssertions(file: string | undefined): Promise<Result<LoadedAssertions>> {
  const loaded = file === undefined ? ok({}) : await loadModule(file, 'the assertions');
  if (!loaded.ok) return loaded;
  const own = new Map(
    Object.entries(loaded.value).filter(
      ([name, member]) => name !== 'default' && typeof member === 'function',
    ),
  );
  if (file !== undefined && own.size === 0)
    return fail(
      auraError('AUR465', `${file} exports no function`, {
        hint: 'each function that it exports is the assertion of that name, see docs/running.md',
      }),
    );
  return ok({
    names: [...own.keys()],
    check: (assertion, context) => {
      const member = own.get(assertion.type);
      if (isFunction(member)) return checkOwn(member, assertion, context);
      return must(ASSERTIONS[assertion.type], 'an assertion that was checked for its name')(
        assertion,
        context,
      );
    },
  });
}

/** Throws what the user's function throws, and a TypeError for an answer that is none. */
async function checkOwn(
  member: (...values: unknown[]) => unknown,
  assertion: Assertion,
  context: AssertionContext,
): Promise<AssertionResult> {
  let answer: unknown;
  try {
    answer = await member(...structuredClone([assertion, context]));
  } catch (error) {
    throw new TypeError(`the assertion ${assertion.type} failed: ${systemReason(error)}`);
  }
  if (typeof answer === 'boolean') return { verdict: answer ? 'held' : 'failed', detail: 'says the module' };
  if (isResult(answer)) return answer;
  throw new TypeError(`the assertion ${assertion.type} answered neither true, false nor {verdict, detail}`);
}

function isFunction(member: unknown): member is (...values: unknown[]) => unknown {
  return typeof member === 'function';
}

function isResult(answer: unknown): answer is AssertionResult {
  if (typeof answer !== 'object' || answer === null) return false;
  if (!('verdict' in answer) || !('detail' in answer)) return false;
  return (
    ['held', 'failed', 'unknown'].some(known => known === answer.verdict) && typeof answer.detail === 'string'
  );
}
