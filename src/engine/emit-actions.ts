// The parts of an action that are neither builtin operators nor structure: calls of actions, and nondet. See emitter.ts
// for the two ways in which actions are emitted.
import type { IrExpr, IrLet } from '../model/ir.js';
import { must } from '../util/assert.js';
import { type Code, js, rt } from './codegen.js';
import type { Emitter } from './emitter.js';
import type { Continuation } from './operators/operator.js';

// Enumerates a call of an action, or the naming of one without parameters. Arguments that are actions themselves
// happen before the call, as in Quint; a call with one that fails is not pursued.
export function enumerateCall(
  emitter: Emitter,
  e: Extract<IrExpr, { kind: 'name' | 'app' }>,
  then: Continuation,
): void {
  const codes: Code[] = [];
  const args = e.kind === 'app' ? e.args : [];
  const next = (from: number): void => {
    for (let i = from; i < args.length; i++) {
      const arg = must(args[i], 'argument');
      if (happens(emitter, arg)) {
        codes[i] = js`true`;
        emitter.enumerate(arg, { cheap: false, emit: () => next(i + 1) });
        return;
      }
      codes[i] = emitter.expr(arg);
    }
    enumerateApplied(emitter, e, codes, then);
  };
  next(0);
}

function enumerateApplied(
  emitter: Emitter,
  e: Extract<IrExpr, { kind: 'name' | 'app' }>,
  args: readonly Code[],
  then: Continuation,
): void {
  const entry = must(emitter.program.table.get(e.id), 'the action that is called');
  const k = then.fn ?? js`() => {\n${emitter.collect(() => then.emit())}\n}`;
  const binding = emitter.binding(entry);
  const name = e.kind === 'app' ? e.opcode : e.name;
  const ref =
    binding === undefined ? emitter.program.scope.resolveEntry(name, entry, emitter.site) : undefined;
  if (ref?.def.kind === 'def' && (ref.def.expr.kind === 'lambda' || e.kind === 'name'))
    emitter.put(js`${emitter.program.fn(ref, ref.def, true)}(${[...args, k]});`);
  else if (binding?.kind === 'operator' && binding.enumerating !== undefined)
    emitter.put(js`${binding.enumerating}(${[...args, k]});`);
  else if (e.kind === 'app' && binding?.kind === 'value')
    emitter.put(js`${rt('enumerateTwin')}(${binding.code}, [${args}], ${k});`);
  else emitter.put(js`if (${emitter.expr(e)}) {\n${emitter.collect(() => then.emit())}\n}`);
}

// Whether an argument is an action that happens, as opposed to an operator that is passed on.
function happens(emitter: Emitter, arg: IrExpr): boolean {
  if (arg.kind === 'lambda' || !emitter.isAction(arg)) return false;
  const entry = arg.kind === 'name' ? emitter.program.table.get(arg.id) : undefined;
  return entry?.kind !== 'param' && !(entry?.kind === 'def' && entry.expr.kind === 'lambda');
}

export function actNondet(emitter: Emitter, e: IrLet, fail: Code): void {
  const { set, value, slot } = nondet(emitter, e);
  const [pick, out, attempt] = [
    emitter.declare(emitter.fresh('pick')),
    emitter.fresh('out'),
    emitter.fresh('attempt'),
  ];
  const saved = emitter.program.savedVariables([e.expr], emitter);
  emitter.put(
    js`const ${pick} = ${rt('picker')}(${set}, ${e.opdef.id});\nif (${pick} === undefined) { ${fail} }`,
  );
  emitter.put(saved.save);
  const body = emitter.collect(() => {
    emitter.act(e.expr, js`break ${attempt};`);
    emitter.put(js`picks[${slot}] = ${value};\nbreak ${out};`);
  });
  emitter.put(
    js`${out}: for (;;) {\nconst ${value} = ${pick}.value();\n${attempt}: {\n${body}\n}\n${saved.restore}\nif (!${pick}.advance()) { ${fail} }\n}`,
  );
}

export function enumerateNondet(emitter: Emitter, e: IrLet, then: Continuation): void {
  const { set, value, slot } = nondet(emitter, e);
  const body = emitter.collect(() => emitter.enumerate(e.expr, then));
  emitter.put(
    js`for (const ${value} of choices(${set}, ${slot}, ${e.opdef.id})) {\npicks[${slot}] = ${value};\n${body}\n}\npicks[${slot}] = undefined;`,
  );
}

function nondet(emitter: Emitter, e: IrLet): { set: Code; value: Code; slot: number } {
  const source = e.opdef.expr;
  const set =
    source.kind === 'app' && source.opcode === 'oneOf' && source.args[0]
      ? emitter.expr(source.args[0])
      : emitter.expr(source);
  return { set, value: emitter.bindParam(e.opdef.id, e.opdef.name), slot: emitter.program.pickSlot(e.opdef) };
}
