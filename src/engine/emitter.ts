// Emits the body of one function: Quint's expressions as JavaScript expressions, its actions as statements. An action
// is emitted in one of two ways: `act` picks at random and falls through on success, `enumerate` runs a
// continuation for every way to succeed. Statements that an expression needs (lazy local definitions) go into the
// current block before the statement in which the expression stands.
import type { IrApp, IrExpr, IrLet, IrLookup, IrOpDef } from '../model/ir.js';
import { assert, must } from '../util/assert.js';
import { isClosed } from './closed.js';
import { Code, js, mangled, rt } from './codegen.js';
import { actNondet, enumerateCall, enumerateNondet } from './emit-actions.js';
import type { Continuation } from './operators/operator.js';
import { OPERATORS } from './operators/table.js';
import type { Program } from './program.js';
import { overrideOf, type Site } from './scope.js';
import type { Use } from './uses.js';

/** How a local name is read. */
export type Binding =
  | {
      readonly kind: 'value';
      readonly code: Code;
      /** True when the code may be run only where it is used, because what it reads is set late. */
      readonly late?: boolean;
    }
  | { readonly kind: 'lazy'; readonly code: Code }
  | { readonly kind: 'inline'; readonly expr: IrExpr }
  | { readonly kind: 'operator'; readonly code: Code; readonly enumerating: Code | undefined };

export class Emitter {
  private block: Code[] = [];
  /** Names of this function's own variables, which a lifted part must be given. */
  private readonly locals = new Set<string>();
  /** The lifted parts that are being emitted, innermost last. */
  private readonly lifted: { readonly declared: Set<string>; readonly read: Set<string> }[] = [];
  readonly env = new Map<number, Binding>();
  /** Parts that are not emitted but given as functions, by their ids; see {@link Emitter.bindGiven}. */
  private readonly given = new Map<number, { readonly code: Code; readonly args: readonly number[] }>();

  constructor(
    readonly program: Program,
    readonly site: Site,
    /** Uses of the local definitions inside the expression that is emitted. */
    private readonly uses: ReadonlyMap<number, Use>,
    /** True in functions that enumerate: lambdas of actions then carry their enumerating twin. */
    readonly enumerating: boolean,
    /** True in functions that run once only: nothing in them has to be kept for another time. */
    private readonly once = false,
  ) {}

  /** Adds a statement to the current block. */
  put(statement: Code): void {
    this.block.push(statement);
  }

  /** The statements that `emit` puts, as one piece of code. */
  collect(emit: () => void): Code {
    const outer = this.block;
    this.block = [];
    emit();
    const inner = this.block;
    this.block = outer;
    return new Code(inner.map(code => code.text).join('\n'));
  }

  /** Defines the local operators around a sub-expression that it refers to, as far as they stand outside of it. */
  bringIn(e: IrExpr): void {
    const inner = new Set<number>();
    for (const def of localDefinitions(e)) inner.add(def);
    const visit = (part: IrExpr): void => {
      if (part.kind === 'lambda') visit(part.expr);
      else if (part.kind === 'let') {
        visit(part.opdef.expr);
        visit(part.expr);
      } else if (part.kind === 'name' || part.kind === 'app') {
        if (part.kind === 'app') part.args.forEach(visit);
        const entry = this.program.table.get(part.id);
        if (entry?.kind !== 'def' || inner.has(entry.id) || this.env.has(entry.id)) return;
        if (entry.qualifier === 'nondet' || this.program.scope.homeOf(entry.id) !== undefined) return;
        visit(entry.expr);
        if (entry.expr.kind === 'lambda') this.defineOperator(entry, mangled(entry.name, entry.id));
      }
    };
    visit(e);
  }

  /** A name that is new in the whole program. */
  fresh(hint: string): Code {
    return mangled(hint, `t${this.program.nextName()}`);
  }

  /** Says that `code` names a variable of the place that is being emitted. */
  declare(code: Code): Code {
    this.locals.add(code.text);
    this.lifted.at(-1)?.declared.add(code.text);
    return code;
  }

  private read(code: Code): void {
    const root = /^[\w$]+/.exec(code.text)?.[0];
    if (root !== undefined && this.locals.has(root)) this.lifted.at(-1)?.read.add(root);
  }

