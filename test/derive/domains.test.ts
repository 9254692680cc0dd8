// Domains that a first rule would get wrong: values outside of a set, sets that grow with the state, and look-ups under
// arguments that a map does not have.
import { describe, expect, it } from 'vitest';
import { deriveText, given, refusal, taken } from './support.js';

const BANK = (body: string) => `module bank {
  pure val USERS = Set("ann", "bob")
  var bal: str -> int
  ${body}
}`;

async function domainOf(text: string, name: string): Promise<string> {
  const { domains } = await deriveText(text);
  return domains.find(({ action, parameter }) => `${action}.${parameter}` === name)?.expression ?? '';
}

/** Actions that are taken when all states are looked at; an error of evaluation fails the test. */
async function actionsOf(text: string): Promise<string[]> {
  const derived = await deriveText(text);
  return taken(derived.spec, derived.init, derived.step, 200);
}

describe('a guard that wants a value outside of a set', () => {
  const opening = (guard: string) => `module bank {
    var bal: str -> int
    action init = bal' = Map()
    action open(u: str): bool = all { ${guard}, bal' = bal.put(u, 0) }
  }`;

  it.each([
    'not(bal.keys().contains(u))',
    'not(u.in(bal.keys()))',
    'not(bal.keys().contains(u) or bal.keys().size() > 3)',
    'not(not(not(bal.keys().contains(u))))',
    'not(bal.keys().size() >= 0 implies bal.keys().contains(u))',
  ])('%s is possible, however it is written', async guard => {
    expect(await actionsOf(opening(guard))).toEqual(['open']);
  });

  it('through an operator of the spec', async () => {
    const text = opening('isFree(u)').replace(
      'action open',
      'def isFree(x) = not(bal.keys().contains(x)) action open',
    );
    expect(await actionsOf(text)).toEqual(['open']);
  });

  it('a set that an even number of negations asks for is enough', async () => {
    const text = opening('not(not(Set("x", "y").contains(u)))');
    expect(await domainOf(text, 'open.u')).not.toContain('text1');
  });

  it('a set that the spec names does not hold what is outside of it', async () => {
    const text = opening('not(USERS.contains(u))').replace('var', 'pure val USERS = Set("ann") var');
    expect(await actionsOf(text)).toEqual(['open']);
    const ports = text.replace('Set("ann")', 'Set(0, 1, 2, 3)').replaceAll('str', 'int');
    expect(await actionsOf(ports)).toEqual(['open']);
  });

  it('of records, though these are many', async () => {
    const text = `module m {
      type Note = { a: int, b: int, c: int, d: int, e: int }
      var notes: Set[Note]
      action init = notes' = Set()
      action add(n: Note): bool = all { not(notes.contains(n)), notes.size() < 1, notes' = notes.union(Set(n)) }
    }`;
    expect(await actionsOf(text)).toEqual(['add']);
  });
});

