// What is derived, kind by kind: domains of parameters, initial states, constants, and the refusals.
import { describe, expect, it } from 'vitest';
import type { Derived } from '../../src/derive/derive-spec.js';
import { compileSpec, createMachine, evaluate } from '../../src/engine/index.js';
import type { State } from '../../src/model/value.js';
import { unwrap } from '../quint.js';
import { deriveText, expectValuesOfTypes, given, refusal, taken } from './support.js';

const MARKET = `module market {
  type Buyer = str
  type Id = int
  type Level = Low | High(int)
  type Key
  type Bid = { buyer: Buyer, sum: int }

  const BUYERS: Set[Buyer]
  const LIMIT: int
  assume roomy = LIMIT > BUYERS.size()

  var purse: Buyer -> int
  var bids: Set[Bid]
  var issued: Set[Id]
  var open: bool

  action begin = all { purse' = BUYERS.mapBy(_ => 1), bids' = Set(), issued' = Set(), open' = false }
  action unlock = all { not(open), open' = true, purse' = purse, bids' = bids, issued' = issued }
  action earn(b: Buyer, sum: int): bool = all {
    open, sum >= 1, sum <= LIMIT, purse.get(b) < LIMIT,
    purse' = purse.setBy(b, n => n + 1), bids' = bids, issued' = issued, open' = open
  }
  action bid(one: Bid): bool = all {
    one.sum <= purse.get(one.buyer), bids' = bids.union(Set(one)), purse' = purse, issued' = issued, open' = open
  }
  action number: bool = all {
    issued.size() < 2, issued' = issued.union(Set(issued.size() + 10)), purse' = purse, bids' = bids, open' = open
  }
  action redeem(id: Id): bool = all {
    issued.contains(id), issued' = issued.exclude(Set(id)), purse' = purse, bids' = bids, open' = open
  }
  action level(l: Level, flags: Set[bool], path: List[Buyer]): bool = all { open, purse' = purse, bids' = bids, issued' = issued, open' = open }
  action sealed(k: Key): bool = all { open, purse' = purse, bids' = bids, issued' = issued, open' = open }
}
`;

/** Domains by \`action.parameter\`. */
function domainsOf({ domains }: Derived): Record<string, string> {
  return Object.fromEntries(
    domains.map(({ action, parameter, expression }) => [`${action}.${parameter}`, expression]),
  );
}

