// The wall clock of a run: how long it may go on, and when others get their turn. What it says never becomes part of a
// verdict but as a reason why there is none.
import { setImmediate } from 'node:timers/promises';
import { stopwatch } from '../util/clock.js';

/** Events between two looks at the clock. */
const PIECE = 64;

export class RunClock {
  readonly seconds = stopwatch();
  private events = 0;
  /** Whether a timer has said so, which may be a little ahead of the stopwatch. */
  private isExpired = false;

  constructor(
    private readonly timeoutMs: number | undefined,
    private readonly signal: AbortSignal | undefined,
  ) {}

  get isInterrupted(): boolean {
    return this.signal?.aborted === true;
  }

  /** A sentence when the run has to end, be it by Ctrl-C; undefined when it may go on. */
  get over(): string | undefined {
    if (this.isInterrupted) return 'the run was interrupted';
    const { timeoutMs } = this;
    const isOver = this.isExpired || (timeoutMs !== undefined && this.seconds() * 1000 >= timeoutMs);
    if (timeoutMs === undefined || !isOver) return undefined;
    return `the run was not over after ${timeoutMs / 1000} s`;
  }

  /** Does something once when the time is over or the run is interrupted, until the returned function is called. */
  whenOver(action: () => void): () => void {
    const { timeoutMs, signal } = this;
    const left = timeoutMs === undefined ? undefined : Math.max(0, timeoutMs - this.seconds() * 1000);
    const expire = () => {
      this.isExpired = true;
      action();
    };
    const timer = left === undefined ? undefined : setTimeout(expire, left);
    signal?.addEventListener('abort', action, { once: true });
    return () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', action);
    };
  }

  /** Called after each event or so; gives what {@link over} does, now and then. */
  async tick(): Promise<string | undefined> {
    if (++this.events % PIECE !== 0) return undefined;
    await setImmediate();
    return this.over;
  }
}
