// Small specs that between them use what can make a step difficult: nested choice, picks inside and outside of it,
// lets in actions, matches, operators that take actions, instances, dead ends.
import { twoPhase } from './two-phase.js';

export interface SmallSpec {
  readonly name: string;
  readonly text: string;
  readonly main: string;
  readonly depth: number;
  readonly most: number;
  readonly invariants: readonly string[];
  /** States that are compared, a number of this project: it may change only with the spec. */
  readonly states: number;
}

const NESTED = `module nested {
  var x: int
  var s: Set[int]
  action init = all { nondet a = 0.to(1).oneOf() x' = a, s' = Set() }
  action grow(n) = all { not(n.in(s)), s' = s.union(Set(n)), x' = x }
  action step = any {
    all { x > 0, any { all { x > 1, x' = 0 }, x' = x + 1 }, s' = s },
    { nondet n = 1.to(3).oneOf()
      nondet m = 1.to(n).oneOf()
      all { n > m, any { grow(n), grow(m), all { x' = n + m, s' = s } } } },
    { val y = x + 1
      if (s.contains(y)) all { x' = y, s' = s.exclude(Set(y)) } else grow(y) },
    { nondet sub = s.powerset().oneOf()
      nondet f = Set(1, 2).setOfMaps(Set(0, 1)).oneOf()
      all { s.size() > 1, s' = sub, x' = f.get(1) + f.get(2) } },
    all { x > 2, s.forall(e => e < 3), { nondet e = s.oneOf() x' = e }, s' = s },
  }
  val small = x < 4
  val known = s.subseteq(1.to(9))
}`;

const MATCHES = `module matches {
  type Job = Idle | Work(int) | Pair({ a: int, b: int })
  var job: Job
  var log: List[int]
  action become(j) = job' = j
  action apply(f: int => bool, n: int): bool = f(n)
  action note(n) = log' = if (log.length() < 2) log.append(n) else [n]
  action init = all { job' = Idle, log' = [] }
  action step = any {
    match job {
      | Idle => { nondet n = Set(1, 2).oneOf() all { become(Work(n)), note(0) } }
      | Work(n) => any { all { become(Pair({ a: n, b: n + 1 })), note(n) }, all { n > 1, become(Idle), log' = log } }
      | Pair(p) => { val total = p.a + p.b
          all { note(total), become(if (total > 3) Idle else Work(total)) } }
    },
    { action later(n) = all { become(Work(n)), note(n) }
      nondet k = 3.to(4).oneOf()
      all { job == Idle, later(k) } },
    all { job == Idle, apply(n => all { become(Work(n)), any { note(n), log' = [] } }, 7) },
  }
  val short = log.length() <= 2
  val idle = match job { | Idle => true | _ => false }
}`;

const INSTANCES = `module cell {
  const N: int
  const F: int => int
  var v: int
  pure val top = N * 2
  action bump(k) = all { v < top, v' = F(v) + k }
  action start = v' = N
  action stay = v' = v
  val inside = v <= top + 2
}
module pairs {
  const M: int
  import cell(N = M, F = x => x) as one
  action start = one::start
  action move = { nondet k = Set(1, 2).oneOf() one::bump(k) }
  val fine = one::inside
}
module main {
  import cell(N = 1, F = x => x + 1) as left
  import cell(N = 2, F = x => x) as right
  import pairs(M = 1) as p
  var turn: bool
  action init = all { left::start, right::start, p::start, turn' = true }
  action step = all {
    turn' = not(turn),
    if (turn) any { all { left::bump(1), right::stay }, all { left::stay, right::bump(1) } }
    else all { left::stay, right::stay },
    p::move,
  }
  val bounded = left::inside and right::inside
  val nested = p::fine
}`;

const NAMES = `module names {
  var x: int
  action init = x' = 0
  action write(n) = x' = n
  action step = any {
    all { { nondet a = Set(3, 4).oneOf() x > a - 100 }, any { write(5), x' = 6 } },
    { action mine = x' = 7 mine },
    { action mine(n) = all { x < 30, x' = n } { nondet a = Set(8, 9).oneOf() mine(a) } },
    { nondet a = Set(10, 11).oneOf() any { write(a), { nondet b = Set(1, 2).oneOf() x' = 10 * a + b } } },
    { val y = 22 write(y) },
    if (x > 2) write(23) else x' = 24,
    { nondet a = Set(1, 2).oneOf() { nondet b = Set(30, 31).oneOf() any { write(b), write(a), x' = 32 } } },
    all { { nondet a = Set(1).oneOf() x == 0 }, { nondet b = Set(40).oneOf() x' = b } },
  }
  val low = x < 30
}`;

export const SMALL_SPECS: readonly SmallSpec[] = [
  {
    name: 'two-phase commit',
    text: twoPhase(2),
    main: 'two_phase',
    depth: 20,
    most: 1000,
    invariants: ['consistent'],
    states: 56,
  },
  {
    name: 'nested choices',
    text: NESTED,
    main: 'nested',
    depth: 3,
    most: 40,
    invariants: ['small', 'known'],
    states: 40,
  },
  {
    name: 'matches and operators of actions',
    text: MATCHES,
    main: 'matches',
    depth: 6,
    most: 120,
    invariants: ['short', 'idle'],
    states: 92,
  },
  {
    name: 'instances',
    text: INSTANCES,
    main: 'main',
    depth: 6,
    most: 120,
    invariants: ['bounded', 'nested'],
    states: 5,
  },
  {
    name: 'names of actions and of picks',
    text: NAMES,
    main: 'names',
    depth: 3,
    most: 40,
    invariants: ['low'],
    states: 21,
  },
];
