// Whether each state has a value for each variable and for nothing else. The names come as `vars` and `params`,
// which may stand after the states in the file: until then it is remembered where each name was first there and
// where first absent, which is all that the answer needs however long the trace is.
import { LIMITS } from '../util/limits.js';
import type { Place } from './place.js';

interface Seen {
  readonly state: number;
  readonly place: Place;
}

export interface VariableFault {
  readonly message: string;
  readonly place: Place;
  readonly code: 'AUR302' | 'AUR304';
}

export class VariableCheck {
  private readonly present = new Map<string, Seen>();
  private readonly absent = new Map<string, Seen>();
  private first: Seen | undefined;

  /** Notes the names of one state; true when something is new, so that the checks below are due. */
  note(names: ReadonlyMap<string, unknown>, state: number, place: Place): boolean {
    if (names.size === this.present.size && this.knowsAll(names)) return false;
    const known = this.present.size + this.absent.size;
    const here = { state, place };
    const isFirst = this.first === undefined;
    this.first ??= here;
    for (const name of names.keys()) {
      if (this.present.has(name)) continue;
      this.present.set(name, here);
      if (!isFirst) this.absent.set(name, this.first);
    }
    if (names.size < this.present.size)
      for (const name of this.present.keys())
        if (!names.has(name) && !this.absent.has(name)) this.absent.set(name, here);
    return isFirst || this.present.size + this.absent.size > known;
  }

  private knowsAll(names: ReadonlyMap<string, unknown>): boolean {
    for (const name of names.keys()) if (!this.present.has(name)) return false;
    return this.first !== undefined;
  }

  tooMany(): VariableFault | undefined {
    if (this.present.size <= LIMITS.traceNames || !this.first) return undefined;
    const message = `the states have more than ${LIMITS.traceNames} different variables`;
    return { message, place: this.first.place, code: 'AUR304' };
  }

  /** A variable without a value. */
  missing(vars: readonly string[]): VariableFault | undefined {
    for (const name of vars) {
      const seen = this.present.has(name) ? this.absent.get(name) : this.first;
      if (seen) return fault(`states[${seen.state}] has no value for the variable ${name}`, seen);
    }
    return undefined;
  }

  /** A value for something that is neither a variable nor a parameter. */
  unknown(names: ReadonlySet<string>): VariableFault | undefined {
    for (const [name, seen] of this.present)
      if (!names.has(name))
        return fault(`states[${seen.state}] has a value for ${name}, which is not in "vars"`, seen);
    return undefined;
  }
}

function fault(message: string, { place }: Seen): VariableFault {
  return { message, place, code: 'AUR302' };
}
