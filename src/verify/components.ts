// Strongly connected components of a graph of numbers (Tarjan, "Depth-first search and linear graph algorithms", 1972),
// without recursion: chains of states may be long.

export interface NumberedGraph {
  /** Nodes are numbered from 0. */
  readonly size: number;
  /** Numbers of the edges of a node: from the first, up to but without the second. */
  edges(node: number): readonly [number, number];
  /** May be `size` or more: such nodes are left out. */
  target(edge: number): number;
}

/** The components of more than one node, each in ascending order, by their lowest nodes. */
export function components(graph: NumberedGraph): readonly (readonly number[])[] {
  return new Search(graph).run().sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

class Search {
  private readonly index: Int32Array;
  private readonly low: Int32Array;
  private readonly onStack: Uint8Array;
  private readonly stack: number[] = [];
  private readonly found: number[][] = [];
  private count = 0;

  constructor(private readonly graph: NumberedGraph) {
    this.index = new Int32Array(graph.size).fill(-1);
    this.low = new Int32Array(graph.size);
    this.onStack = new Uint8Array(graph.size);
  }

  run(): number[][] {
    for (let root = 0; root < this.graph.size; root++) if (this.index[root] === -1) this.visit(root);
    return this.found;
  }

  private visit(root: number): void {
    const calls: { readonly node: number; edge: number; readonly end: number }[] = [];
    const enter = (node: number): void => {
      const [edge, end] = this.graph.edges(node);
      this.index[node] = this.low[node] = this.count++;
      this.stack.push(node);
      this.onStack[node] = 1;
      calls.push({ node, edge, end });
    };
    enter(root);
    for (let call = calls.at(-1); call !== undefined; call = calls.at(-1)) {
      if (call.edge < call.end) {
        const to = this.graph.target(call.edge++);
        if (to >= this.graph.size) continue;
        if (this.index[to] === -1) enter(to);
        else if (this.onStack[to] === 1) this.lower(call.node, this.index[to] ?? 0);
        continue;
      }
      calls.pop();
      const parent = calls.at(-1);
      if (parent !== undefined) this.lower(parent.node, this.low[call.node] ?? 0);
      if (this.low[call.node] === this.index[call.node]) this.leave(call.node);
    }
  }

  private lower(node: number, value: number): void {
    this.low[node] = Math.min(this.low[node] ?? value, value);
  }

  private leave(root: number): void {
    const component: number[] = [];
    for (let node = this.stack.pop(); node !== undefined; node = this.stack.pop()) {
      this.onStack[node] = 0;
      component.push(node);
      if (node === root) break;
    }
    if (component.length > 1) this.found.push(component.sort((a, b) => a - b));
  }
}
