// Small specs for tests of the command line: what they test is aura's manners, so the specs are as cheap for Quint
// as can be. One has all that aura tells apart (roles, kinds of actions, kinds of properties), the other next to
// nothing.

/** Three voters choose one of two values; c may change its mind, and one voter may crash. */
export const VOTING = `module voting {
  type Voter = str
  /// @participants
  pure val VOTERS: Set[Voter] = Set("a", "b", "c")
  pure val BYZANTINE: Set[Voter] = Set("c")
  pure val THRESHOLD = 2
  pure val VALUES = Set(1, 2)

  var votes: Voter -> int
  var decided: Set[int]
  var down: Set[Voter]

  def backing(x: int): Set[Voter] = VOTERS.filter(v => votes.get(v) == x)

  action init = all {
    votes' = VOTERS.mapBy(_ => 0),
    decided' = Set(),
    down' = Set(),
  }

  action vote(v: Voter, x: int): bool = all {
    votes.get(v) == 0,
    not(down.contains(v)),
    votes' = votes.set(v, x),
    decided' = decided,
    down' = down,
  }

  /// @byzantine equivocation
  action revote(v: Voter, x: int): bool = all {
    BYZANTINE.contains(v),
    votes.get(v) != 0,
    decided == Set(),
    votes' = votes.set(v, x),
    decided' = decided,
    down' = down,
  }

  /// @fault crash
  action crash(v: Voter): bool = all {
    down == Set(),
    votes' = votes,
    decided' = decided,
    down' = Set(v),
  }

  action decide(x: int): bool = all {
    backing(x).size() >= THRESHOLD,
    votes' = votes,
    decided' = decided.union(Set(x)),
    down' = down,
  }

  action step = any {
    { nondet v = VOTERS.oneOf()
      nondet x = VALUES.oneOf()
      vote(v, x) },
    { nondet v = VOTERS.oneOf()
      nondet x = VALUES.oneOf()
      revote(v, x) },
    { nondet v = VOTERS.oneOf()
      crash(v) },
    { nondet x = VALUES.oneOf()
      decide(x) },
  }

  /// @property ThresholdSafety
  /// @assume byzantine < THRESHOLD
  val DecisionHasQuorum = decided.forall(x => backing(x).size() >= THRESHOLD)

  val Agreement = decided.size() <= 1

  temporal DecisionIsFinal = always(decided != Set() implies always(decided != Set()))

  temporal SomethingIsDecided = eventually(decided != Set())
}
`;

/** A counter that `step` always moves: the least that can be driven. */
export function tickingSpec(module: string): string {
  return `module ${module} {
  var n: int
  action init = n' = 0
  action tick = n' = n + 1
  action step = any { tick, all { n > 3, n' = 0 } }
  val Small = n <= 5
}
`;
}