  /**
   * Emits a part as a function of the program, where the JavaScript engine can optimise it alone, and gives the call:
   * `args` for `params`, then the variables around the part that it reads.
   */
  lift(hint: string, params: readonly Code[], args: readonly Code[], emit: () => void): Code {
    const part = { declared: new Set(params.map(param => param.text)), read: new Set<string>() };
    this.lifted.push(part);
    const body = this.collect(emit);
    this.lifted.pop();
    const free = [...part.read].filter(name => !part.declared.has(name)).map(name => new Code(name));
    for (const name of free) this.read(name);
    const name = this.fresh(hint);
    this.program.addFunction(js`function ${name}(${[...params, ...free]}) {\n${body}\n}`);
    return js`${name}(${[...args, ...free]})`;
  }

  /** Declares a parameter; a lazy one is a function that gives its value. */
  bindParam(id: number, name: string, lazy = false): Code {
    const code = this.declare(mangled(name, id));
    this.env.set(id, { kind: lazy ? 'lazy' : 'value', code });
    return code;
  }

  /** Declares a function that stands for the part with this id; it takes the local names that the part reads. */
  bindGiven(id: number, args: readonly number[]): Code {
    const code = this.declare(mangled('given', id));
    this.given.set(id, { code, args });
    return code;
  }

  private givenPart({ code, args }: { readonly code: Code; readonly args: readonly number[] }): Code {
    this.read(code);
    const values = args.map(id => {
      const binding = must(this.env.get(id), 'a name around a part that is given');
      assert(binding.kind === 'value', 'a part that is given reads parameters only');
      this.read(binding.code);
      return binding.code;
    });
    return js`${code}(${values})`;
  }

  /** The expression as JavaScript. */
  expr(e: IrExpr): Code {
    const given = this.given.get(e.id);
    if (given !== undefined) return this.givenPart(given);
    switch (e.kind) {
      case 'bool':
        return js`${e.value}`;
      case 'int':
        return e.value >= Number.MIN_SAFE_INTEGER && e.value <= Number.MAX_SAFE_INTEGER
          ? js`${Number(e.value)}`
          : js`${e.value}`;
      case 'str':
        return js`${e.value}`;
      case 'name':
        return this.name(e);
      case 'lambda':
        return this.lambda(e.params, e.expr);
      case 'let':
        return this.letExpr(e);
      case 'app':
        return this.app(e);
    }
  }

  /** Statements that return the expression's value. */
  ret(e: IrExpr): void {
    if (e.kind === 'let' && e.opdef.qualifier !== 'nondet') {
      this.define(e.opdef);
      this.ret(e.expr);
    } else if (e.kind === 'app' && e.opcode === 'ite') {
      const [condition, yes, no] = e.args;
      this.put(
        js`if (${this.expr(must(condition, 'condition'))}) {\n${this.collect(() => this.ret(must(yes, 'then')))}\n}`,
      );
      this.ret(must(no, 'else'));
    } else this.put(js`return ${this.expr(e)};`);
  }

  /** Statements that fall through when the action succeeds, with its picks made at random, and run `fail` if not. */
  act(e: IrExpr, fail: Code): void {
    if (!this.isAction(e)) this.put(js`if (!${this.expr(e)}) { ${fail} }`);
    else if (e.kind === 'let' && e.opdef.qualifier === 'nondet') actNondet(this, e, fail);
    else if (e.kind === 'let') {
      this.define(e.opdef);
      this.act(e.expr, fail);
    } else {
      const operator =
        e.kind === 'app' && !this.program.table.has(e.id) ? OPERATORS.get(e.opcode) : undefined;
      if (e.kind === 'app' && operator?.act !== undefined) operator.act(this, e, fail);
      else this.put(js`if (!${this.expr(e)}) { ${fail} }`);
    }
  }

  /** Statements that run `then` for every way in which the action succeeds. */
  enumerate(e: IrExpr, then: Continuation): void {
    if (!this.isAction(e)) this.put(js`if (${this.expr(e)}) {\n${this.collect(() => then.emit())}\n}`);
    else if (e.kind === 'let' && e.opdef.qualifier === 'nondet') enumerateNondet(this, e, then);
    else if (e.kind === 'let') {
      this.define(e.opdef);
      this.enumerate(e.expr, then);
    } else if (e.kind === 'app' && !this.program.table.has(e.id)) {
      const operator = OPERATORS.get(e.opcode);
      if (operator?.enumerate !== undefined) operator.enumerate(this, e, then);
      else this.put(js`if (${this.expr(e)}) {\n${this.collect(() => then.emit())}\n}`);
    } else if (e.kind === 'name' || e.kind === 'app') enumerateCall(this, e, then);
  }

