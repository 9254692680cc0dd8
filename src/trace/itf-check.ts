// Everything in the values of an ITF trace that does not fit the spec's types, where reading stops at the first: the
// values are decoded by shape, and each is held against its type by itself.
import { type AuraError, auraError } from '../util/errors.js';
import type { Fit, Misfit } from './fit.js';
import type { ItfState } from './itf.js';
import { fitOfType, type ItfTypes } from './itf-typed.js';

export class ItfCheck {
  private readonly fits = new Map<string, Fit | undefined>();
  private count = 0;

  /** `file` stands for the source in errors. */
  constructor(
    private readonly file: string,
    private readonly types: ItfTypes,
  ) {}

  /** Errors AUR303, one for each variable of the state at most. */
  misfits({ values }: ItfState): AuraError[] {
    const index = this.count++;
    return [...values].flatMap(([name, value]) => {
      const misfit: Misfit = { path: [], reason: '' };
      const typed = this.fitOf(name);
      if (typed === undefined || typed(value, misfit) !== undefined) return [];
      const path = `states[${index}].${name}${[...misfit.path].reverse().join('')}`;
      return [auraError('AUR303', `${this.file}: ${path}: ${misfit.reason}`)];
    });
  }

  private fitOf(name: string): Fit | undefined {
    if (!this.fits.has(name)) {
      const type = this.types.vars.get(name);
      this.fits.set(name, type && fitOfType(type, this.types.env));
    }
    return this.fits.get(name);
  }
}
