// Simulation, given actions, tests of the spec and explanations.
import { describe, expect, it } from 'vitest';
import {
  compileExpr,
  createMachine,
  evaluate,
  explain,
  findOp,
  freeNames,
  type Machine,
  runTests,
  type Step,
  simulate,
} from '../../src/engine/index.js';
import { type State, setOf, showValue } from '../../src/model/value.js';
import { must } from '../../src/util/assert.js';
import { createRandom } from '../../src/util/random.js';
import { unwrap } from '../quint.js';
import { compileText, originOf } from './support.js';
import { twoPhase } from './two-phase.js';

const COUNTER = `module counter {
  pure val LIMIT = 4
  pure val IDS = Set("a", "b")
  var n: int
  var owner: str
  action init = all { n' = 0, owner' = "a" }
  action add(id: str, by: int): bool = all { n + by <= LIMIT, n' = n + by, owner' = id }
  action reset = all { n > 2, n' = 0, owner' = owner }
  action step = any {
    { nondet who = IDS.oneOf() nondet k = 1.to(2).oneOf() add(who, k) },
    reset,
  }
  val bounded = n < 4
  val fine = n >= 0 and (n > 100 or IDS.forall(id => id == owner implies n < 3))
  def room(extra: int): bool = n + extra <= LIMIT
  run onceTest = init.then(add("a", 2)).expect(n == 2)
  run repsTest = init.then(2.reps(i => add("b", i + 1))).expect(n == 3).then(reset)
  run failsTest = init.then(reset.fail())
  run wrongTest = init.then(add("a", 2)).expect(n == 3)
  run stuckTest = init.then(reset).then(reset)
  run luckyTest = init.then(step).then(all { assert(n > 0), step })
  run falseTest = init.then(all { n == 1, n' = n, owner' = owner })
  pure val numberTest = 3
  def paramTest(x: int): bool = x > 1
  run helper = init
}`;

async function counter(invariants: string[] = []): Promise<Machine> {
  return unwrap(createMachine(await compileText(COUNTER), { init: 'init', step: 'step', invariants }));
}

function at(n: number, owner: string): State {
  return new Map<string, bigint | string>([
    ['n', BigInt(n)],
    ['owner', owner],
  ]);
}

describe('simulate', { timeout: 60_000 }, () => {
  it('gives the same run for the same seed, however the samples are divided', async () => {
    const machine = await counter();
    const run = (firstSample: number, samples: number): string[] => {
      const texts: string[] = [];
      const onTrace = (trace: readonly { readonly state: State }[]): undefined => {
        texts.push(trace.map(({ state }) => [...state.values()].map(showValue).join(',')).join(';'));
      };
      unwrap(simulate(machine, { seed: 's', samples, maxSteps: 10, firstSample, onTrace }));
      return texts;
    };
    const whole = run(0, 128);
    expect(run(0, 128)).toEqual(whole);
    expect([...run(0, 64), ...run(64, 64)]).toEqual(whole);
    expect(new Set(whole).size).toBeGreaterThan(20);
  });

  it('stops at a violation and tells how it came about', async () => {
    const result = unwrap(simulate(await counter(['bounded']), { seed: 'x', samples: 1000, maxSteps: 20 }));
    const violation = must(result.violation, 'violation');
    expect(violation.invariant).toBe('bounded');
    const last = must(violation.trace.at(-1), 'last');
    expect(last.state.get('n')).toBe(4n);
    expect(last.action).toBe('add');
    expect(last.args.map(([name]) => name)).toEqual(['id', 'by']);
    expect(last.picks.map(([name]) => name)).toEqual(['who', 'k']);
    expect(violation.trace).toHaveLength(violation.step + 1);
  });

  it('takes every branch of a choice about as often as the others', async () => {
    const compiled = await compileText(`module fair {
      var x: int
      action init = x' = 0
      action step = any { x' = 1, x' = 2, { nondet k = 3.to(4).oneOf() x' = k } }
    }`);
    const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step' }));
    const seen = new Map<string, number>();
    const onTrace = (trace: readonly { readonly state: State }[]): undefined => {
      const value = showValue(must(trace[1]?.state.get('x'), 'x'));
      seen.set(value, (seen.get(value) ?? 0) + 1);
    };
    unwrap(simulate(machine, { seed: 'fair', samples: 6000, maxSteps: 1, onTrace }));
    // Expected 2000, 2000, 1000, 1000; five standard deviations are less than 190.
    for (const [value, count] of [
      ['1', 2000],
      ['2', 2000],
      ['3', 1000],
      ['4', 1000],
    ] as const)
      expect(Math.abs((seen.get(value) ?? 0) - count)).toBeLessThan(190);
  });
});