  /** Makes a continuation cheap by giving it a function of its own. */
  shared(then: Continuation): Continuation {
    if (then.cheap) return then;
    const k = this.fresh('then');
    this.put(js`const ${k} = () => {\n${this.collect(() => then.emit())}\n};`);
    return calling(this, k);
  }

  /** Whether the expression may assign variables or pick: whether its truth has effects. */
  isAction(e: IrExpr): boolean {
    return this.program.actions.isAction(e);
  }

  /** Binds a local definition: in place of its one use, at once when that is harmless, otherwise lazily. */
  define(def: IrOpDef): void {
    const code = this.declare(mangled(def.name, def.id));
    if (def.expr.kind === 'lambda' || def.qualifier === 'action' || def.qualifier === 'run') {
      this.defineOperator(def, code);
      return;
    }
    const use = this.uses.get(def.id);
    if (use !== undefined && use.count === 1 && !use.repeated)
      this.env.set(def.id, { kind: 'inline', expr: def.expr });
    else if (use !== undefined && use.count === 0) return;
    else if (this.isCheap(def.expr, 0)) {
      this.put(js`const ${code} = ${this.expr(def.expr)};`);
      this.env.set(def.id, { kind: 'value', code });
    } else {
      const cell = this.declare(this.fresh('cell'));
      const value = this.thunkBody(def.expr);
      this.put(
        js`let ${cell}; const ${code} = () => ${cell} === undefined ? (${cell} = ${value}) : ${cell};`,
      );
      this.env.set(def.id, { kind: 'lazy', code });
    }
  }

  private thunkBody(e: IrExpr): Code {
    let value = js``;
    const statements = this.collect(() => {
      value = this.expr(e);
    });
    return statements.text === '' ? value : js`(() => {\n${statements}\nreturn ${value};\n})()`;
  }

  private defineOperator(def: IrOpDef, code: Code): void {
    const params = def.expr.kind === 'lambda' ? def.expr.params : [];
    const body = def.expr.kind === 'lambda' ? def.expr.expr : def.expr;
    const action = def.qualifier === 'action' ? def : undefined;
    this.put(js`const ${code} = ${this.lambda(params, body, false, action)};`);
    this.declare(code);
    const twin =
      this.enumerating && (action !== undefined || this.isAction(body))
        ? this.declare(js`${code}$e`)
        : undefined;
    if (twin !== undefined) this.put(js`const ${twin} = ${this.enumeratingLambda(params, body, action)};`);
    this.env.set(def.id, { kind: 'operator', code, enumerating: twin });
  }

  private lambda(
    params: readonly { id: number; name: string }[],
    body: IrExpr,
    twin = this.enumerating,
    action?: IrOpDef,
  ): Code {
    const names = params.map(param => this.bindParam(param.id, param.name));
    let value: Code | undefined;
    const statements = this.collect(() => {
      if (action !== undefined) this.program.actNamed(this, action, names, body);
      else if (this.isAction(body)) this.actBody(body);
      else if (body.kind === 'let' || (body.kind === 'app' && body.opcode === 'ite')) this.ret(body);
      else value = this.expr(body);
      if (value !== undefined) this.put(js`return ${value};`);
    });
    const isPlain = value !== undefined && statements.text === `return ${value.text};`;
    const plain = isPlain && value ? js`(${names}) => ${value}` : js`(${names}) => {\n${statements}\n}`;
    return twin && this.isAction(body)
      ? js`${rt('withTwin')}(${plain}, ${this.enumeratingLambda(params, body)})`
      : plain;
  }

  private enumeratingLambda(
    params: readonly { id: number; name: string }[],
    body: IrExpr,
    action?: IrOpDef,
  ): Code {
    const names = params.map(param => this.bindParam(param.id, param.name));
    const k = this.fresh('k');
    const enumerate = () => this.enumerate(body, calling(this, k));
    const statements = this.collect(() => {
      if (action === undefined) enumerate();
      else this.program.enumerateNamed(this, action, names, enumerate);
    });
    return js`(${[...names, k]}) => {\n${statements}\n}`;
  }

