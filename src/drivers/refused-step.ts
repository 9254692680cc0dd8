// Why the spec does not allow a step, in words: of all ways to take the action with the values that the schedule tells,
// the one that got furthest, and the guard that ended it. Slow and in the open: only a step that is refused is looked at.
import { type Attempt, type CompiledSpec, type Explanation, explain, tryAction } from '../engine/index.js';
import { agrees, type FollowedSpec, labelsOf, type ToldStep } from '../generate/possible-states.js';
import type { SourceSpan } from '../model/ir.js';
import { type State, showValue } from '../model/value.js';

export function whyRefused({ machine, model }: FollowedSpec, from: State, step: ToldStep): string {
  const action = model.actions.find(({ name }) => name === step.action);
  const labels = labelsOf(action, step.action);
  const isMeant = (attempt: Attempt) =>
    (attempt.action?.id === action?.id || labels.includes(attempt.action?.name ?? '')) &&
    agrees(attempt.args, step.params) &&
    agrees(attempt.picks, step.picks);
  let furthest: Attempt | undefined;
  tryAction(machine.compiled, machine.options.step, {
    from,
    onAttempt: attempt => {
      if (attempt.failed === undefined || !isMeant(attempt)) return;
      if (furthest === undefined || attempt.held > furthest.held) furthest = attempt;
    },
  });
  const failed = furthest?.failed;
  if (failed === undefined) return `the spec never takes ${step.action} with these values`;
  const span = machine.compiled.spec.ir.spans.get(failed.expr.id);
  if (failed.error !== undefined) return `${failed.error.message}${at(span)}`;
  const explained = explain(machine.compiled, failed, from);
  return explained.ok ? inWords(machine.compiled, explained.value) : `a guard does not hold${at(span)}`;
}

/** Such as `Sold("ada") == Free is false (box_office.qnt:19)`. */
function inWords(compiled: CompiledSpec, explanation: Explanation): string {
  const { value, location, because } = explanation;
  if (typeof value !== 'boolean') return `no choice is possible${at(location)}`;
  const inner = because.find(part => typeof part.value === 'boolean' && part.what !== showValue(part.value));
  if (inner !== undefined) return inWords(compiled, inner);
  return `${comparison(compiled, explanation) ?? explanation.what} is ${value}${at(location)}`;
}

/** The two sides of a comparison with their values; undefined where it is none. An explanation leaves literals out. */
function comparison(compiled: CompiledSpec, { exprId, what, because }: Explanation): string | undefined {
  const expr = compiled.exprAt(exprId)?.expr;
  if (expr?.kind !== 'app' || expr.args.length !== 2 || /^\w/.test(what)) return undefined;
  const rest = [...because];
  const sides = expr.args.map(arg => ('value' in arg ? String(arg.value) : rest.shift()?.value));
  const texts = sides.flatMap(side =>
    side === undefined ? [] : [typeof side === 'string' ? side : showValue(side)],
  );
  return texts.length === 2 ? texts.join(` ${what} `) : undefined;
}

function at(span: SourceSpan | undefined): string {
  return span === undefined ? '' : ` (${span.file}:${span.line})`;
}