describe('a machine', { timeout: 60_000 }, () => {
  it('lists every way to go on, with action, arguments and picks', async () => {
    const ways: string[] = [];
    unwrap(
      (await counter()).successors(at(3, 'a'), step => {
        ways.push(
          `${step.action}(${step.args.map(([, v]) => showValue(v)).join()}) ${step.picks.map(([n, v]) => `${n}=${showValue(v)}`).join()} n=${step.state.get('n')}`,
        );
        return true;
      }),
    );
    expect(ways).toEqual(['add("a",1) who="a",k=1 n=4', 'add("b",1) who="b",k=1 n=4', 'reset()  n=0']);
  });

  it('takes a given action with given arguments, and one that is not enabled in no way', async () => {
    const machine = await counter();
    const states: State[] = [];
    unwrap(
      machine.taking(at(1, 'a'), { action: 'add', args: ['b', 2n] }, step => void states.push(step.state)),
    );
    expect(states).toEqual([at(3, 'b')]);
    unwrap(machine.taking(at(1, 'a'), { action: 'reset' }, step => void states.push(step.state)));
    expect(states).toHaveLength(1);
    const picked: string[] = [];
    const picks = [['who', 'b']] as const;
    unwrap(
      machine.taking(
        at(0, 'a'),
        { action: 'step', picks },
        step => void picked.push(`${step.state.get('n')}`),
      ),
    );
    expect(picked).toEqual(['1', '2']);
    expect(originOf(machine.taking(at(0, 'a'), { action: 'add', args: [] }, () => true))).toBe('AUR605');
  });

  it('knows whether a step is allowed', async () => {
    const machine = await counter();
    expect(unwrap(machine.allowed(at(1, 'a'), at(3, 'b')))?.action).toBe('add');
    expect(unwrap(machine.allowed(at(1, 'a'), at(0, 'a')))).toBeUndefined();
    expect(unwrap(machine.allowedInit(at(0, 'a')))?.action).toBe('init');
    expect(unwrap(machine.violated(at(5, 'a')))).toBeUndefined();
  });

  it('may be asked anything by a visitor', async () => {
    const machine = unwrap(
      createMachine(await compileText(twoPhase(2)), {
        init: 'init',
        step: 'step',
        invariants: ['consistent'],
      }),
    );
    const show = (step: Step): string =>
      `${step.action} ${step.picks} ${[...step.state].map(([name, value]) => `${name}=${showValue(value)}`)}`;
    const plain = (state: State): string[] => {
      const found: string[] = [];
      unwrap(machine.successors(state, step => void found.push(show(step))));
      return found;
    };
    const asking = (state: State, depth: number): string[] => {
      const found: string[] = [];
      unwrap(
        machine.successors(state, step => {
          found.push(show(step));
          expect(unwrap(machine.violated(step.state))).toBeUndefined();
          expect(unwrap(machine.allowed(state, step.state))).toBeDefined();
          if (depth > 0) expect(asking(step.state, depth - 1)).toEqual(plain(step.state));
          return true;
        }),
      );
      return found;
    };
    const first = must(unwrap(machine.randomInit(createRandom('r'))), 'init').state;
    expect(asking(first, 2)).toEqual(plain(first));
    expect(plain(first)).toHaveLength(5);
  });

  it('opens a choice only where it is read, and takes no branch where there is nothing to choose', async () => {
    const waysOf = async (set: string): Promise<string[]> => {
      const compiled = await compileText(`module lazy {
        var x: int
        action init = x' = 0
        action step = {
          nondet a = 1.to(3).oneOf()
          nondet b = ${set}.oneOf()
          any { x' = a, x' = 0, x' = 10 * a + b }
        }
      }`);
      const ways: string[] = [];
      const machine = unwrap(createMachine(compiled, { init: 'init', step: 'step' }));
      unwrap(
        machine.successors(new Map([['x', 0n]]), ({ state, picks }) => {
          ways.push(`${state.get('x')} ${picks.map(([name, value]) => `${name}=${showValue(value)}`)}`);
          return true;
        }),
      );
      return ways;
    };
    const once = ['1 a=1', '2 a=2', '3 a=3', '0 '];
    const product = ['14 a=1,b=4', '15 a=1,b=5', '24 a=2,b=4', '25 a=2,b=5', '34 a=3,b=4', '35 a=3,b=5'];
    expect(await waysOf('Set(4, 5)')).toEqual([...once, ...product]);
    expect(await waysOf('Set(4, 5).filter(n => n > 5)')).toEqual([]);
    // Whether a set that depends on a choice is empty shows only once that choice is made.
    const dependent = await waysOf('4.to(a + 2)');
    expect(dependent.filter(way => way.startsWith('0'))).toEqual(['0 a=2', '0 a=3']);
  });

  it('makes random steps that it allows', async () => {
    const machine = await counter();
    const random = createRandom('steps');
    let state = must(unwrap(machine.randomInit(random)), 'init').state;
    for (let i = 0; i < 50; i++) {
      const step = must(unwrap(machine.randomStep(state, random)), 'step');
      expect(unwrap(machine.allowed(state, step.state))).toBeDefined();
      state = step.state;
    }
  });

  it('refuses names that the spec lacks', async () => {
    const compiled = await compileText(COUNTER);
    expect(originOf(createMachine(compiled, { init: 'inti', step: 'step' }))).toBe('AUR604');
    expect(originOf(createMachine(compiled, { init: 'init', step: 'add' }))).toBe('AUR605');
  });
});

