// Which steps are adverse, who takes them, and how many a schedule may have. One place for the meaning of chaos
// intensity and of the byzantine ratio in schedules.
import type { Way } from '../engine/index.js';
import type { Action } from '../model/model.js';
import { type TakenAction, takenActions } from '../model/taken-action.js';
import { equalValues, showValue, type Value } from '../model/value.js';
import type { Chaos } from './conditions.js';
import type { Setting } from './setting.js';
import type { Ground } from './strategies/strategy.js';

/** A byzantine step in which nobody is named and the spec makes nobody byzantine. */
const SOMEBODY = 'somebody';

/** How much a schedule may hold of what is adverse. */
interface AdverseBudget {
  /** Adverse steps: byzantine ones, faults, and those of the environment. */
  readonly steps: number;
  /** Distinct participants that act byzantine. */
  readonly participants: number;
}

/** Steps are the intensity's share of the longest schedule, rounded, at least one when it is above 0. */
export function adverseBudget({ chaos, maxLength, setting }: Ground): AdverseBudget {
  const { intensity } = chaos;
  return {
    steps: intensity > 0 ? Math.max(1, Math.round(intensity * maxLength)) : 0,
    participants: mostByzantine(chaos, setting),
  };
}

/**
 * How many participants may act byzantine: the share that the user gives, rounded down; otherwise as many as the spec
 * makes byzantine, at least one. A spec that names no participants has one adversary, which any ratio above 0 allows.
 */
export function mostByzantine({ enabled, byzantineRatio, ratioIsGiven }: Chaos, setting: Setting): number {
  const total = setting.participants.value.length;
  const share = total === 0 ? Math.ceil(byzantineRatio) : Math.floor(total * byzantineRatio);
  const own = Math.max(1, setting.byzantine.value.length);
  if (!enabled) return own;
  return ratioIsGiven ? share : Math.max(own, share);
}

/** Who acts, by these arguments and picks: the first participant among them, or everybody whom the spec makes byzantine. */
export function actorsAmong(
  values: Iterable<Value>,
  { participants, byzantine }: Setting,
): readonly string[] {
  for (const value of values)
    if (participants.value.some(participant => equalValues(participant, value))) return [showValue(value)];
  const known = byzantine.value.flatMap(index => participants.value[index] ?? []);
  return known.length > 0 ? known.map(showValue) : [SOMEBODY];
}

export class Adversary {
  readonly budget: AdverseBudget;
  /** The actions that the budget allows. */
  readonly actions: readonly Action[];
  private readonly taken: TakenAction;
  private readonly setting: Setting;

  constructor(ground: Ground) {
    const { model, setting } = ground;
    this.budget = adverseBudget(ground);
    this.taken = takenActions(model);
    this.setting = setting;
    this.actions = model.actions.filter(({ kind }) =>
      kind === 'byzantine'
        ? this.budget.participants > 0 && this.budget.steps > 0
        : kind !== 'honest' && this.budget.steps > 0,
    );
  }

  /** The adverse action that a way takes. */
  actionOf(way: Way): Action | undefined {
    const action = this.taken(way);
    return action === undefined || action.kind === 'honest' ? undefined : action;
  }

  /**
   * Those who act byzantine, with who does so in this step; undefined where these are too many. `acting` holds texts
   * of participants.
   */
  joined(acting: ReadonlySet<string>, way: Way): ReadonlySet<string> | undefined {
    if (this.actionOf(way)?.kind !== 'byzantine') return acting;
    const { args, picks } = way.step();
    const values = [...args, ...picks].map(([, value]) => value);
    const all = new Set([...acting, ...actorsAmong(values, this.setting)]);
    return all.size <= this.budget.participants ? all : undefined;
  }
}
