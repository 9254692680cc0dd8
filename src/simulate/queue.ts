// What is to happen in a world, in the order of time and, at one time, of being put there. A binary heap in a plain
// array, so that it goes into a checkpoint as it is. It knows nothing of what its items mean.

/** Where an item stands in the order; `order` is unique. */
export interface Due {
  /** Virtual time, ms. */
  readonly at: number;
  readonly order: number;
}

export function pushDue<T extends Due>(heap: T[], item: T): void {
  let hole = heap.length;
  heap.push(item);
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !isBefore(item, above)) break;
    heap[hole] = above;
    hole = parent;
  }
  heap[hole] = item;
}

/** Takes the first item out; undefined when there is none. */
export function popDue<T extends Due>(heap: T[]): T | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let hole = 0;
  for (;;) {
    const child = smallerChild(heap, hole);
    const below = heap[child];
    if (below === undefined || !isBefore(below, last)) break;
    heap[hole] = below;
    hole = child;
  }
  heap[hole] = last;
  return first;
}

/** Keeps only the items that `keep` says. */
export function filterDue<T extends Due>(heap: T[], keep: (item: T) => boolean): void {
  const kept = heap.filter(keep);
  heap.length = 0;
  for (const item of kept) pushDue(heap, item);
}

function smallerChild<T extends Due>(heap: readonly T[], parent: number): number {
  const left = 2 * parent + 1;
  const [a, b] = [heap[left], heap[left + 1]];
  return a !== undefined && b !== undefined && isBefore(b, a) ? left + 1 : left;
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
