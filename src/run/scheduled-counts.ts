// How often faults and strategies took effect as steps of a schedule: those the kernel of the simulator does not count.
import type { RunCount } from '../../generated/run-result.js';

export class ScheduledCounts {
  private readonly noted: { readonly of: 'fault' | 'strategy'; readonly entry: RunCount }[] = [];

  note(of: 'fault' | 'strategy', type: string, participants: readonly number[]): void {
    const found = this.noted.find(one => one.of === of && isSame(one.entry, type, participants));
    if (found) found.entry.count++;
    else this.noted.push({ of, entry: { type, participants: [...participants], count: 1 } });
  }

  /** With what others counted, each type for the same participants once. */
  together(of: 'fault' | 'strategy', counted: readonly RunCount[]): RunCount[] {
    const all = [...counted, ...this.noted.flatMap(one => (one.of === of ? [one.entry] : []))];
    const merged: RunCount[] = [];
    for (const { type, participants, count } of all) {
      const found = merged.find(entry => isSame(entry, type, participants));
      if (found) found.count += count;
      else merged.push({ type, participants: [...participants], count });
    }
    return merged;
  }
}

function isSame(entry: RunCount, type: string, participants: readonly number[]): boolean {
  return entry.type === type && entry.participants.join() === participants.join();
}
