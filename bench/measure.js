// The clock and the statistics of all benchmarks.

/** Seconds that the work takes, a promise of them when the work is one. */
export function seconds(work) {
  const start = process.hrtime.bigint();
  const spent = () => Number(process.hrtime.bigint() - start) / 1e9;
  const done = work();
  return done instanceof Promise ? done.then(spent) : spent();
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function geometricMean(numbers) {
  return Math.exp(numbers.reduce((sum, number) => sum + Math.log(number), 0) / numbers.length);
}