describe('tests of a spec', { timeout: 60_000 }, () => {
  it('have the verdicts of quint test', async () => {
    // `quint test` on this spec: onceTest, repsTest, failsTest, luckyTest pass; numberTest and paramTest are ignored.
    const report = runTests(await compileText(COUNTER), { seed: '1', maxSamples: 50 });
    expect(report.passed.map(test => test.name).sort()).toEqual([
      'failsTest',
      'luckyTest',
      'onceTest',
      'repsTest',
    ]);
    expect(report.passed.find(test => test.name === 'onceTest')?.samples).toBe(1);
    expect(report.passed.find(test => test.name === 'luckyTest')?.samples).toBe(50);
    expect([...report.ignored].sort()).toEqual(['numberTest', 'paramTest']);
    const failures = report.failed.map(({ name, error }) => [name, error.origin, error.location?.line]);
    expect(failures.sort()).toEqual([
      ['falseTest', 'QNT511', 22],
      ['stuckTest', 'QNT513', 20],
      ['wrongTest', 'QNT508', 19],
    ]);
  });
});

describe('evaluate', { timeout: 60_000 }, () => {
  it('evaluates any part of a definition, given what stands around it', async () => {
    const compiled = await compileText(twoPhase(2));
    const ref = unwrap(findOp(compiled, 'tmRcvPrepared'));
    const body = ref.def.expr.kind === 'lambda' ? ref.def.expr.expr : ref.def.expr;
    const guard = must(body.kind === 'app' ? body.args[1] : undefined, 'second conjunct');
    expect(freeNames(compiled, guard).map(one => one.name)).toEqual(['rm']);
    const state: State = new Map([['msgs', setOf([{ kind: 'variant', tag: 'PreparedMsg', value: 'r1' }])]]);
    expect(unwrap(evaluate(compiled, guard.id, state, new Map([['rm', 'r1']])))).toBe(true);
    expect(unwrap(evaluate(compiled, guard.id, state, new Map([['rm', 'r2']])))).toBe(false);
    expect(originOf(evaluate(compiled, guard.id, state))).toBe('QNT501');
    expect(unwrap(evaluate(await compileText(COUNTER), 'room', at(3, 'a'), new Map([['extra', 2n]])))).toBe(
      false,
    );
  });

  it('tells where an error stands and which variable has no value', async () => {
    const compiled = await compileText(COUNTER);
    const failed = evaluate(compiled, 'bounded', new Map());
    expect(failed).toMatchObject({
      ok: false,
      errors: [{ code: 'AUR601', origin: 'QNT502', location: { line: 13, column: 17 } }],
    });
    const ref = unwrap(findOp(compiled, 'bounded'));
    expect(unwrap(compileExpr(compiled, { expr: ref.def.expr })(at(9, 'b')))).toBe(false);
  });
});

describe('explain', { timeout: 60_000 }, () => {
  it('goes down to what decided, with the values', async () => {
    const compiled = await compileText(COUNTER);
    const ref = unwrap(findOp(compiled, 'fine'));
    const top = unwrap(explain(compiled, { expr: ref.def.expr, site: ref }, at(3, 'b')));
    const path: string[] = [];
    for (let node = top; ; ) {
      path.push(`${node.what}=${showValue(node.value)}`);
      const next = node.because.at(-1);
      if (next === undefined) break;
      node = next;
    }
    expect(path).toEqual(['and=false', 'or=false', 'forall=false', 'implies=false', '<=false', 'n=3']);
    const implication = top.because[0]?.because[1]?.because[0];
    expect(implication?.bindings).toEqual([['id', 'b']]);
    expect(implication?.location?.line).toBe(14);
  });
});
