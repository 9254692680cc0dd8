// Faults and strategies with what they did, summed over runs. One that did nothing anywhere tested nothing, and a
// report says so.
import type { RunResult } from '../../../generated/run-result.js';

export interface Effect {
  readonly kind: 'fault' | 'strategy';
  readonly type: string;
  /** How often it was planned, each participant set and run counted. */
  readonly planned: number;
  /** How many of these took no effect. */
  readonly idle: number;
  /** How often it took effect in all of them together. */
  readonly count: number;
}

/** Faults first, each kind in the order in which types are met. */
export function effectsOf(runs: readonly RunResult[]): Effect[] {
  return [
    ...summed(
      'fault',
      runs.flatMap(({ faults }) => faults),
    ),
    ...summed(
      'strategy',
      runs.flatMap(({ strategies }) => strategies),
    ),
  ];
}

function summed(kind: Effect['kind'], counts: RunResult['faults']): Effect[] {
  const byType = new Map<string, Effect>();
  for (const { type, count } of counts) {
    const { planned, idle, count: before } = byType.get(type) ?? { planned: 0, idle: 0, count: 0 };
    const idleNow = idle + (count === 0 ? 1 : 0);
    byType.set(type, { kind, type, planned: planned + 1, idle: idleNow, count: before + count });
  }
  return [...byType.values()];
}
