// Whether some behaviour makes a residual true, its literals taken as free: a tableau (Gerth, Peled, Vardi, Wolper,
// "Simple on-the-fly automatic verification of linear temporal logic", 1995). A node is the set of residuals that have
// to hold from a state on, an edge one way to satisfy them in that state, with what is left for the next and which
// eventualities were put off; a behaviour is a cycle that puts none off for ever. Literals are independent here though
// their expressions may not be, and a quantifier over a set that changes counts as a literal: so `false` is certain, and
// `true` is certain only of propositional formulas.
import type { Instance, Residual, ResidualTable } from './residual.js';

/** Residuals that are looked at before the search gives up. A test holds random formulas of stated sizes against it. */
const WORK_MAX = 50_000;

interface Edge {
  readonly to: Node;
  readonly postponed: ReadonlySet<number>;
}

interface Node {
  readonly key: string;
  readonly obligations: readonly Residual[];
  readonly edges: Edge[];
}

/** One way to satisfy a set of residuals, as far as it is fixed. */
interface Way {
  readonly open: Residual[];
  readonly seen: Set<number>;
  readonly next: Map<number, Residual>;
  readonly postponed: Set<number>;
}

class GaveUp {}

/** Undefined when the search gave up, which depends on nothing but the residual. */
export function isSatisfiable(table: ResidualTable, residual: Residual): boolean | undefined {
  const own = table.fresh();
  try {
    return new Tableau(own).search(own.adopt(residual));
  } catch (error) {
    if (error instanceof GaveUp) return undefined;
    throw error;
  }
}

class Tableau {
  private readonly nodes = new Map<string, Node>();
  private readonly list: Node[] = [];
  private readonly bodies = new Map<number, Residual>();
  private readonly opposites = new Map<number, number>();
  private work = WORK_MAX;

  constructor(private readonly table: ResidualTable) {}

  search(residual: Residual): boolean {
    this.node([residual]);
    // Grows while it is walked.
    for (const node of this.list) {
      this.expand(node, way({ open: [...node.obligations] }));
      // A state that leaves nothing to do, or the same without putting anything off, can be repeated for ever.
      if (node.edges.some(({ to, postponed }) => to.key === '' || (to === node && postponed.size === 0)))
        return true;
    }
    return components(this.list).some(isFair);
  }

  private node(obligations: readonly Residual[]): Node {
    const sorted = [...obligations].sort((a, b) => a.id - b.id);
    const key = sorted.map(({ id }) => id).join();
    let node = this.nodes.get(key);
    if (node === undefined) {
      node = { key, obligations: sorted, edges: [] };
      this.nodes.set(key, node);
      this.list.push(node);
    }
    return node;
  }

  private expand(from: Node, current: Way): void {
    const { open, seen, next, postponed } = current;
    for (let part = open.pop(); part !== undefined; part = open.pop()) {
      if (seen.has(part.id)) continue;
      seen.add(part.id);
      if (this.work-- <= 0) throw new GaveUp();
      switch (part.kind) {
        case 'false':
          return;
        case 'and':
          open.push(...part.parts);
          break;
        case 'or':
          if (part.parts.some(({ id }) => seen.has(id))) break;
          for (const choice of part.parts) this.expand(from, way(current, [choice]));
          return;
        case 'later':
          next.set(part.body.id, part.body);
          break;
        case 'instance':
          if (seen.has(this.opposite(part))) return;
          if (part.formula.kind === 'eventually') {
            this.expand(from, way(current, [this.body(part)]));
            next.set(part.id, part);
            postponed.add(part.id);
          } else this.instance(part, current);
      }
    }
    const key = [...postponed].sort((a, b) => a - b).join();
    const to = this.node([...next.values()]);
    if (!from.edges.some(edge => edge.to === to && [...edge.postponed].sort((a, b) => a - b).join() === key))
      from.edges.push({ to, postponed });
  }

  private instance(part: Instance, { open, next }: Way): void {
    if (part.formula.kind === 'always') {
      open.push(this.body(part));
      next.set(part.id, part);
    } else if (part.formula.kind === 'next') {
      const body = this.body(part);
      if (body.kind !== 'true') next.set(body.id, body);
    }
  }

  // A part and its negation cannot both be asked of one state.
  private opposite(instance: Instance): number {
    let opposite = this.opposites.get(instance.id);
    if (opposite === undefined) {
      opposite = this.table.dual(instance).id;
      this.opposites.set(instance.id, opposite);
    }
    return opposite;
  }

  private body(instance: Instance): Residual {
    let body = this.bodies.get(instance.id);
    if (body === undefined) {
      const { formula } = instance;
      this.table.enter(instance);
      body = 'body' in formula ? this.table.instance(formula.body) : instance;
      this.bodies.set(instance.id, body);
    }
    return body;
  }
}

function way(from: Partial<Way>, more: readonly Residual[] = []): Way {
  return {
    open: [...(from.open ?? []), ...more],
    seen: new Set(from.seen),
    next: new Map(from.next),
    postponed: new Set(from.postponed),
  };
}

/** Whether a cycle through a whole component puts nothing off for ever. */
function isFair(component: ReadonlySet<Node>): boolean {
  const inner = [...component].flatMap(({ edges }) => edges.filter(({ to }) => component.has(to)));
  const [first] = inner;
  if (first === undefined) return false;
  return [...first.postponed].every(id => inner.some(({ postponed }) => !postponed.has(id)));
}

/** Strongly connected components (Tarjan 1972), without recursion: chains of states may be long. */
function components(nodes: readonly Node[]): Set<Node>[] {
  const found: Set<Node>[] = [];
  const index = new Map<Node, number>();
  const low = new Map<Node, number>();
  const stack: Node[] = [];
  const onStack = new Set<Node>();
  const lower = (node: Node, value: number): void => {
    low.set(node, Math.min(low.get(node) ?? value, value));
  };
  for (const root of nodes) {
    const calls: { readonly node: Node; edge: number }[] = index.has(root) ? [] : [{ node: root, edge: 0 }];
    for (let call = calls.at(-1); call !== undefined; call = calls.at(-1)) {
      const { node } = call;
      if (call.edge === 0) {
        lower(node, index.size);
        index.set(node, index.size);
        stack.push(node);
        onStack.add(node);
      }
      const to = node.edges[call.edge++]?.to;
      if (to !== undefined) {
        const seen = index.get(to);
        if (seen === undefined) calls.push({ node: to, edge: 0 });
        else if (onStack.has(to)) lower(node, seen);
        continue;
      }
      calls.pop();
      const parent = calls.at(-1);
      if (parent !== undefined) lower(parent.node, low.get(node) ?? 0);
      if (low.get(node) === index.get(node)) found.push(popUntil(node, stack, onStack));
    }
  }
  return found;
}

function popUntil(last: Node, stack: Node[], onStack: Set<Node>): Set<Node> {
  const component = new Set<Node>();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    onStack.delete(node);
    component.add(node);
    if (node === last) break;
  }
  return component;
}