  /** Statements of a function that returns whether the action succeeded. */
  actBody(body: IrExpr): void {
    this.act(body, js`return false;`);
    this.put(js`return true;`);
  }

  private letExpr(e: IrLet): Code {
    if (e.opdef.qualifier === 'nondet') return this.immediate(e);
    this.define(e.opdef);
    return this.expr(e.expr);
  }

  /** An action where a value is wanted: it runs in place and its success is the value. */
  immediate(e: IrExpr): Code {
    return js`(() => {\n${this.collect(() => this.actBody(e))}\n})()`;
  }

  private name(e: { readonly id: number; readonly name: string }): Code {
    const entry = this.program.table.get(e.id);
    if (entry === undefined) return this.builtinName(e);
    const binding = this.binding(entry);
    if (binding === undefined) return this.topLevel(e, entry, undefined);
    return this.readBinding(binding, entry);
  }

  private readBinding(binding: Binding, entry: IrLookup): Code {
    if (binding.kind === 'value') return binding.code;
    if (binding.kind === 'lazy') return js`${binding.code}()`;
    if (binding.kind === 'inline') return this.expr(binding.expr);
    // An operator without parameters is run where it is named; one with parameters is passed on.
    return entry.kind === 'def' && entry.expr.kind === 'lambda'
      ? this.passed(binding)
      : js`${binding.code}()`;
  }

  private passed(binding: { readonly code: Code; readonly enumerating: Code | undefined }): Code {
    const { code, enumerating } = binding;
    return enumerating === undefined ? code : js`${rt('withTwin')}(${code}, ${enumerating})`;
  }

  private builtinName(e: { readonly id: number; readonly name: string }): Code {
    if (e.name === 'Bool') return rt('BOOL');
    if (e.name === 'Int') return rt('INT');
    if (e.name === 'Nat') return rt('NAT');
    if (e.name === 'q::lastTrace') return js`lastTrace()`;
    return js`${rt('fail')}("QNT404", ${`Unknown builtin ${e.name}`}, ${e.id})`;
  }

  /** How a local name is bound; local definitions around a sub-expression are brought in when first met. */
  binding(entry: IrLookup): Binding | undefined {
    const found = this.findBinding(entry);
    if (found !== undefined && found.kind !== 'inline') this.read(found.code);
    if (found?.kind === 'operator' && found.enumerating !== undefined) this.read(found.enumerating);
    return found;
  }

  private findBinding(entry: IrLookup): Binding | undefined {
    const known = this.env.get(entry.id);
    if (known !== undefined || this.program.scope.homeOf(entry.id) !== undefined) return known;
    if (entry.kind === 'def' && entry.qualifier !== 'nondet') {
      if (entry.expr.kind === 'lambda') this.defineOperator(entry, mangled(entry.name, entry.id));
      else this.env.set(entry.id, { kind: 'inline', expr: entry.expr });
    } else if (entry.kind === 'def' || entry.kind === 'param') {
      const message =
        entry.kind === 'def' ? `Nondet ${entry.name} not set` : `Parameter ${entry.name} not set`;
      this.env.set(entry.id, { kind: 'value', code: js`${rt('fail')}("QNT501", ${message}, 0)` });
    }
    return this.env.get(entry.id);
  }

  private topLevel(
    e: { readonly id: number; readonly name: string },
    entry: IrLookup,
    args: readonly Code[] | undefined,
  ): Code {
    const ref = this.program.scope.resolveEntry(e.name, entry, this.site);
    if (ref === undefined) return js`${rt('fail')}("QNT404", ${`Name ${e.name} not found`}, ${e.id})`;
    const { def } = ref;
    if (def.kind === 'var') return this.program.readVariable(ref, e.id);
    if (def.kind === 'const') {
      const override = overrideOf(def.id, ref.context);
      if (override !== undefined) {
        const value = this.literal(override.expr) ?? js`${this.program.constant(override)}()`;
        return args === undefined ? value : js`${value}(${args})`;
      }
      const hint = `Uninitialized const ${def.name}. Use: import <moduleName>(${def.name}=<value>).*`;
      return js`${rt('fail')}("QNT500", ${hint}, ${e.id})`;
    }
    if (def.kind !== 'def')
      return js`${rt('fail')}("QNT000", ${`Not implemented for def kind ${def.kind}`}, ${e.id})`;
    const literal =
      def.expr.kind !== 'lambda' && def.qualifier !== 'action' ? this.literal(def.expr) : undefined;
    if (literal !== undefined) return literal;
    const plain = this.program.fn(ref, def, false);
    if (args !== undefined)
      return def.expr.kind === 'lambda' ? js`${plain}(${args})` : js`${plain}()(${args})`;
    if (def.expr.kind !== 'lambda') return js`${plain}()`;
    const twin = this.enumerating && this.isAction(def.expr) ? this.program.fn(ref, def, true) : undefined;
    return this.passed({ code: plain, enumerating: twin });
  }

