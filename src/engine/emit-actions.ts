// The parts of an action that are neither builtin operators nor structure: calls of actions, and nondet. See emitter.ts
// for the two ways in which actions are emitted.
import type { IrExpr, IrLet, IrLookup } from '../model/ir.js';
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
  // An attempt that failed may have named the step already.
  const label = emitter.declare(emitter.fresh('label'));
  emitter.put(js`${saved.save}\nconst ${label} = label;`);
  const body = emitter.collect(() => {
    emitter.act(e.expr, js`break ${attempt};`);
    emitter.put(js`picks[${slot}] = ${value};\nbreak ${out};`);
  });
  emitter.put(
    js`${out}: for (;;) {\nconst ${value} = ${pick}.value();\n${attempt}: {\n${body}\n}\n${saved.restore}\nlabel = ${label};\nif (!${pick}.advance()) { ${fail} }\n}`,
  );
}

export function enumerateNondet(emitter: Emitter, e: IrLet, then: Continuation): void {
  const { table } = emitter.program;
  const lets = independentNondets(e, table);
  const body = must(lets.at(-1), 'nondet').expr;
  if (body.kind === 'app' && body.opcode === 'actionAny' && !table.has(body.id))
    enumerateBranches(emitter, lets, [], body.args, then);
  else {
    const choice = nondet(emitter, e);
    emitter.put(
      forEach(
        choice,
        emitter.collect(() => emitter.enumerate(e.expr, then)),
      ),
    );
  }
}

// A choice is opened only in those branches of an `any` below it that read it: the other branches would be tried
// again for each element. Where its set is empty no branch succeeds, whatever it reads.
function enumerateBranches(
  emitter: Emitter,
  lets: readonly IrLet[],
  choices: readonly Choice[],
  branches: readonly IrExpr[],
  then: Continuation,
): void {
  const [first, ...rest] = lets;
  if (first === undefined) {
    const opened = branches.map(branch => (k: Continuation) => {
      const read = choices.filter(({ id }) => mentions(branch, id, emitter.program.table));
      const body = emitter.collect(() => emitter.enumerate(branch, k));
      emitter.put(read.reduceRight((inner, choice) => forEach(choice, inner), body));
    });
    enumerateAlternatives(emitter, opened, then);
    return;
  }
  const choice = nondet(emitter, first);
  const all = emitter.declare(emitter.fresh('all'));
  const inner = emitter.collect(() =>
    enumerateBranches(emitter, rest, [...choices, { ...choice, set: all }], branches, then),
  );
  emitter.put(js`const ${all} = ${choice.set};\nif (${all}.size() !== 0) {\n${inner}\n}`);
}

/** Every way of each alternative: what one of them leaves in the registers does not show in the next. */
export function enumerateAlternatives(
  emitter: Emitter,
  alternatives: readonly ((k: Continuation) => void)[],
  then: Continuation,
): void {
  const k = emitter.shared(then);
  const [label, args] = [emitter.fresh('label'), emitter.fresh('args')];
  emitter.put(js`const ${label} = label, ${args} = labelArgs;`);
  for (const alternative of alternatives)
    emitter.put(js`label = -1;\n{\n${emitter.collect(() => alternative(k))}\n}`);
  emitter.put(js`label = ${label}; labelArgs = ${args};`);
}

/** What one `nondet` chooses from, and where the choice is kept. */
interface Choice {
  readonly id: number;
  readonly set: Code;
  readonly value: Code;
  readonly slot: number;
}

function forEach({ id, set, value, slot }: Choice, body: Code): Code {
  return js`for (const ${value} of choices(${set}, ${slot}, ${id})) {\npicks[${slot}] = ${value};\n${body}\n}\npicks[${slot}] = undefined;`;
}

/** This nondet and those directly below it, as long as no set depends on a choice made before. */
function independentNondets(e: IrLet, table: ReadonlyMap<number, IrLookup>): IrLet[] {
  const lets = [e];
  for (
    let next = e.expr;
    next.kind === 'let' && next.opdef.qualifier === 'nondet' && isIndependent(next, lets, table);
    next = next.expr
  )
    lets.push(next);
  return lets;
}

function isIndependent(e: IrLet, lets: readonly IrLet[], table: ReadonlyMap<number, IrLookup>): boolean {
  return lets.every(({ opdef }) => !mentions(e.opdef.expr, opdef.id, table));
}

/** Whether an expression refers to the local definition with this id, which nothing outside of it can. */
function mentions(e: IrExpr, id: number, table: ReadonlyMap<number, IrLookup>): boolean {
  switch (e.kind) {
    case 'name':
      return table.get(e.id)?.id === id;
    case 'app':
      return table.get(e.id)?.id === id || e.args.some(arg => mentions(arg, id, table));
    case 'lambda':
      return mentions(e.expr, id, table);
    case 'let':
      return mentions(e.opdef.expr, id, table) || mentions(e.expr, id, table);
    default:
      return false;
  }
}

function nondet(emitter: Emitter, { opdef }: IrLet): Choice {
  const source = opdef.expr;
  const set =
    source.kind === 'app' && source.opcode === 'oneOf' && source.args[0]
      ? emitter.expr(source.args[0])
      : emitter.expr(source);
  const value = emitter.bindParam(opdef.id, opdef.name);
  return { id: opdef.id, set, value, slot: emitter.program.pickSlot(opdef) };
}
