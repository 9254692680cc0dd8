// Traces, violations and reasons for people.
import { compileSpec, type Explanation, explain, findOp, type Step } from '../engine/index.js';
import type { Spec } from '../model/spec.js';
import { equalValues, type State, showValue } from '../model/value.js';
import type { Terminal } from './terminal.js';

/** Prints steps with what each changed; the whole state of the first. */
export function showSteps(terminal: Terminal, steps: readonly Step[]): void {
  let before: State | undefined;
  for (const [i, { action, args, state }] of steps.entries()) {
    const given = args.map(([name, value]) => `${name} = ${showValue(value)}`).join(', ');
    terminal.print(
      terminal.colour.bold(`${i}: ${bareName(action ?? 'unnamed')}${given ? `(${given})` : ''}`),
    );
    for (const [name, value] of state) {
      const old = before?.get(name);
      if (old === undefined || !equalValues(old, value))
        terminal.print(`     ${bareName(name)} = ${showValue(value)}`);
    }
    before = state;
  }
}

/** Prints why a boolean definition is false in a state: what decided, with values and places. */
export function showReason(terminal: Terminal, spec: Spec, name: string, state: State): void {
  const compiled = compileSpec(spec);
  const found = compiled.ok ? findOp(compiled.value, name) : compiled;
  if (!compiled.ok || !found.ok) return;
  const reason = explain(compiled.value, { expr: found.value.def.expr, site: found.value }, state);
  if (reason.ok) showExplanation(terminal, reason.value, 1);
}

const DEEPEST = 8;

function showExplanation(
  terminal: Terminal,
  { what, value, location, bindings, because }: Explanation,
  depth: number,
): void {
  const place = location ? terminal.colour.dim(` ${location.file}:${location.line}:${location.column}`) : '';
  const bound = bindings.map(([name, each]) => `${name} = ${showValue(each)}`).join(', ');
  terminal.print(
    `${'  '.repeat(depth)}${what} is ${showValue(value)}${bound ? ` for ${bound}` : ''}${place}`,
  );
  if (depth < DEEPEST) for (const part of because) showExplanation(terminal, part, depth + 1);
}

function bareName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}
