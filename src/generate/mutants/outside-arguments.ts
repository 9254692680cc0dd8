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
import type { IrExpr, IrOpDef } from '../../model/ir.js';
import type { Action, Model } from '../../model/model.js';
import { takenActions } from '../../model/taken-action.js';
import type { Value } from '../../model/value.js';
import { must } from '../../util/assert.js';
import type { RefusedStep } from '../find.js';
import { exprText } from './expr-text.js';
import { specWhere } from './mutants.js';
import { withReplaced } from './mutated-spec.js';
import type { Reachable } from './reachable.js';

/** A guard that compares a parameter of an action with an edge. */
export interface Place {
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
/** States in which the action is taken that are looked at for each action. */
const STATES_MAX = 200;

/** What was found at the edges of an action, and at what price. */
export interface OutsideSteps {
  readonly steps: readonly OutsideStep[];
  /** States that were computed or visited. */
  readonly states: number;
}

/** The actions with parameters that guards compare, and where. */
export function outsidePlaces(model: Model): Place[][] {
  const places = placesOf(model);
  return model.actions.flatMap(action => {
    const own = places.filter(place => place.action === action);
    return own.length > 0 ? [own] : [];
  });
}

/**
 * One step for each parameter, guard and side of the edge, in the first state in which only that guard forbids it. The
 * `places` are those of one action. Ends when about `budget` states were computed or visited.
 */
export function outsideSteps(
  ground: { readonly model: Model; readonly machine: Machine },
  places: readonly Place[],
  reachable: Reachable,
  step: IrOpDef,
  budget: number,
): OutsideSteps {
  const { model, machine } = ground;
  const [first, ...others] = places.map(({ guard }) => guard);
  if (first === undefined) return { steps: [], states: 0 };
  const opened = withReplaced(model.spec, new Map(others.map(guard => [guard.id, open(guard)])));
  const compiled = compileSpec(specWhere(opened, first, step, () => open(first)));
  const taking = compiled.ok ? createMachine(compiled.value, machine.options) : compiled;
  if (!taking.ok) return { steps: [], states: 0 };
  return new Outside(ground, taking.value, places, budget).in(reachable);
}

/** A condition that always holds, in the place of the guard. */
function open({ id }: Guard): IrExpr {
  return { kind: 'bool', id, value: true };
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

/** A place, what its edge is in a state, and what was found there by the offset. */
interface Sought {
  readonly place: Place;
  readonly edgeIn: ExprEvaluator;
  readonly found: Map<bigint, OutsideStep>;
  /** The spec without the guard, once it is needed. */
  mutated?: Machine | undefined;
}

class Outside {
  private readonly sought: readonly Sought[];
  private states = 0;

  constructor(
    private readonly ground: { readonly model: Model; readonly machine: Machine },
    /** Takes the action where the guards at the places forbid it, and has no step that does not come to them. */
    private readonly taking: Machine,
    places: readonly Place[],
    private readonly budget: number,
  ) {
    const { compiled } = ground.machine;
    const closed = places.filter(({ edge, action }) =>
      freeNames(compiled, edge).every(({ id }) => action.parameters.some(parameter => parameter.id === id)),
    );
    const evaluators = compileExprs(
      compiled,
      closed.map(({ edge, action }) => ({ expr: edge, params: action.parameters })),
    );
    this.sought = closed.map((place, i) => ({
      place,
      edgeIn: must(evaluators[i], 'evaluator'),
      found: new Map<bigint, OutsideStep>(),
    }));
  }

  in({ store, count }: Reachable): OutsideSteps {
    const taken = takenActions(this.ground.model);
    const { compiled } = this.ground.machine;
    let looked = 0;
    for (let number = 0; number < count && looked < STATES_MAX && this.isOpen; number++) {
      this.states++;
      const known: (readonly Value[])[] = [];
      this.taking.ways(store.get(number), undefined, way => {
        this.states++;
        const action = taken(way);
        if (
          action !== undefined &&
          action === this.sought[0]?.place.action &&
          action.name.endsWith(way.action ?? '')
        )
          known.push(way.step().args.map(([, value]) => value));
        return known.length < OFFSETS.length && this.states < this.budget;
      });
      if (known.length === 0) continue;
      looked++;
      const state = decodeState(compiled, store.get(number));
      for (const sought of this.sought) for (const args of known) this.tryAround(sought, number, state, args);
    }
    const steps = this.sought.flatMap(({ found }) => OFFSETS.flatMap(offset => found.get(offset) ?? []));
    return { steps, states: this.states };
  }

  private get isOpen(): boolean {
    return this.states < this.budget && this.sought.some(({ found }) => found.size < OFFSETS.length);
  }

  private tryAround(
    sought: Sought,
    number: number,
    state: ReadonlyMap<string, Value>,
    args: readonly Value[],
  ): void {
    const { place, edgeIn, found } = sought;
    const { action, guard, parameter } = place;
    if (found.size === OFFSETS.length || args.length !== action.parameters.length) return;
    const edge = edgeIn(state, args);
    if (!edge.ok || typeof edge.value !== 'bigint') return;
    for (const offset of OFFSETS) {
      if (found.has(offset) || this.states >= this.budget) continue;
      const value = edge.value + offset;
      const given = args.map((arg, i) => (i === parameter ? value : arg));
      if (this.takes(this.ground.machine, action.name, state, given)) continue;
      const mutated = this.without(sought);
      if (mutated === undefined || !this.takes(mutated, action.name, state, given)) continue;
      found.set(offset, {
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

  private without(sought: Sought): Machine | undefined {
    if ('mutated' in sought) return sought.mutated;
    const { model, machine } = this.ground;
    const { guard } = sought.place;
    const compiled = compileSpec(withReplaced(model.spec, new Map([[guard.id, open(guard)]])));
    const mutated = compiled.ok ? createMachine(compiled.value, machine.options) : compiled;
    sought.mutated = mutated.ok ? mutated.value : undefined;
    return sought.mutated;
  }

  private takes(
    machine: Machine,
    action: string,
    state: ReadonlyMap<string, Value>,
    args: readonly Value[],
  ): boolean {
    this.states++;
    return takes(machine, action, state, args);
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