describe('a module without step, init and constants', async () => {
  const derived = await deriveText(MARKET);

  it('is instantiated such that its assumptions hold', () => {
    expect(derived.constants.map(({ name, value }) => [name, value])).toEqual([
      ['BUYERS', 'Set("buyer1", "buyer2", "buyer3")'],
      ['LIMIT', '4'],
    ]);
    expect(derived.spec.main).toBe('market_driven');
  });

  it('begins with the action that assigns everything', () => {
    expect(derived.derivedInit?.from).toContain('begin');
    expect(derived.text).toContain('action init = begin');
  });

  it('draws parameters from sets, guards, the state and the structure of types', () => {
    const domains = domainsOf(derived);
    expect(domains['earn.b']).toBe('BUYERS');
    expect(domains['earn.sum']).toContain('Set(0, 1, 2, LIMIT - 1, LIMIT, LIMIT + 1)');
    expect(domains['redeem.id']).toContain('issued');
    expect(domains['level.l']).toContain('High(');
    expect(domains['bid.one']).toMatch(/bids.*tuples\(BUYERS/);
  });

  it('says what it cannot drive, and takes all the rest', () => {
    expect(derived.undriven).toEqual([
      { action: 'sealed', parameter: 'k', type: 'Key', help: '[quint.domains] Key = "..."' },
    ]);
    const actions = taken(derived.spec, derived.init, derived.step, 300);
    for (const name of ['unlock', 'earn', 'bid', 'number', 'redeem', 'level'])
      expect(actions).toContain(name);
  });

  it('gives the same text again', async () => {
    expect((await deriveText(MARKET)).text).toBe(derived.text);
  });

  it('has domains whose values are of the type of the parameter', () => {
    expectValuesOfTypes(derived);
  });
});

describe('plain numbers and texts', async () => {
  const derived = await deriveText(`module shop {
    pure val PORTS = Set(80, 443)
    pure val COLOURS = Set("red", "blue")
    var balance: int
    var open: Set[int]
    var users: Set[str]
    action init = all { balance' = 5, open' = Set(), users' = Set("ada") }
    action pay(amount) = all { amount >= 1, amount <= balance, balance' = balance - amount, open' = open, users' = users }
    action settle(amount) = all { amount == balance, balance' = 0, open' = open, users' = users }
    action listen(port) = all { PORTS.contains(port), open' = open.union(Set(port)), balance' = balance, users' = users }
    action leave(user) = all { users.contains(user), users' = users.exclude(Set(user)), balance' = balance, open' = open }
    action paint(colour) = all { colour != "", users' = users.union(Set(colour)), balance' = balance, open' = open }
    action offer(value) = all { balance > 0, open' = open.union(Set(value)), balance' = balance, users' = users }
  }`);
  const domains = domainsOf(derived);

  it('are the set that a guard asks for, where the spec names it, or that no guard asks anything of', () => {
    expect(domains['listen.port']).toBe('PORTS');
    expect(domains['offer.value']).toBe('PORTS');
  });

  it('are more than the sets that the spec names, where a guard asks for something else', () => {
    expect(domains['pay.amount']).toBe(
      'PORTS.union(Set(0, 1, 2, balance - 1, balance, balance + 1)).union(Set(balance)).union(open)',
    );
    expect(domains['settle.amount']).toBe('PORTS.union(Set(balance)).union(open)');
    expect(domains['leave.user']).toBe('COLOURS.union(users)');
    expect(domains['paint.colour']).toBe('COLOURS.union(Set("")).union(users)');
    const actions = taken(derived.spec, derived.init, derived.step, 300);
    for (const name of ['pay', 'settle', 'leave', 'paint']) expect(actions).toContain(name);
  });
});

describe('initial values', () => {
  it('are chosen so that invariants hold and actions are possible', async () => {
    const derived = await deriveText(`module lamp {
      type Mode = Off | On
      pure val TOKENS = Set("a", "b")
      var mode: Mode
      var level: int
      var pool: Set[str]
      val InvLevel = level >= 1
      action take(t: str): bool = all { pool.contains(t), pool' = pool.exclude(Set(t)), mode' = On, level' = level }
    }`);
    const compiled = unwrap(compileSpec(derived.spec));
    const machine = unwrap(createMachine(compiled, { init: derived.init, step: derived.step }));
    let state: State = new Map();
    unwrap(
      machine.initialStates(step => {
        state = step.state;
        return false;
      }),
    );
    expect(unwrap(evaluate(compiled, 'InvLevel', state))).toBe(true);
    expect(taken(derived.spec, derived.init, derived.step)).toEqual(['take']);
    expect(derived.derivedInit?.from).toContain('level = 1');
  });
});

describe('actions behind imports', () => {
  it('are driven by the names that the main module has for them', async () => {
    const derived = await deriveText(
      `module counter {
        const N: int
        var x: int
        action reset = x' = 0
        action add(k: int): bool = all { x + k <= N, k > 0, x' = x + k }
      }
      module spec {
        import counter as small
        import counter(N = 5) as large
      }`,
      { constants: [given('small::N', '3')] },
    );
    expect(derived.text).toContain('import counter(N = 3) as small');
    expect(derived.domains.map(({ action }) => action)).toEqual(['small::add', 'large::add']);
    expect(derived.spec.main).toBe('spec');
  });
});

describe('refusals', () => {
  const WITH_CONSTANT = "module m { const N: int var x: int action init = x' = N action step = x' = x }";

  it("a constant of the wrong type is Quint's error, where it was written", async () => {
    const text = await refusal(WITH_CONSTANT, { constants: [given('N', '"three"')] });
    expect(text).toMatch(/^error AUR102 \[QNT000\]: --const:1:1: /);
    expect(text).toContain('int and str');
  });

  it('an unknown constant has a neighbour', async () => {
    const text = await refusal(WITH_CONSTANT, { constants: [given('M', '3')] });
    expect(text).toContain('AUR217');
    expect(text).toContain('did you mean N?');
  });

  it('a constant of a configuration may belong to another spec', async () => {
    const { constants } = await deriveText(WITH_CONSTANT, { constants: [given('OTHER', '3', false)] });
    expect(constants.map(({ name, value }) => `${name} = ${value}`)).toEqual(['N = 2']);
  });

  it('an assumption that nothing satisfies is named', async () => {
    const text = await refusal(WITH_CONSTANT.replace('var x', 'assume impossible = N > N var x'));
    expect(text).toMatch(/AUR219.*impossible/);
  });

  it('a domain without an end', async () => {
    const text = await refusal(
      "module m { var x: int action init = x' = 0 action store(k: int): bool = x' = k }",
      {
        domains: [given('store.k', 'Nat')],
      },
    );
    expect(text).toContain('AUR207');
  });

  it('a domain of the wrong type is shown where it was written', async () => {
    const text = await refusal(
      "module m { var x: int action init = x' = 0 action store(k: int): bool = x' = k }",
      {
        domains: [given('store.k', 'Set("a")')],
      },
    );
    expect(text).toMatch(/^error AUR102 .*--const:1:1/);
  });

  it('nothing that can be driven', async () => {
    const text = await refusal(
      "module m { type K var x: int action init = x' = 0 action store(k: K): bool = x' = 1 }",
    );
    expect(text).toContain('AUR220');
    expect(text).toContain('[quint.domains] K = "..."');
  });

  it('a module of pure definitions', async () => {
    const text = await refusal('module m { pure val N = 3 }');
    expect(text).toContain('AUR203');
    expect(text).toContain('only pure definitions');
  });
});
