// Observations as the states of an ITF trace that any reader of ITF takes: a variable that is not observed has the value
// that it was last seen with, or some value of its type, and is marked in `#meta`. ITF wants the names of its variables
// before the states, so whether the trace tells actions is decided by its first moments.
import type { IrType } from '../model/ir.js';
import { mapOf, recordOf, type State, type Value, variantOf } from '../model/value.js';
import { compareText } from '../util/order.js';
import type { Result } from '../util/result.js';
import { apalacheType } from './apalache-type.js';
import { defaultValue } from './default-value.js';
import type { ItfFrame, ItfState } from './itf.js';
import type { Observation, ObservedFrame, Told, ToldAction } from './observation.js';
import { frameMeta, momentMeta } from './observation-meta.js';
import type { SpecTypes } from './spec-types.js';
import { ACTION_TAKEN, NONDET_PICKS } from './steps-itf.js';
import { matchName } from './variable-names.js';

/** Moments by which it is decided whether a trace tells actions. */
const WINDOW = 100;

/** What surrounds the states, but for the loop; `source` is where the trace comes from, for people. */
export function itfFrameOf(
  frame: ObservedFrame,
  types: SpecTypes,
  source: string,
  tellsActions: boolean,
): ItfFrame {
  const shown = [...types.vars];
  const mbt: [string, IrType][] = tellsActions
    ? [
        [ACTION_TAKEN, { kind: 'str' }],
        [NONDET_PICKS, picksType(types)],
      ]
    : [];
  const varTypes = Object.fromEntries([...shown, ...mbt].map(([name, type]) => [name, apalacheType(type)]));
  const { hidden, untold, actions, mayLoop, interleaved } = frame;
  return {
    meta: {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      source,
      description: 'Converted by aura',
      varTypes,
      ...frameMeta({ hidden, untold, actions, mayLoop, interleaved }),
    },
    vars: [...shown, ...mbt].map(([name]) => name),
  };
}

/** Names of all that actions may pick, with its types. */
function picksOf({ actions }: SpecTypes): ReadonlyMap<string, IrType> {
  const all = [...actions.values()].flatMap(values => [...values]);
  return new Map(all.sort(([a], [b]) => compareText(a, b)));
}

function picksType(types: SpecTypes): IrType {
  const fields = [...picksOf(types)].map(([fieldName, type]) => ({ fieldName, fieldType: optionOf(type) }));
  return { kind: 'rec', fields: { kind: 'row', fields, other: { kind: 'empty' } } };
}

function optionOf(type: IrType): IrType {
  const unit: IrType = { kind: 'tup', fields: { kind: 'empty' } };
  const fields = [
    { fieldName: 'Some', fieldType: type },
    { fieldName: 'None', fieldType: unit },
  ];
  return { kind: 'sum', fields: { kind: 'row', fields, other: { kind: 'empty' } } };
}

/** The first moments, and whether any of them says what was done. */
export async function tellsActions(
  moments: AsyncIterator<Result<Observation>>,
): Promise<{ readonly first: readonly Result<Observation>[]; readonly tells: boolean }> {
  const first: Result<Observation>[] = [];
  while (first.length < WINDOW) {
    const { done, value } = await moments.next();
    if (done) break;
    first.push(value);
    if (!value.ok || value.value.actions !== undefined) break;
  }
  const last = first.at(-1);
  return { first, tells: last?.ok === true && last.value.actions !== undefined };
}

/** Makes the states of one trace, in the order of its moments. */
export class ItfStates {
  private readonly shown: Map<string, Value>;
  private readonly picks: readonly string[];
  private index = 0;

  constructor(
    private readonly types: SpecTypes,
    private readonly tellsActions: boolean,
  ) {
    this.shown = new Map([...types.vars].map(([name, type]) => [name, defaultValue(type)]));
    this.picks = [...picksOf(types).keys()];
  }

  next(moment: Observation): ItfState {
    const index = this.index++;
    for (const [name, value] of moment.known) this.shown.set(name, value);
    for (const one of moment.told) this.showEntry(one, moment.known);
    const saysActions = this.tellsActions && this.isSimple(moment.actions);
    const meta = { index, ...momentMeta(moment, this.types.vars.keys(), !saysActions) };
    const values: [string, Value][] = [...this.shown];
    if (this.tellsActions) {
      const [only] = saysActions ? (moment.actions ?? []) : [];
      values.push(
        [ACTION_TAKEN, index === 0 ? 'init' : (only?.name ?? '')],
        [NONDET_PICKS, this.picked(only)],
      );
    }
    return { meta, values: new Map(values) };
  }

  /** An entry that is told of a map that is not known as a whole. */
  private showEntry({ variable, key, value }: Told, known: State): void {
    if (key === undefined || known.has(variable)) return;
    const map = this.shown.get(variable);
    const entries = typeof map === 'object' && map.kind === 'map' ? map.entries : [];
    this.shown.set(variable, mapOf([...entries, [key, value]]));
  }

  /** Whether the two variables of Quint's simulator can say what was done, so that it reads as the same. */
  private isSimple(actions: readonly ToldAction[] | undefined): boolean {
    const [only, ...more] = actions ?? [];
    if (only === undefined) return actions === undefined;
    const match = matchName(only.name, this.types.actions.keys());
    const types = this.types.actions.get(only.name);
    return (
      more.length === 0 &&
      match.kind === 'one' &&
      match.name === only.name &&
      [...only.values.keys()].every(name => types?.has(name))
    );
  }

  private picked(action: ToldAction | undefined): Value {
    return recordOf(
      this.picks.map(name => {
        const value = action?.values.get(name);
        return [name, value === undefined ? variantOf('None') : variantOf('Some', value)];
      }),
    );
  }
}
