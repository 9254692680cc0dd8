// Actions: assignment, conjunction and choice, and the operators of runs. `any` takes its branches in a random order
// and the first that succeeds, as Quint's simulator does; enumeration takes all of them. What an attempt assigned is
// undone when it fails and another one follows.
import type { IrApp, IrExpr } from '../../model/ir.js';
import { must } from '../../util/assert.js';
import { type Code, js, rt } from '../codegen.js';
import { enumerateAlternatives } from '../emit-actions.js';
import type { Emitter } from '../emitter.js';
import type { Continuation, Operator } from './operator.js';

function target(emitter: Emitter, app: IrApp) {
  const [variable, value] = [must(app.args[0], 'variable'), must(app.args[1], 'value')];
  const entry = variable.kind === 'name' ? emitter.program.table.get(variable.id) : undefined;
  const ref =
    entry && variable.kind === 'name'
      ? emitter.program.scope.resolveEntry(variable.name, entry, emitter.site)
      : undefined;
  return emitter.program.assign(must(ref, 'the variable that is assigned'), emitter.expr(value));
}

function enumerateAssign(emitter: Emitter, app: IrApp, then: Continuation): void {
  const { statement, next, index } = target(emitter, app);
  const before = emitter.fresh('before');
  const body = emitter.collect(() => then.emit());
  emitter.put(js`{ const ${before} = ${next};
${statement}
if (wanted === undefined || agrees(${next}, ${index})) {
${body}
}
${next} = ${before}; }`);
}

function enumerateAll(emitter: Emitter, args: readonly IrExpr[], then: Continuation): void {
  const [first, ...rest] = args;
  if (first === undefined) then.emit();
  else if (rest.length === 0) emitter.enumerate(first, then);
  else
    emitter.enumerate(first, {
      cheap: false,
      emit: () => enumerateAll(emitter, rest, then),
    });
}

// Each branch becomes a function: a step with many branches is too large for the JavaScript engine to optimise whole.
function actAny(emitter: Emitter, app: IrApp, fail: Code): void {
  const [order, out] = [emitter.fresh('order'), emitter.fresh('out')];
  const saved = emitter.program.savedVariables(app.args, emitter);
  const branches = app.args.map((arg, i) => {
    const call = emitter.lift('branch', [], [], () => emitter.actBody(arg));
    return js`case ${i}: if (${call}) break ${out}; break;`;
  });
  emitter.put(js`${saved.save}
const ${order} = ${rt('shuffled')}(${app.args.length});
${out}: {
for (let left = ${app.args.length}; left > 0; left--) {
label = -1; blank();
switch (${rt('drawn')}(${order}, left)) {
${branches.reduce((all, branch) => js`${all}\n${branch}`, js``)}
}
${saved.restore}
}
${fail}
}`);
}

function enumerateAny(emitter: Emitter, app: IrApp, then: Continuation): void {
  const branches = app.args.map(arg => (k: Continuation) => emitter.enumerate(arg, k));
  enumerateAlternatives(emitter, branches, then);
}

function actReps(emitter: Emitter, app: IrApp): void {
  const [times, action] = [must(app.args[0], 'count'), must(app.args[1], 'action')];
  const [n, i] = [emitter.fresh('n'), emitter.fresh('i')];
  emitter.put(js`const ${n} = ${emitter.expr(times)};
for (let ${i} = 0; ${i} < ${n}; ${i}++) {
if (!(${emitter.expr(action)})(${i})) ${rt('repsFailed')}(${i}, ${app.id});
if (${i} + 1 < ${n}) shift();
}`);
}

// The expression that `then` highlights when its left side is false.
function culprit(left: IrExpr): number {
  return left.kind === 'app' && left.opcode === 'then' ? must(left.args[1], 'right side').id : left.id;
}

const THEN_FAILED = 'Cannot continue in `then` because the highlighted expression evaluated to false';

export const ACTIONS: readonly Operator[] = [
  {
    name: 'assign',
    arity: 2,
    doc: 'Sets the value of a variable in the next state.',
    act: (emitter, app) => emitter.put(target(emitter, app).statement),
    enumerate: enumerateAssign,
  },
  {
    name: 'actionAll',
    arity: { atLeast: 0 },
    doc: 'Succeeds when all operands do, one after the other.',
    act: (emitter, app, fail) => {
      for (const arg of app.args) emitter.act(arg, fail);
    },
    enumerate: (emitter, app, then) => enumerateAll(emitter, app.args, then),
  },
  {
    name: 'actionAny',
    arity: { atLeast: 0 },
    doc: 'Succeeds when some operand does; which one is open.',
    act: actAny,
    enumerate: enumerateAny,
  },
  {
    name: 'oneOf',
    arity: 1,
    doc: 'An element of a set, chosen by `nondet`, which is the only place where it may stand.',
    code: (_, at) => js`${rt('fail')}("QNT000", "Unknown stateful op", ${at})`,
  },
  {
    name: 'then',
    arity: 2,
    doc: 'The second action in the state that the first one leads to; QNT513 when the first fails.',
    act: (emitter, app, fail) => {
      const [left, right] = [must(app.args[0], 'left side'), must(app.args[1], 'right side')];
      emitter.act(left, js`${rt('fail')}("QNT513", ${THEN_FAILED}, ${culprit(left)});`);
      emitter.put(js`shift();`);
      emitter.act(right, fail);
    },
  },
  {
    name: 'reps',
    arity: 2,
    doc: 'An action several times in a row, given the round from 0; QNT513 when it fails.',
    act: actReps,
  },
  {
    name: 'expect',
    arity: 2,
    doc: 'The first action when the predicate holds in the state it leads to; QNT508 otherwise.',
    act: (emitter, app) => {
      const [action, predicate] = [must(app.args[0], 'action'), must(app.args[1], 'predicate')];
      const saved = emitter.fresh('saved');
      emitter.act(action, js`${rt('fail')}("QNT508", "Cannot continue to \\"expect\\"", ${app.id});`);
      emitter.put(js`const ${saved} = shift();
if (!${emitter.expr(predicate)}) ${rt('fail')}("QNT508", "Expect condition does not hold true", ${app.id});
unshift(${saved});`);
    },
  },
  {
    name: 'fail',
    arity: 1,
    doc: 'Succeeds when the operand does not.',
    act: (emitter, app, fail) => {
      const [out, attempt] = [emitter.fresh('out'), emitter.fresh('attempt')];
      const operand = must(app.args[0], 'operand');
      const body = emitter.collect(() => emitter.act(operand, js`break ${attempt};`));
      const saved = emitter.program.savedVariables([operand], emitter);
      emitter.put(js`${saved.save}\n${out}: {\n${attempt}: {\n${body}\n${fail}\n}\n${saved.restore}\n}`);
    },
  },
  {
    name: 'assert',
    arity: 1,
    doc: 'The operand when it is true; QNT508 otherwise.',
    act: (emitter, app) =>
      emitter.act(must(app.args[0], 'operand'), js`${rt('fail')}("QNT508", "Assertion failed", ${app.id});`),
  },
  {
    name: 'q::debug',
    arity: 2,
    doc: 'The second operand, which is also reported with the first as a label.',
    code: args => js`${rt('debug')}(${args})`,
  },
];
