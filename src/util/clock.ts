// The one door to wall-clock time. Nothing that is promised to repeat may depend on it: what it measures goes under
// a key `timing`, or to the terminal.

/** Seconds since it was made. */
export function stopwatch(): () => number {
  const start = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - start) / 1e9;
}
