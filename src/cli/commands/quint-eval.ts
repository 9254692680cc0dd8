// aura quint eval: values of definitions and expressions.
import type { Command } from 'commander';
import type { EvalResult } from '../../../generated/eval-result.js';
import { type CompiledSpec, compileSpec, createMachine, evaluate } from '../../engine/index.js';
import type { State, Value } from '../../model/value.js';
import { showValue } from '../../model/value.js';
import { encodeItfValue } from '../../trace/itf-encode.js';
import { showError } from '../../util/errors.js';
import { fail, ok, type Result } from '../../util/result.js';
import { EXIT } from '../exit-codes.js';
import { definitionsFor, type OpenSpec, openSpec, type SpecOptions, withSpecOptions } from '../open-spec.js';
import type { Runner, Session } from '../session.js';

export function registerEval(parent: Command, runner: Runner): void {
  withSpecOptions(parent.command('eval <expression...>'))
    .description('evaluate definitions or expressions; what reads state, in the first initial state')
    .addHelpText(
      'after',
      "\nExample:\n  aura quint eval --spec specs/counter.qnt QUORUM 'PARTICIPANTS.powerset().size()'\n\nExit codes: 0 all have a value, 1 some have none, 2 bad input.\n",
    )
    .action((expressions: string[], options: SpecOptions) =>
      runner.run(options, session => evaluateAll(session, options, expressions)),
    );
}

async function evaluateAll(session: Session, options: SpecOptions, expressions: readonly string[]) {
  const opened = await openSpec(session, options);
  if (!opened.ok) return opened;
  const answers = await answersTo(opened.value, expressions);
  const { terminal } = session;
  terminal.document(documentOf(expressions, answers));
  for (const [i, answer] of answers.entries()) {
    if (answer.ok) terminal.print(`${expressions[i]} = ${showValue(answer.value)}`);
    else for (const error of answer.errors) terminal.print(showError(error));
  }
  return ok(answers.every(answer => answer.ok) ? EXIT.ok : EXIT.violated);
}

// All are checked at once; when one of them is wrong each is checked alone, so that the others get their values.
async function answersTo(opened: OpenSpec, expressions: readonly string[]): Promise<Result<Value>[]> {
  const together = await definitionsFor(opened, expressions);
  if (!together.ok && expressions.length > 1) {
    const answers: Result<Value>[] = [];
    for (const expression of expressions) answers.push(...(await answersTo(opened, [expression])));
    return answers;
  }
  if (!together.ok) return [together];
  const compiled = compileSpec(together.value.spec);
  if (!compiled.ok) return expressions.map(() => compiled);
  const state = firstState(compiled.value, opened);
  return together.value.names.map(name => {
    const answer = evaluate(compiled.value, name, state);
    return answer.ok ? answer : fail(...answer.errors.map(together.value.inside));
  });
}

/** Empty when there is none: then what reads a variable says that it has no value. */
function firstState(compiled: CompiledSpec, { model }: OpenSpec): State {
  let first: State = new Map();
  if (!model.hasInit) return first;
  const machine = createMachine(compiled, { init: 'init', step: 'init' });
  if (machine.ok)
    machine.value.initialStates(({ state }) => {
      first = state;
      return false;
    });
  return first;
}

function documentOf(expressions: readonly string[], answers: readonly Result<Value>[]): EvalResult {
  const results = answers.map((answer, i): EvalResult['results'][number] => {
    const expr = expressions[i] ?? '';
    if (answer.ok) return { expr, value: JSON.parse(encodeItfValue(answer.value)) };
    const [error] = answer.errors;
    const { code, message, location } = error ?? { code: 'AUR601', message: 'no value' };
    return {
      expr,
      error: { code: error?.origin ?? code, message, location: location ? { ...location } : null },
    };
  });
  return { format: 'aura-eval-result', version: 1, results };
}
