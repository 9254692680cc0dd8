// One emitted module: the functions that its roots need, nothing else. A root is an expression that is evaluated,
// an action that picks at random, or an action that enumerates. The text is made here only, and loaded as one
// function of the runtime; names of the spec occur in it mangled or quoted.
import vm from 'node:vm';
import type { IrExpr, IrLookup, IrOpDef } from '../model/ir.js';
import { must } from '../util/assert.js';
import type { ActionAnalysis } from './action-analysis.js';
import { Code, indented, js, mangled, rt } from './codegen.js';
import { calling, Emitter } from './emitter.js';
import { RUNTIME } from './runtime/index.js';
import type { RtValue } from './runtime/values.js';
import type { DefRef, Override, Scope, Site } from './scope.js';
import { localUses } from './uses.js';
import type { Variables } from './variables.js';

export type RootKind = 'value' | 'random' | 'enumerate';

export interface Root {
  readonly kind: RootKind;
  readonly expr: IrExpr;
  readonly site: Site;
  /** Local names that are given as arguments: parameters, picks, local definitions. */
  readonly params: readonly { readonly id: number; readonly name: string; readonly lazy?: boolean }[];
  /**
   * Parts that are not emitted: functions given as arguments after `params` stand for them. `args` are the ids of the
   * names bound inside the root that the function takes.
   */
  readonly given?: readonly { readonly id: number; readonly args: readonly number[] }[];
}

/** A variable that is not assigned is undefined. */
export type RtState = readonly (RtValue | undefined)[];

/** What an emitted module offers. The registers hold what happened in the step that was taken last. */
export interface Loaded {
  /** By index of the root: values for `value`, success for `random`; `enumerate` takes a visitor as last argument. */
  readonly roots: readonly ((...args: unknown[]) => unknown)[];
  load(state: RtState): void;
  /** The variables as the last action assigned them. */
  next(): (RtValue | undefined)[];
  /** Forgets what the action before assigned and picked. */
  clear(): void;
  /** Puts the registers back to what they were when a step was found. */
  resume(next: RtState, label: number, args: readonly unknown[], picks: readonly unknown[]): void;
  /** Index into `actions` of the action that was taken, -1 if none has a name. */
  label(): number;
  labelArgs(): readonly unknown[];
  picks(): readonly (RtValue | undefined)[];
  /** Enumerating actions then keep only assignments that agree with `state` where it is defined. */
  target(state: RtState | undefined): void;
  /** Enumerating nondets then take only the given value, by slot. */
  force(picks: readonly (RtValue | undefined)[]): void;
  /** The states that a run has passed, oldest first. */
  trace(): readonly RtState[];
}

export class Program {
  /** Named actions, by label. */
  readonly labels: {
    readonly def: IrOpDef;
    readonly name: string;
    readonly params: readonly string[];
    /** Of the instance that it is an action of, empty for none. */
    readonly path: string;
  }[] = [];
  readonly pickSlots: { readonly id: number; readonly name: string }[] = [];
  private readonly functions = new Map<string, Code>();
  private readonly texts: Code[] = [];
  private readonly roots: Code[] = [];
  private readonly literals = new Map<string, Code>();
  private readonly labelOf = new Map<string, number>();
  private readonly slotOf = new Map<number, number>();
  private names = 0;

  constructor(
    readonly scope: Scope,
    readonly variables: Variables,
    readonly actions: ActionAnalysis,
  ) {}

  get table(): ReadonlyMap<number, IrLookup> {
    return this.scope.ir.table;
  }

  nextName(): number {
    return this.names++;
  }