  private app(e: IrApp): Code {
    const entry = this.program.table.get(e.id);
    if (entry !== undefined)
      return this.call(
        e,
        entry,
        e.args.map(arg => this.expr(arg)),
      );
    const literal = this.literal(e);
    if (literal !== undefined) return literal;
    if (!this.once && isClosed(e, this.program.scope)) return js`${this.program.closed(e, this.site)}()`;
    const operator = OPERATORS.get(e.opcode);
    if (operator?.expr !== undefined) return operator.expr(this, e);
    if (operator?.code !== undefined)
      return operator.code(
        e.args.map(arg => this.expr(arg)),
        e.id,
      );
    if (operator?.act !== undefined) return this.immediate(e);
    return js`${rt('fail')}("QNT000", ${`Unknown builtin ${e.opcode}`}, ${e.id})`;
  }

  private call(e: IrApp, entry: IrLookup, args: readonly Code[]): Code {
    const binding = this.binding(entry);
    if (binding === undefined) return this.topLevel({ id: e.id, name: e.opcode }, entry, args);
    const isOperator = binding.kind === 'operator' && entry.kind === 'def' && entry.expr.kind === 'lambda';
    return js`${isOperator ? binding.code : this.readBinding(binding, entry)}(${args})`;
  }

  /** A constant of the program for an expression made of literals only. */
  literal(e: IrExpr): Code | undefined {
    if (e.kind === 'bool' || e.kind === 'int' || e.kind === 'str') return this.expr(e);
    if (e.kind !== 'app' || !isLiteral(e, this.program.table)) return undefined;
    const operator = OPERATORS.get(e.opcode);
    const code =
      operator?.expr !== undefined
        ? operator.expr(this, e)
        : operator?.code?.(
            e.args.map(arg => this.expr(arg)),
            e.id,
          );
    return code && this.program.literal(code);
  }

  /** Whether evaluating early, or in vain, neither fails nor costs anything to speak of. */
  private isCheap(e: IrExpr, depth: number): boolean {
    if (e.kind === 'bool' || e.kind === 'int' || e.kind === 'str') return true;
    if (e.kind === 'name') {
      const entry = this.program.table.get(e.id);
      const binding = entry && this.env.get(entry.id);
      return (
        entry === undefined || entry.kind === 'var' || (binding?.kind === 'value' && binding.late !== true)
      );
    }
    if (e.kind !== 'app' || depth > 4 || this.program.table.has(e.id)) return false;
    return OPERATORS.get(e.opcode)?.cheap === true && e.args.every(arg => this.isCheap(arg, depth + 1));
  }
}

const CONSTRUCTORS: ReadonlySet<string> = new Set(['Set', 'List', 'Tup', 'Rec', 'Map', 'variant', 'to']);

function isLiteral(e: IrExpr, table: ReadonlyMap<number, IrLookup>): boolean {
  if (e.kind === 'bool' || e.kind === 'int' || e.kind === 'str') return true;
  return (
    e.kind === 'app' &&
    !table.has(e.id) &&
    CONSTRUCTORS.has(e.opcode) &&
    e.args.every(arg => isLiteral(arg, table))
  );
}

/** The continuation that calls the function `fn`. */
export function calling(emitter: Emitter, fn: Code): Continuation {
  return { cheap: true, fn, emit: () => emitter.put(js`${fn}();`) };
}

function localDefinitions(e: IrExpr): number[] {
  if (e.kind === 'lambda') return localDefinitions(e.expr);
  if (e.kind === 'app') return e.args.flatMap(localDefinitions);
  return e.kind === 'let' ? [e.opdef.id, ...localDefinitions(e.opdef.expr), ...localDefinitions(e.expr)] : [];
}
