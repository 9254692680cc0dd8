// A spec with tests of every verdict, some of them random. With five hundred samples each random one has one verdict
// only: what may fail does so in a sample in twenty at least, so it fails in some with a probability of 1 - 1e-11.
export const SPEC_WITH_TESTS = `module tests {
  const LIMIT: int
  var x: int
  var seen: Set[int]
  action init = all { x' = 0, seen' = Set() }
  action go(n: int): bool = all { n <= LIMIT, x' = n, seen' = seen.union(Set(n)) }
  action roll = { nondet k = 1.to(20).oneOf() go(k) }
  action even = { nondet k = 1.to(20).oneOf() all { k % 2 == 0, go(k) } }
  action far = { nondet k = 1.to(200).oneOf() all { k <= 20, go(k) } }
  action none = { nondet k = Set().oneOf() go(k) }
  action step = any { roll, go(x + 1), go(0) }

  run onceTest = init.then(go(3)).expect(x == 3 and seen == Set(3))
  run repsTest = init.then(5.reps(i => go(i))).expect(seen.size() == 5)
  run repsFailTest = init.then(5.reps(i => go(i + LIMIT - 2)))
  run failTest = init.then(go(LIMIT + 1)).fail()
  run failFailsTest = init.then(go(LIMIT).fail())
  run wrongTest = init.then(go(1)).expect(x == 2)
  run stuckTest = init.then(go(LIMIT + 1)).then(go(1))
  run falseTest = init.then(go(LIMIT + 1))
  run assertTest = init.then(all { assert(x == 0), go(1) })
  run assertFailsTest = init.then(all { assert(x == 1), go(1) })
  run errorTest = init.then(go(1 / x))
  run missingKeyTest = init.then(go(Map(1 -> 2).get(x)))
  run unsetTest = go(1)
  run nestedTest = { val ten = 10 init.then(go(ten)).then(go(x + 1)).expect(x == 11) }

  run rollTest = init.then(roll).expect(x >= 1 and x <= 20)
  run rollTwiceTest = init.then(2.reps(_ => roll)).expect(seen.size() <= 2)
  run rollDiffersTest = init.then(2.reps(_ => roll)).expect(seen.size() == 2)
  run rollSmallTest = init.then(roll).expect(x < 20)
  run evenTest = init.then(even).expect(x % 2 == 0)
  run farTest = init.then(far)
  run noneTest = init.then(none)
  run noneFailsTest = init.then(none.fail())
  run stepTest = init.then(10.reps(_ => step))
  run stepLowTest = init.then(3.reps(_ => step)).expect(x != 1)

  pure val numberTest = 3
  val stateTest = x > 0
  pure val trueTest = true
  pure val falseValueTest = false
  pure def operatorTest(n: int): bool = n > 1
  run runWithParamTest(n: int): bool = init.then(go(n))
  run helper = init.then(go(LIMIT + 1))
}
module plain {
  pure val FOUR = 4
  run plainTest = all { assert(FOUR == 4) }
  run plainFailsTest = all { assert(FOUR == 5) }
}
module main {
  import tests(LIMIT = 20).*
  import tests(LIMIT = 3) as three
  import plain.*
  import plain as other
  run importedTest = init.then(go(4)).expect(x == 4)
  run importedFailsTest = init.then(go(4)).expect(x == 5)
  run luckTest = init.then(roll).expect(x > 5)
}
`;