  /** Adds a root; its index in {@link Loaded.roots} is returned. */
  addRoot(root: Root): number {
    const emitter = new Emitter(this, root.site, localUses(root.expr, this.table), root.kind === 'enumerate');
    const params = root.params.map(param => emitter.bindParam(param.id, param.name, param.lazy));
    for (const part of root.given ?? []) params.push(emitter.bindGiven(part.id, part.args));
    const name = emitter.fresh('root');
    const visit = emitter.fresh('visit');
    const body = emitter.collect(() => {
      emitter.bringIn(root.expr);
      if (root.kind === 'value') emitter.ret(root.expr);
      else if (root.kind === 'random') emitter.actBody(root.expr);
      else emitter.enumerate(root.expr, calling(emitter, visit));
    });
    const all = root.kind === 'enumerate' ? [...params, visit] : params;
    this.texts.push(js`function ${name}(${all}) {\n${body}\n}`);
    this.roots.push(name);
    return this.roots.length - 1;
  }

  /** Adds a definition as a root: its function, which also takes the parameters of the definition. */
  addDef(ref: DefRef & { readonly def: IrOpDef }, kind: RootKind): number {
    this.roots.push(this.fn(ref, ref.def, kind === 'enumerate'));
    return this.roots.length - 1;
  }

  /** The function of a definition, emitted on first demand; `enumerating` for the twin that enumerates. */
  fn(ref: DefRef, def: IrOpDef, enumerating: boolean): Code {
    const key = `${def.id}#${ref.context.id}#${enumerating}`;
    const known = this.functions.get(key);
    if (known !== undefined) return known;
    const suffix = `${def.id}${ref.context.id === 0 ? '' : `_${ref.context.id}`}${enumerating ? '$e' : ''}`;
    const name = mangled(def.name, suffix);
    this.functions.set(key, name);
    this.texts.push(
      enumerating ? this.enumeratingFunction(name, ref, def) : this.plainFunction(name, ref, def),
    );
    return name;
  }

  private plainFunction(name: Code, ref: DefRef, def: IrOpDef): Code {
    const once = def.qualifier === 'pureval' && def.expr.kind !== 'lambda';
    const emitter = new Emitter(this, ref, localUses(def.expr, this.table), false, once);
    const isAction = this.actions.isAction(def.expr);
    const lambda = def.expr.kind === 'lambda' ? def.expr : undefined;
    const params = (lambda?.params ?? []).map(param => emitter.bindParam(param.id, param.name));
    const body = emitter.collect(() => {
      if (def.qualifier === 'action') this.actNamed(emitter, def, params, lambda?.expr ?? def.expr);
      else if (isAction) emitter.actBody(lambda?.expr ?? def.expr);
      else emitter.ret(lambda?.expr ?? def.expr);
    });
    const cached =
      lambda === undefined && !isAction && (def.qualifier === 'pureval' || def.qualifier === 'val');
    return cached
      ? cachedFunction(name, body, def.qualifier === 'val')
      : js`function ${name}(${params}) {\n${body}\n}`;
  }

  private enumeratingFunction(name: Code, ref: DefRef, def: IrOpDef): Code {
    const emitter = new Emitter(this, ref, localUses(def.expr, this.table), true);
    const lambda = def.expr.kind === 'lambda' ? def.expr : undefined;
    const params = (lambda?.params ?? []).map(param => emitter.bindParam(param.id, param.name));
    const k = emitter.fresh('k');
    const body = emitter.collect(() => {
      const enumerate = (): void => emitter.enumerate(lambda?.expr ?? def.expr, calling(emitter, k));
      if (def.qualifier !== 'action') return enumerate();
      this.enumerateNamed(emitter, def, params, enumerate);
    });
    return js`function ${name}(${[...params, k]}) {\n${body}\n}`;
  }

  /**
   * The body of a named action, picking at random. The first one that is entered after a choice gives the step its
   * name. Its arguments are kept only when it has succeeded: most attempts fail.
   */
  actNamed(emitter: Emitter, def: IrOpDef, params: readonly Code[], body: IrExpr): void {
    const label = this.label(emitter.site, def);
    const mine = emitter.fresh('mine');
    emitter.put(js`const ${mine} = label === -1;\nif (${mine}) label = ${label};`);
    emitter.act(body, js`return false;`);
    emitter.put(js`if (${mine} && label === ${label}) labelArgs = [${params}];\nreturn true;`);
  }

