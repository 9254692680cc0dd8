// Choices instead of random numbers for Quint's evaluator: every sequence of choices is played once, depth first.
// The order in which Quint tries the branches of an `any` is drawn with several numbers; all that matters is which
// branch comes first, so it is one choice here, and an attempt in which that branch fails is given up: what Quint
// would do next in another branch is what it does when that one comes first, from the same state.
import path from 'node:path';
import type { Rng } from '@informalsystems/quint/dist/src/rng.js';
import { newTraceRecorder, type TraceRecorder } from '@informalsystems/quint/dist/src/runtime/trace.js';
import { must } from '../../src/util/assert.js';

/** Message of the error with which an attempt is given up. */
export const GIVEN_UP = 'the branch that comes first has failed';

export class Script {
  private choices: { taken: number; bound: number }[] = [];
  private position = 0;
  private first: number | undefined;
  private branchEnded = false;
  private random: Rng | undefined;

  readonly rng: Rng = {
    getState: () => this.random?.getState() ?? 0n,
    setState: () => undefined,
    next: bound => this.random?.next(bound) ?? BigInt(this.draw(Number(bound))),
  };

  /** Hears of branches, to end an attempt before a second one of an `any` is entered. */
  readonly recorder: TraceRecorder = Object.assign(newTraceRecorder(0, this.rng), {
    onAnyOptionCall: () => {
      if (this.branchEnded && this.random === undefined) throw new Error(GIVEN_UP);
    },
    onAnyOptionReturn: () => {
      this.branchEnded = true;
    },
    onAnyReturn: () => {
      this.branchEnded = false;
    },
  });

  everyWay(run: () => void): void {
    this.choices = [];
    do {
      this.position = 0;
      this.first = undefined;
      this.branchEnded = false;
      run();
    } while (this.advance());
  }

  /** Runs with numbers of `rng` in place of choices. */
  randomly<T>(rng: Rng, run: () => T): T {
    this.random = rng;
    try {
      return run();
    } finally {
      this.random = undefined;
    }
  }

  // To the next sequence: the last choice that is not through goes on, those after it are forgotten.
  private advance(): boolean {
    for (let last = this.choices.pop(); last !== undefined; last = this.choices.pop()) {
      if (last.taken + 1 >= last.bound) continue;
      this.choices.push({ taken: last.taken + 1, bound: last.bound });
      return true;
    }
    return false;
  }

  // A shuffle draws below n, n - 1, ..., 2: nothing is moved but the branch that comes first.
  private draw(bound: number): number {
    if (callerOf(this.rng.next) === 'nondet.js') return this.choose(bound);
    this.first ??= this.choose(bound);
    const index = bound - 1;
    const drawn = index === this.first ? 0 : index;
    if (bound === 2) this.first = undefined;
    return drawn;
  }

  private choose(bound: number): number {
    const known = this.choices[this.position];
    if (known === undefined) this.choices.push({ taken: 0, bound });
    this.position++;
    return known?.taken ?? 0;
  }
}

/** The file whose code has called `callee`. */
function callerOf(callee: (bound: bigint) => bigint): string {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = (_, [site]) => path.basename(site?.getFileName() ?? '');
    const holder: { stack?: string } = {};
    Error.captureStackTrace(holder, callee);
    return must(holder.stack, 'stack');
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}
