// Which steps are adverse, who takes them, and how many a schedule may have. One place for the meaning of chaos
// intensity and of the byzantine ratio in schedules.
import type { Way } from '../engine/index.js';
import type { Action } from '../model/model.js';
import { equalValues, showValue, type Value } from '../model/value.js';
import type { Ground } from './strategies/strategy.js';
import { type TakenAction, takenActions } from './taken-action.js';

/** How much a schedule may hold of what is adverse. */
interface AdverseBudget {
  /** Adverse steps: byzantine ones, faults, and those of the environment. */
  readonly steps: number;
  /** Distinct participants that act byzantine. */
  readonly participants: number;
}

/**
 * Steps are the intensity's share of the longest schedule, rounded, at least one when it is above 0. Participants are
 * the ratio's share, rounded down; without chaos as many as the spec makes byzantine, and at least one. A spec that
 * names no participants has one adversary, which any ratio above 0 allows.
 */
export function adverseBudget({ chaos, maxLength, setting }: Ground): AdverseBudget {
  const { intensity, byzantineRatio, enabled } = chaos;
  const total = setting.participants.value.length;
  const allowed = total === 0 ? Math.ceil(byzantineRatio) : Math.floor(total * byzantineRatio);
  return {
    steps: intensity > 0 ? Math.max(1, Math.round(intensity * maxLength)) : 0,
    participants: enabled ? allowed : Math.max(1, setting.byzantine.value.length),
  };
}

/** A byzantine step in which nobody is named and the spec makes nobody byzantine. */
const SOMEBODY = 'somebody';

export class Adversary {
  readonly budget: AdverseBudget;
  /** The actions that the budget allows. */
  readonly actions: readonly Action[];
  private readonly taken: TakenAction;
  private readonly participants: readonly Value[];
  private readonly byzantine: readonly Value[];

  constructor(ground: Ground) {
    const { model, setting } = ground;
    this.budget = adverseBudget(ground);
    this.taken = takenActions(model);
    this.participants = setting.participants.value;
    this.byzantine = setting.byzantine.value.flatMap(index => this.participants[index] ?? []);
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
    const all = new Set([...acting, ...this.actorsOf(way)]);
    return all.size <= this.budget.participants ? all : undefined;
  }

  /** The first participant among arguments and picks; everybody byzantine where there is none. */
  private actorsOf(way: Way): readonly string[] {
    const { args, picks } = way.step();
    for (const [, value] of [...args, ...picks])
      if (this.participants.some(participant => equalValues(participant, value))) return [showValue(value)];
    return this.byzantine.length > 0 ? this.byzantine.map(showValue) : [SOMEBODY];
  }
}
