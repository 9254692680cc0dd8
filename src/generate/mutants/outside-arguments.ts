// Arguments that `step` never draws: for a parameter of type int that a guard compares with something, the values next
// to the edge. A step with such a value is told where this guard alone forbids it.
import {
  compileExprs,
  compileSpec,
  createMachine,
  decodeState,
  type ExprEvaluator,
  freeNames,
  type Machine,
} from '../../engine/index.js';
import { type Guard, guardsOf } from '../../model/guards.js';
import type { IrExpr } from '../../model/ir.js';
import type { Action, Model } from '../../model/model.js';
import type { Value } from '../../model/value.js';
import { must } from '../../util/assert.js';
import type { RefusedStep } from '../find.js';
import { takenActions } from '../taken-action.js';
import { exprText } from './expr-text.js';
import { withReplaced } from './mutated-spec.js';
import type { Reachable } from './reachable.js';

interface Place {
  readonly action: Action;
  readonly guard: Guard;
  /** Index of the parameter. */
  readonly parameter: number;
  readonly edge: IrExpr;
}

export interface OutsideStep {
  /** Of the state in which it is refused. */
  readonly number: number;
  readonly refused: RefusedStep;
}

/** How far from the edge. */
const OFFSETS = [-1n, 0n, 1n];
/** States in which the action is taken that are looked at for each guard. */
const STATES_MAX = 200;

/** One step for each parameter, guard and side of the edge, in the first state in which only that guard forbids it. */
export function outsideSteps(
  { model, machine }: { readonly model: Model; readonly machine: Machine },
  reachable: Reachable,
): OutsideStep[] {
  const places = placesOf(model);
  if (places.length === 0) return [];
  const evaluators = compileExprs(
    machine.compiled,
    places.map(({ edge, action }) => ({ expr: edge, params: action.parameters })),
  );
  return places.flatMap((place, i) => {
    const { id, expr } = place.guard;
    const open: IrExpr = { kind: 'bool', id: expr.id, value: true };
    const compiled = compileSpec(withReplaced(model.spec, new Map([[id, open]])));
    const mutated = compiled.ok ? createMachine(compiled.value, machine.options) : compiled;
    if (!mutated.ok) return [];
    return new Outside(model, machine, mutated.value, place, must(evaluators[i], 'evaluator')).in(reachable);
  });
}

/** Guards that compare a parameter of their action with what the other parameters and the state give. */
function placesOf(model: Model): Place[] {
  const guards = guardsOf(model);
  return model.actions.flatMap(action =>
    action.parameters.flatMap(({ id, type }, parameter) => {
      if (type.kind !== 'int') return [];
      const own = guards.filter(guard => guard.definition === action.id);
      return own.flatMap((guard): Place[] => {
        const edge = edgeFor(guard.expr, id, model);
        return edge === undefined ? [] : [{ action, guard, parameter, edge }];
      });
    }),
  );
}

function edgeFor(expr: IrExpr, parameter: number, { spec }: Model): IrExpr | undefined {
  const isParameter = (e: IrExpr | undefined) =>
    e?.kind === 'name' && spec.ir.table.get(e.id)?.id === parameter;
  if (expr.kind !== 'app' || !/^(i[gl]te?|eq)$/.test(expr.opcode)) return undefined;
  const [left, right] = expr.args;
  return isParameter(left) ? right : isParameter(right) ? left : undefined;
}

class Outside {
  private readonly found = new Map<bigint, OutsideStep>();

  constructor(
    private readonly model: Model,
    private readonly machine: Machine,
    private readonly mutated: Machine,
    private readonly place: Place,
    private readonly edgeIn: ExprEvaluator,
  ) {}

  in({ store, count }: Reachable): OutsideStep[] {
    const taken = takenActions(this.model);
    const { compiled } = this.machine;
    const isClosed = freeNames(compiled, this.place.edge).every(({ id }) =>
      this.place.action.parameters.some(parameter => parameter.id === id),
    );
    let looked = 0;
    for (let number = 0; isClosed && number < count && looked < STATES_MAX; number++) {
      if (this.found.size === OFFSETS.length) break;
      const known: (readonly Value[])[] = [];
      this.mutated.ways(store.get(number), undefined, way => {
        if (taken(way) !== this.place.action || !this.place.action.name.endsWith(way.action ?? ''))
          return true;
        known.push(way.step().args.map(([, value]) => value));
        return known.length < OFFSETS.length;
      });
      if (known.length > 0) looked++;
      const state = decodeState(compiled, store.get(number));
      for (const args of known) this.tryAround(number, state, args);
    }
    return OFFSETS.flatMap(offset => this.found.get(offset) ?? []);
  }

  private tryAround(number: number, state: ReadonlyMap<string, Value>, args: readonly Value[]): void {
    const { action, guard, parameter } = this.place;
    const edge = this.edgeIn(state, args);
    if (!edge.ok || typeof edge.value !== 'bigint' || args.length !== action.parameters.length) return;
    for (const offset of OFFSETS) {
      if (this.found.has(offset)) continue;
      const value = edge.value + offset;
      const given = args.map((arg, i) => (i === parameter ? value : arg));
      if (takes(this.machine, action.name, state, given)) continue;
      if (!takes(this.mutated, action.name, state, given)) continue;
      this.found.set(offset, {
        number,
        refused: {
          action: action.name,
          args: action.parameters.map(({ name }, i) => [name, must(given[i], 'argument')] as const),
          picks: [],
          guard: guard.id,
          mutation: `without \`${exprText(guard.expr)}\``,
        },
      });
    }
  }
}

/** Whether a machine can take an action; an evaluation that fails is no step. */
function takes(
  machine: Machine,
  action: string,
  state: ReadonlyMap<string, Value>,
  args: readonly Value[],
): boolean {
  let found = false;
  const taken = machine.taking(state, { action, args }, () => {
    found = true;
    return false;
  });
  return taken.ok && found;
}
