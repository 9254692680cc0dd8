// What an expression is about, found by looking through all operators that it uses: nothing that changes, a state, a
// step, whole behaviours; and whether it is an action. Quint's own modes do not tell: a `val` may use `enabled`, and
// what a `temporal` operator is about depends on its arguments.
import type { IrApp, IrExpr, IrLookup } from '../../model/ir.js';
import { type Env, entryOf, isSlot } from './scoped.js';

/** A set of these, as a sum. */
export const LEVEL = {
  /** Reads variables. */
  state: 1,
  /** Relates a state to the next one, as `next` does. */
  step: 2,
  /** Asks what is enabled. */
  enabled: 4,
  /** Is an action. */
  action: 8,
  /** Speaks of whole behaviours, as `always` does. */
  temporal: 16,
} as const;

/** What the engine cannot evaluate in one state. */
export const BEYOND_STATE = LEVEL.step | LEVEL.enabled | LEVEL.action | LEVEL.temporal;

const ACTIONS: ReadonlySet<string> = new Set([
  'assign',
  'actionAll',
  'actionAny',
  'then',
  'expect',
  'reps',
  'fail',
  'assert',
]);

const OWN: ReadonlyMap<string, number> = new Map([
  ['next', LEVEL.step],
  ['orKeep', LEVEL.step],
  ['mustChange', LEVEL.step],
  ['enabled', LEVEL.enabled],
  ['always', LEVEL.temporal],
  ['eventually', LEVEL.temporal],
  ['leadsTo', LEVEL.temporal],
  ['weakFair', LEVEL.temporal],
  ['strongFair', LEVEL.temporal],
]);

const NO_NAMES: Env = new Map();

export class Levels {
  private readonly known = new WeakMap<Env, Map<number, number>>();

  constructor(
    private readonly table: ReadonlyMap<number, IrLookup>,
    /** Whether a definition stands at the top of a module, where no parameters are around it. */
    private readonly isTop: (id: number) => boolean,
  ) {}

  of(e: IrExpr, env: Env): number {
    switch (e.kind) {
      case 'lambda':
        return this.of(e.expr, env);
      case 'let':
        return e.opdef.qualifier === 'nondet'
          ? LEVEL.action | this.of(e.opdef.expr, env) | this.of(e.expr, env)
          : this.of(e.expr, env);
      case 'name':
        return this.referred(entryOf(this.table, e), env);
      case 'app':
        return this.app(e, env);
      default:
        return 0;
    }
  }

  /** What a definition is about, whatever its arguments. */
  ofDefinition(entry: IrLookup, env: Env): number {
    if (entry.kind !== 'def') return entry.kind === 'var' ? LEVEL.state : 0;
    if (entry.qualifier === 'action' || entry.qualifier === 'run') return LEVEL.action | LEVEL.state;
    const scope = this.isTop(entry.id) ? NO_NAMES : env;
    let known = this.known.get(scope);
    if (known === undefined) {
      known = new Map();
      this.known.set(scope, known);
    }
    let level = known.get(entry.id);
    if (level === undefined) {
      level = this.of(entry.expr, scope);
      known.set(entry.id, level);
    }
    return level;
  }

  /** Whether an expression is an action as a whole, and not a formula that has actions in it. */
  isAction(e: IrExpr, env: Env): boolean {
    const entry = entryOf(this.table, e);
    if (entry?.kind === 'def' && entry.qualifier === 'action') return true;
    if (entry?.kind === 'param') {
      const bound = env.get(entry.id);
      return bound !== undefined && !isSlot(bound) && this.isAction(bound.expr, bound.env);
    }
    if (e.kind === 'lambda') return this.isAction(e.expr, env);
    if (e.kind === 'let') return e.opdef.qualifier === 'nondet' || this.isAction(e.expr, env);
    if (e.kind !== 'app' || entry !== undefined) return false;
    if (e.opcode === 'ite' || e.opcode === 'matchVariant')
      return e.args.slice(1).some(arg => this.isAction(arg, env));
    return ACTIONS.has(e.opcode);
  }

  private referred(entry: IrLookup | undefined, env: Env): number {
    if (entry === undefined) return 0;
    if (entry.kind !== 'param') return this.ofDefinition(entry, env);
    const bound = env.get(entry.id);
    return bound === undefined || isSlot(bound) ? 0 : this.of(bound.expr, bound.env);
  }

  private app(e: IrApp, env: Env): number {
    const entry = entryOf(this.table, e);
    const args = e.args.reduce((level, arg) => level | this.of(arg, env), 0);
    if (entry !== undefined) return this.referred(entry, env) | args;
    if (ACTIONS.has(e.opcode)) return LEVEL.action | LEVEL.state | args;
    const own = OWN.get(e.opcode);
    return own === undefined ? args : own | LEVEL.state | (args & ~LEVEL.action);
  }
}
