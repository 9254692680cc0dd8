// The states that differ from a state by an exchange of symmetric values only, and the least of them, which stands for
// all. Images are remembered by value, because states share most of theirs; nothing here knows of specs.
import { must } from '../util/assert.js';
import type { EngineState } from './convert.js';
import { atomKey, type Permutation, permuted } from './permuted.js';
import { compare, type RtValue } from './runtime/values.js';
import { ValueNumbers } from './value-numbers.js';

/**
 * Permutations that are applied to a state. Each is remembered for every value that occurs, so that more of them cost
 * more than the states that they save.
 */
const PERMUTATIONS_MAX = 24;

export class Orbits {
  private readonly permutations: readonly Permutation[];
  private readonly values = new ValueNumbers();
  /** By permutation and number of a value: the number of its image, absent until it is asked for. */
  private readonly imageNumbers: readonly number[][];

  constructor(groups: readonly (readonly RtValue[])[]) {
    this.permutations = permutationsOf(groups);
    this.imageNumbers = this.permutations.map(() => []);
  }

  images(state: EngineState): EngineState[] {
    return [
      state,
      ...this.permutations.map(by =>
        state.map(value => (value === undefined ? undefined : permuted(value, by))),
      ),
    ];
  }

  canonical(state: EngineState): EngineState {
    if (this.permutations.length === 0) return state;
    const numbers = state.map(value => this.values.number(value));
    let best = numbers;
    for (const index of this.permutations.keys()) best = this.lesser(best, numbers, index);
    return best === numbers ? state : best.map(number => this.values.value(number));
  }

  /** `best`, or the image under the permutation where that comes before it. */
  private lesser(best: number[], numbers: readonly number[], permutation: number): number[] {
    const images = must(this.imageNumbers[permutation], 'images');
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i] ?? 0;
      const image = images[number] ?? this.addImage(number, permutation);
      const before = best[i];
      if (image === before || before === undefined) continue;
      const order = compare(this.valueOf(image), this.valueOf(before));
      if (order > 0) return best;
      return numbers.map(one => images[one] ?? this.addImage(one, permutation));
    }
    return best;
  }

  private addImage(number: number, permutation: number): number {
    const by = must(this.permutations[permutation], 'permutation');
    const value = this.values.value(number);
    const image = value === undefined ? 0 : this.values.number(permuted(value, by));
    must(this.imageNumbers[permutation], 'images')[number] = image;
    return image;
  }

  // A variable without a value has none in any image, so it is never compared.
  private valueOf(number: number): RtValue {
    return must(this.values.value(number), 'value');
  }
}

/** All permutations within the groups but the one that changes nothing; of too many those of smaller groups. */
function permutationsOf(groups: readonly (readonly RtValue[])[]): Permutation[] {
  const used = bounded(groups);
  let all: [string, RtValue][][] = [[]];
  for (const group of used)
    all = all.flatMap(before => arrangements(group).map(images => [...before, ...pairs(group, images)]));
  return all
    .filter(entries => entries.length > 0)
    .slice(1)
    .map(entries => new Map(entries));
}

function pairs(group: readonly RtValue[], images: readonly RtValue[]): [string, RtValue][] {
  return group.map((atom, i) => [atomKey(atom) ?? '', must(images[i], 'image')]);
}

/** Drops members of the largest groups until few enough permutations are left: what is left is a subgroup. */
function bounded(groups: readonly (readonly RtValue[])[]): (readonly RtValue[])[] {
  const sizes = groups.map(({ length }) => length);
  const permutations = () => sizes.reduce((product, size) => product * factorial(size), 1);
  while (permutations() > PERMUTATIONS_MAX) {
    const largest = sizes.indexOf(Math.max(...sizes));
    sizes[largest] = must(sizes[largest], 'size') - 1;
  }
  return groups.map((group, i) => group.slice(0, sizes[i]));
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

/** The identity comes first. */
function arrangements(items: readonly RtValue[]): RtValue[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first, i) =>
    arrangements(items.filter((_, j) => j !== i)).map(rest => [first, ...rest]),
  );
}
