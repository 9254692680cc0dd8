// How long a message is on its way, as docs/scenario-format.md defines `latency_range` and `latency_distribution`.
// What falls outside of the range is drawn again.
import type { ResolvedNetwork } from '../scenario/resolved.js';
import type { Random } from '../util/random.js';

export type Latency = Pick<ResolvedNetwork, 'latency_range' | 'latency_distribution'>;

/** Logarithms need a positive end: what is shorter counts as a microsecond. */
const SHORTEST_MS = 0.001;

/** Milliseconds. */
export function drawLatency({ latency_range, latency_distribution }: Latency, random: Random): number {
  const [shortest, longest] = latency_range;
  switch (latency_distribution) {
    case 'fixed':
      return (shortest + longest) / 2;
    case 'uniform':
      return shortest + (longest - shortest) * random.real();
    case 'normal':
      return drawNormal(shortest, longest, random);
    case 'log_normal': {
      const low = Math.log(Math.max(shortest, SHORTEST_MS));
      return Math.exp(drawNormal(low, Math.log(Math.max(longest, SHORTEST_MS)), random));
    }
  }
}

/** The ends are three standard deviations from the mean. Box, Muller, 1958. */
function drawNormal(low: number, high: number, random: Random): number {
  const mean = (low + high) / 2;
  const deviation = (high - low) / 6;
  for (;;) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.real()));
    const drawn = mean + deviation * radius * Math.cos(2 * Math.PI * random.real());
    if (drawn >= low && drawn <= high) return drawn;
  }
}