  /** The body of a named action, enumerating. */
  enumerateNamed(emitter: Emitter, def: IrOpDef, params: readonly Code[], enumerate: () => void): void {
    const mine = emitter.fresh('mine');
    emitter.put(js`const ${mine} = label === -1;
if (${mine}) { label = ${this.label(emitter.site, def)}; labelArgs = [${params}]; }`);
    enumerate();
    emitter.put(js`if (${mine}) label = -1;`);
  }

  private label(site: Site, def: IrOpDef): number {
    const key = `${def.id}#${site.context.id}`;
    let label = this.labelOf.get(key);
    if (label === undefined) {
      label = this.labels.length;
      const names = def.expr.kind === 'lambda' ? def.expr.params.map(param => param.name) : [];
      this.labels.push({ def, name: def.name, params: names, path: site.context.path });
      this.labelOf.set(key, label);
    }
    return label;
  }

  /** Adds the text of a function that an emitter has lifted out of another. */
  addFunction(text: Code): void {
    this.texts.push(text);
  }

  /** The value of a constant under an override, computed once. */
  constant(override: Override): Code {
    const key = `const#${override.id}#${override.site.context.id}#${override.expr.id}`;
    const known = this.functions.get(key);
    if (known !== undefined) return known;
    const name = mangled(override.name, `${override.id}_c${this.nextName()}`);
    this.functions.set(key, name);
    return this.computedOnce(name, override.expr, override.site);
  }

  /** The function that gives the value of an expression which has the same one everywhere. */
  closed(e: IrExpr, site: Site): Code {
    const key = `closed#${e.id}#${site.context.id}`;
    const known = this.functions.get(key);
    if (known !== undefined) return known;
    const name = mangled('closed', `${e.id}${site.context.id === 0 ? '' : `_${site.context.id}`}`);
    this.functions.set(key, name);
    return this.computedOnce(name, e, site);
  }

  private computedOnce(name: Code, e: IrExpr, site: Site): Code {
    const emitter = new Emitter(this, site, localUses(e, this.table), false, true);
    const body = emitter.collect(() => emitter.ret(e));
    this.texts.push(cachedFunction(name, body, false));
    return name;
  }

  /** A constant of the module for code without free names. */
  literal(code: Code): Code {
    let name = this.literals.get(code.text);
    if (name === undefined) {
      name = mangled('k', `k${this.literals.size}`);
      this.literals.set(code.text, name);
    }
    return name;
  }

  readVariable(ref: DefRef, at: number): Code {
    const index = this.variables.indexOf(ref);
    return js`(${current(index, ref.def.name)} ?? ${rt('unset')}(${this.variables.nameAt(index)}, ${at}))`;
  }

  assign(
    ref: DefRef,
    value: Code,
  ): { readonly statement: Code; readonly next: Code; readonly index: number } {
    const index = this.variables.indexOf(ref);
    const next = nextOf(index, ref.def.name);
    return { statement: js`${next} = ${value};`, next, index };
  }

  /** Statements that save and restore what failed attempts at `exprs` may leave assigned. */
  savedVariables(
    exprs: readonly IrExpr[],
    emitter: Emitter,
  ): { readonly save: Code; readonly restore: Code } {
    const save: Code[] = [];
    const restore: Code[] = [];
    for (const index of this.dirtied(exprs, emitter.site)) {
      const next = nextOf(index, must(this.variables.all()[index], 'variable').short);
      const cell = emitter.declare(emitter.fresh('saved'));
      save.push(js`const ${cell} = ${next};`);
      restore.push(js`${next} = ${cell};`);
    }
    return { save: joined(save), restore: joined(restore) };
  }

  private dirtied(exprs: readonly IrExpr[], site: Site): ReadonlySet<number> {
    const all = new Set<number>();
    for (const e of exprs) {
      if (!this.actions.failsDirty(e, site)) continue;
      for (const index of this.actions.assignedBy(e, site) ?? this.variables.all().keys()) all.add(index);
    }
    return all;
  }

