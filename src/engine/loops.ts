// Operators that run a lambda over the elements of a set or list, as loops of their own: the body of the lambda stands
// in the loop, where the JavaScript engine sees it, instead of behind a call that it cannot see through. Only lambdas
// that are written in place are treated so; operators that are passed on go through the runtime.
import type { IrApp, IrLambda } from '../model/ir.js';
import { must } from '../util/assert.js';
import { type Code, js, rt } from './codegen.js';
import type { Emitter } from './emitter.js';

/** The parts of a loop: `each` gets the value of the lambda's body. */
export interface Loop {
  /** Statements before the loop. */
  readonly before?: Code;
  readonly each: (value: Code, element: Code) => Code;
  readonly after: Code;
}

/**
 * Emits `app`, an operator whose argument number `lambda` is a lambda, as a loop over its first argument; undefined
 * when the lambda is not written in place or is an action. `params` gives the names of all parameters, given the
 * element; the other arguments are passed under `names`.
 */
export function loopOver(
  emitter: Emitter,
  app: IrApp,
  kind: 'set' | 'list',
  loop: (element: Code) => Loop,
): Code | undefined {
  const lambda = inPlace(emitter, app.args[1], 1);
  if (lambda === undefined) return undefined;
  const source = emitter.expr(must(app.args[0], 'collection'));
  const items = emitter.fresh('items');
  return emitter.lift(app.opcode, [items], [source], () => {
    const param = must(lambda.params[0], 'parameter');
    const element = emitter.bindParam(param.id, param.name);
    const parts = loop(element);
    if (parts.before) emitter.put(parts.before);
    const body = emitter.collect(() => {
      const value = emitter.expr(lambda.expr);
      emitter.put(parts.each(value, element));
    });
    emitter.put(js`for (const ${element} of ${elements(kind, items, app.id)}) {\n${body}\n}\n${parts.after}`);
  });
}

/** The same for the folds, whose lambda takes the result so far and the element, or the other way round. */
export function foldOver(
  emitter: Emitter,
  app: IrApp,
  kind: 'set' | 'list',
  reversed: boolean,
): Code | undefined {
  const lambda = inPlace(emitter, app.args[2], 2);
  if (lambda === undefined) return undefined;
  const [source, initial] = [must(app.args[0], 'collection'), must(app.args[1], 'initial')].map(arg =>
    emitter.expr(arg),
  );
  const [items, start] = [emitter.fresh('items'), emitter.fresh('start')];
  return emitter.lift(app.opcode, [items, start], [must(source, 'source'), must(initial, 'initial')], () => {
    const [first, second] = lambda.params.map(param => emitter.bindParam(param.id, param.name));
    const [acc, element] = reversed ? [second, first] : [first, second];
    const [result, value] = [must(acc, 'result'), must(element, 'element')];
    // Lazy definitions in the body may outlive a round, so each round has its own variable for the result so far.
    const total = emitter.fresh('total');
    const body = emitter.collect(() => {
      const next = emitter.expr(lambda.expr);
      emitter.put(js`${total} = ${next};`);
    });
    const all = elements(kind, items, app.id);
    const loop = reversed ? js`${all}.toReversed()` : all;
    emitter.put(js`let ${total} = ${start};
for (const ${value} of ${loop}) {
const ${result} = ${total};
${body}
}
return ${total};`);
  });
}

function elements(kind: 'set' | 'list', items: Code, at: number): Code {
  return kind === 'set' ? js`${rt('visit')}(${items}, ${at})` : js`${rt('visitList')}(${items}, ${at})`;
}

function inPlace(
  emitter: Emitter,
  arg: IrApp['args'][number] | undefined,
  arity: number,
): IrLambda | undefined {
  return arg?.kind === 'lambda' && arg.params.length === arity && !emitter.isAction(arg.expr)
    ? arg
    : undefined;
}
