// Random scenarios that follow the format and do not contradict themselves.
import fc from 'fast-check';
import type { Scenario } from '../../generated/scenario.js';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const rate = fc.double({ min: 0, max: 1, noNaN: true }).map(value => value + 0);
const ms = fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.double({ min: 0, max: 1e6, noNaN: true }));
const seed = fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String));
const literal = fc.constantFrom(
  '1',
  '-7',
  'true',
  '"a b"',
  'Set(1, 2)',
  'Map("p" -> [1])',
  '{ a: (1, 2) }',
  'Some(3)',
);
const literals = fc.dictionary(name, literal, { maxKeys: 3, noNullPrototype: true });
const few = { maxLength: 3 };

function optional<T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc.record(model, { requiredKeys: [] });
}

function open(known: Record<string, fc.Arbitrary<unknown>>) {
  const own = fc.dictionary(
    name.map(key => `own_${key}`),
    fc.oneof(fc.integer(), text, fc.array(fc.boolean())),
    {
      maxKeys: 2,
      noNullPrototype: true,
    },
  );
  return fc
    .tuple(fc.record({ type: name }), fc.record(known, { requiredKeys: [] }), own)
    .map(([type, some, more]) => ({ ...more, ...some, ...type }));
}

const protocol = open({ timeout_epochs: fc.integer({ min: 1, max: 500 }), context: text });
const strategy = open({ description: text, abort_after: name });

function assertionFor(id: fc.Arbitrary<number>) {
  const ids = fc.uniqueArray(id, few);
  return open({
    timeout_multiplier: fc.constantFrom(0.5, 2, 3),
    honest_participants: ids,
    expected_property: name,
  });
}

function partition(participants: number) {
  const groups = fc
    .uniqueArray(fc.nat(participants - 1), { minLength: 2, maxLength: Math.min(participants, 6) })
    .map(ids => [ids.slice(0, 1), ids.slice(1)]);
  const timed = fc.tuple(groups, ms, fc.boolean(), fc.constantFrom('drop' as const, 'deliver' as const));
  return fc.oneof(
    groups,
    timed.map(([each, start_ms, one_way, in_flight]) => ({
      groups: each,
      start_ms,
      heal_ms: start_ms + 1,
      one_way,
      in_flight,
    })),
  );
}

function quorum(participants: number) {
  return fc.record(
    {
      participants: fc.constant(participants),
      threshold: fc.integer({ min: 1, max: participants }),
      fault_bound: fc.nat(participants),
      guardian_approvals: fc.nat(9),
    },
    { requiredKeys: ['participants', 'threshold', 'fault_bound'] },
  );
}

function scenarioOf(participants: number): fc.Arbitrary<Scenario> {
  const id = fc.nat(participants - 1);
  const assertions = fc.array(assertionFor(id), few);
  const network = optional({
    latency_range: fc.tuple(ms, ms).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]),
    latency_distribution: fc.constantFrom('fixed' as const, 'uniform' as const, 'normal' as const),
    drop_rate: rate,
    duplicate_rate: rate,
    reorder_rate: rate,
    corrupt_rate: rate,
    bandwidth: fc.integer({ min: 1 }),
    partitions: fc.array(partition(participants), few),
  });
  const who = fc.oneof(
    fc.nat(participants).map(count => ({ count })),
    fc.uniqueArray(id, few).map(ids => ({ participants: ids, count: ids.length })),
    fc.uniqueArray(id, few).map(ids => ({ participants: ids })),
  );
  const byzantine = fc
    .tuple(who, fc.array(strategy, few))
    .map(([some, strategies]) => ({ ...some, strategies }));
  const setup = fc
    .tuple(
      quorum(participants),
      optional({ seed, constants: fc.dictionary(name, literal, { maxKeys: 2, noNullPrototype: true }) }),
    )
    .map(([who, more]) => ({ ...who, ...more }));
  const step = fc.record(
    {
      action: name,
      operation: name,
      node: id,
      params: literals,
      picks: literals,
      at: ms,
      fault: open({ participants: fc.uniqueArray(id, few), duration_ms: ms }),
      expect: fc.constantFrom('accepted' as const, 'rejected' as const),
    },
    { requiredKeys: ['action'] },
  );
  const phase = fc.record(
    {
      name,
      setup: quorum(participants),
      protocols: fc.array(protocol, few),
      assertions,
      simulate: fc.array(open({ lost_device: id }), few),
      checkpoints: fc.array(name, few),
    },
    { requiredKeys: ['name'] },
  );
  return fc.record(
    {
      name,
      description: text,
      expected_outcome: fc.constantFrom('success' as const, 'failure' as const, 'inconclusive' as const),
      setup,
      network,
      byzantine,
      protocols: fc.array(protocol, few),
      assertions,
      phases: fc.uniqueArray(phase, { selector: each => each.name, maxLength: 3 }),
      timing: optional({
        epoch_ms: fc.integer({ min: 1, max: 9999 }),
        timeout_epochs: fc.integer({ min: 1, max: 9999 }),
        jitter_ms: ms,
        clock_skew_ms: ms,
      }),
      faults: fc.array(
        fc.record(
          {
            type: fc.constantFrom('crash', 'drop'),
            participants: fc.constant([0]),
            at_ms: ms,
            duration_ms: ms,
          },
          { requiredKeys: ['type'] },
        ),
        few,
      ),
      chaos: optional({ swarm: fc.boolean(), safety_ms: fc.constantFrom(0, 0.25, 0.5), liveness_ms: ms }),
      steps: fc.array(step, { maxLength: 5 }),
    },
    { requiredKeys: ['name', 'setup'] },
  );
}

export const scenarios: fc.Arbitrary<Scenario[]> = fc.uniqueArray(
  fc.integer({ min: 2, max: 40 }).chain(scenarioOf),
  { selector: scenario => scenario.name, minLength: 1, maxLength: 3 },
);