describe('a look-up under an argument is a condition', () => {
  it('in a map that was just changed, field by field', async () => {
    const text = `module bank {
      pure val USERS = Set("ann", "bob")
      type Bank = { bal: str -> int, on: bool }
      var st: Bank
      action init = st' = { bal: Map(), on: true }
      action open(u: str): bool = all { USERS.contains(u), st' = st.with("bal", st.bal.put(u, 1)) }
      action move(u: str, v: str): bool = all {
        USERS.contains(u), USERS.contains(v),
        st' = st.with("bal", st.bal.setBy(u, x => 1 - x).setBy(v, x => 1 - x))
      }
      action later(u: str): bool = {
        val one = st.with("on", false)
        val two = one.with("bal", one.bal.set(u, 0))
        all { st' = two.with("bal", two.bal.setBy(u, x => x)) }
      }
    }`;
    expect(await actionsOf(text)).toEqual(['later', 'move', 'open']);
  });

  it('in a map that is written out, or made for a set', async () => {
    const text = `module m {
      var x: int
      action init = x' = 0
      action lk(k: str): bool = all { Map("a" -> 1).get(k) > 0, x' = 1 }
      action made(k: str): bool = all { Set("b").mapBy(_ => 1).get(k) > 0, x' = 1 }
      action more(k: str): bool = all { Map("a" -> 1).put("c", 2).get(k) > 1, x' = 2 }
    }`;
    const { domains, text: source } = await deriveText(text);
    expect(source).toContain('Set("a").contains(k)');
    expect(domains).toHaveLength(3);
    const named = text.replace('var x', 'pure val NAMES = Set("a", "c", "d") var x');
    expect(await actionsOf(named)).toEqual(['lk', 'more']);
  });

  it('for every element of a set that is written out', async () => {
    const text = `module m {
      var accs: int -> { bal: int }
      action init = accs' = Map()
      action open(i: int): bool = all { i.in(0.to(1)), accs' = accs.put(i, { bal: i + 1 }) }
      action big(i: int, j: int): bool = all { Set(i, j).forall(k => accs.get(k).bal > 1), accs' = accs }
    }`;
    expect(await actionsOf(text)).toEqual(['big', 'open']);
  });

  it('for every element of a set that is an argument', async () => {
    const text = `module m {
      type Vote = { by: str, to: str }
      var rank: str -> int
      action init = rank' = Map()
      action join(u: str): bool = rank' = rank.put(u, 1)
      action count(q: Set[str]): bool = all { q.forall(k => rank.get(k) > 0), q.size() > 0, rank' = rank }
      action tally(q: Set[Vote]): bool = all {
        q.map(v => q.filter(w => rank.get(v.by) == rank.get(w.to))).size() > 0, rank' = rank
      }
    }`;
    const { text: source } = await deriveText(text);
    expect(source).toMatch(/q\.forall\((\w+) => rank\.keys\(\)\.contains\(\1\)\)/);
    expect(await actionsOf(text)).toEqual(['count', 'join', 'tally']);
  });

  it('under a key that an argument has a part in', async () => {
    const text = BANK(`var due: (str, int) -> int
      var now: int
      action init = all { bal' = Map(), due' = Map(("ann", 0) -> 1), now' = 0 }
      action pay(u: str): bool = all { due.get((u, now)) > 0, now' = 1, bal' = bal, due' = due }`);
    expect(await actionsOf(text)).toEqual(['pay']);
  });

  it('and leaves to the spec what the state decides', async () => {
    const text = BANK(`var owner: str
      var sums: str -> str -> int
      action init = all { bal' = Map(), owner' = "none", sums' = Map() }
      action pay(u: str): bool = all { owner != "none", sums.get(owner).get(u) > 0, bal' = bal, owner' = owner, sums' = sums }
      action own(u: str): bool = all { owner' = "none", sums' = sums.put(u, Map()), bal' = bal }`);
    expect(await actionsOf(text)).toEqual(['own']);
  });
});

describe('subsets of what the state holds', () => {
  const VOTES = `module big {
    const N: int
    const NODES: Set[str]
    type Vote = { voter: str, value: int, round: int }
    var votes: Set[Vote]
    action init = votes' = Set()
    action cast(v: Vote): bool = votes' = votes.union(Set(v))
    action count(q: Set[Vote]): bool = all { q.subseteq(votes), q.size() >= 2, votes' = votes }
    action name(q: Set[str]): bool = all { q.size() < N, votes' = votes }
  }`;

  it('are bounded where these grow', async () => {
    const derived = await deriveText(VOTES, { constants: [given('N', '3')] });
    const domains = new Map(derived.domains.map(({ action, expression }) => [action, expression]));
    expect(domains.get('count')).toContain('subsetsOf(votes)');
    expect(domains.get('count')).not.toContain('powerset');
    expect(domains.get('name')).toBe('NODES.powerset()');
    expect(taken(derived.spec, derived.init, derived.step, 300)).toEqual(['cast', 'count', 'name']);
  });
});

describe('a domain', () => {
  it('reaches what an invariant forbids, where no guard does', async () => {
    const text = `module m {
      const CAP: int
      var x: int
      action init = x' = 0
      action go(k: int): bool = x' = k
      val InvCap = and { x <= CAP, Set(x).size() < 77 }
    }`;
    const domain = await domainOf(text, 'go.k');
    expect(domain).toContain('Set(CAP - 1, CAP, CAP + 1)');
    expect(domain).toContain('0.to(2)');
    expect(domain).not.toContain('77');
  });

  it('names each value once', async () => {
    const text = `module m {
      var x: int
      action init = x' = 0
      action go(k: int): bool = all { k >= 1, k < 3, x' = k }
    }`;
    expect(await domainOf(text, 'go.k')).toContain('Set(0, 1, 2, 3, 4)');
  });
});

describe('an assumption that does not hold', () => {
  const text = `module m {
    const N: int
    const M: int
    assume positive = N > 0
    assume ordered = M > N and N < 50
    var x: int
    action init = x' = 0
    action step = x' = N + M
  }`;

  it('with a value that was given is the fault of that value', async () => {
    expect(await refusal(text, { constants: [given('N', '-1')] })).toContain(
      'N = -1 as given breaks the assumption positive',
    );
    expect(await refusal(text, { constants: [given('N', '9'), given('M', '3')] })).toContain(
      'N = 9, M = 3 as given break the assumption ordered',
    );
  });

  it('with one of several given says of which the others were tried', async () => {
    expect(await refusal(text, { constants: [given('N', '70')] })).toContain(
      'with N = 70 as given, no small values of the other constants',
    );
  });
});