  pickSlot(def: { readonly id: number; readonly name: string }): number {
    let slot = this.slotOf.get(def.id);
    if (slot === undefined) {
      slot = this.pickSlots.length;
      this.pickSlots.push({ id: def.id, name: def.name });
      this.slotOf.set(def.id, slot);
    }
    return slot;
  }

  /** The text of the module for people, complete once all roots are added. */
  text(): string {
    return indented(this.source());
  }

  private source(): string {
    const variables = this.variables.all();
    const now = variables.map((variable, i) => current(i, variable.short));
    const next = variables.map((variable, i) => nextOf(i, variable.short));
    const literals = [...this.literals].map(([text, name]) => `const ${name.text} = ${text};`);
    const body = [...literals, ...this.texts.map(code => code.text)].join('\n');
    const head = variables.length > 0 ? js`let ${now};\nlet ${next};\n` : js``;
    const machine = js`
let epoch = 0, label = -1, labelArgs = [], wanted, forced = [], path = [];
const picks = [];
const agrees = (value, i) => wanted[i] === undefined || eq(value, wanted[i]);
const blank = () => { while (picks.length > 0) picks.pop(); };
const choices = (set, slot, at) => forced[slot] === undefined ? visit(set, at) : set.has(forced[slot]) ? [forced[slot]] : [];
const load = state => { ${joined(now.map((name, i) => js`${name} = state[${i}];`))} epoch++; };
const next = () => [${next}];
const restore = saved => { ${joined(next.map((name, i) => js`${name} = saved[${i}];`))} };
const shift = () => { const state = next(); load(state); restore([]); path.push(state); return state; };
const unshift = saved => { restore(saved); path.pop(); };
const clear = () => { restore([]); label = -1; blank(); path = []; };
const resume = (saved, name, args, taken) => { restore(saved); label = name; labelArgs = args; blank(); picks.push(...taken); };
const lastTrace = () => traceList(path, ${variables.map(variable => js`${variable.name}`)});
return {
  roots: [${this.roots}], load, next, clear, resume,
  label: () => label, labelArgs: () => labelArgs, picks: () => picks.slice(),
  target: state => { wanted = state; }, force: values => { forced = values; }, trace: () => path,
};`;
    const words = new Set(`${body}${machine.text}`.match(/[A-Za-z]+/g));
    const used = Object.keys(RUNTIME).filter(name => words.has(name));
    return `'use strict';\nconst { ${used.join(', ')} } = runtime;\n${head.text}${body}\n${machine.text}`;
  }

  load(): Loaded {
    const make: (runtime: typeof RUNTIME) => Loaded = compiledFunction(this.source());
    return make(RUNTIME);
  }
}

function compiledFunction(text: string): (runtime: typeof RUNTIME) => Loaded {
  const compiled = vm.compileFunction(text, ['runtime'], { filename: 'aura-emitted.js' });
  return runtime => compiled(runtime);
}

function joined(codes: readonly Code[]): Code {
  return new Code(codes.map(code => code.text).join(' '));
}

function current(index: number, name: string): Code {
  return mangled(name, `s${index}`);
}

function nextOf(index: number, name: string): Code {
  return mangled(name, `n${index}`);
}

/** A function without parameters whose value is kept, for this state if it reads variables. */
function cachedFunction(name: Code, body: Code, perState: boolean): Code {
  const cell = js`${name}$v`;
  const compute = js`function ${name}$f() {\n${body}\n}`;
  if (!perState)
    return js`let ${cell};\n${compute}\nfunction ${name}() { return ${cell} === undefined ? (${cell} = ${name}$f()) : ${cell}; }`;
  const stamp = js`${name}$t`;
  const fill = js`(${cell} = ${name}$f(), ${stamp} = epoch, ${cell})`;
  return js`let ${cell}, ${stamp} = -1;\n${compute}\nfunction ${name}() { return ${stamp} === epoch ? ${cell} : ${fill}; }`;
}
