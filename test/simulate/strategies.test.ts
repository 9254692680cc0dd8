// Byzantine strategies around honest participants: what each does, what it counts, what honest ones see of it, and that a
// healed one behaves.
import { describe, expect, it } from 'vitest';
import type { ByzantineStrategy } from '../../generated/scenario.js';
import { PROTOCOLS } from '../../src/simulate/protocols/index.js';
import type { Simulation } from '../../src/simulate/simulation.js';
import { must } from '../../src/util/assert.js';
import { tokens } from './support/tokens.js';
import { actionsOf, beginOptions, begun, got } from './support/world.js';

function withStrategy(strategy: ByzantineStrategy, timeoutEpochs = 3, beats = 3): Simulation {
  return begun({
    byzantine: { participants: [2], strategies: [strategy] },
    observation: { verbose: true },
    begin: { timeoutEpochs, parameters: { rounds: 3, beats } },
  });
}

function countOf(simulation: Simulation): number {
  return simulation.counts().find(({ of }) => of === 'strategy')?.count ?? -1;
}

describe('silent', () => {
  it('takes no step and sends nothing, and the others find no end', () => {
    const simulation = withStrategy({ type: 'silent' });
    const events = [...simulation.run()];
    expect(events.filter(({ action, node }) => action === 'say' && node === 'p2')).toEqual([]);
    expect(events.filter(({ message }) => message?.kind === 'send' && message.from === 'p2')).toEqual([]);
    expect(countOf(simulation)).toBeGreaterThan(0);
    expect(simulation.endings).toEqual([]);
  });

  it('ends when it is healed', () => {
    const simulation = withStrategy({ type: 'silent' }, 10);
    [...simulation.run({ untilMs: 1_500 })];
    const count = countOf(simulation);
    simulation.heal([0, 1, 2]);
    expect(actionsOf(simulation.run()).filter(action => action === 'say')).toHaveLength(3);
    expect(simulation.endings).toHaveLength(3);
    expect(countOf(simulation)).toBe(count);
  });
});

describe('delay', () => {
  it.each([
    [undefined, 1_000],
    [300, 300],
  ])('sends everything late: delay_ms = %s', (delay_ms, late) => {
    const simulation = withStrategy({ type: 'delay', ...(delay_ms !== undefined && { delay_ms }) });
    const events = [...simulation.run()];
    const said = events.find(({ action, node }) => action === 'say' && node === 'p2');
    const sent = events.find(({ message }) => message?.kind === 'send' && message.from === 'p2');
    expect((sent?.time ?? 0) - (said?.time ?? 0)).toBeGreaterThanOrEqual(late - 21);
    expect(countOf(simulation)).toBeGreaterThan(0);
  });
});

describe('replay', () => {
  it('sends old messages again, which change nothing', () => {
    const simulation = withStrategy({ type: 'replay' }, 3, 0);
    const events = [...simulation.run()];
    const sent = events.filter(({ message }) => message?.kind === 'send' && message.from === 'p2');
    // Three numbers to two others, a token, and one old message with each turn but the first.
    expect(sent.length).toBe(6 + 1 + 3);
    expect(countOf(simulation)).toBe(4);
    expect(simulation.endings).toHaveLength(3);
    expect(simulation.facts().keys).toEqual({ 0: '0,3,3', 1: '3,0,3', 2: '3,3,0' });
  });
});

describe('conflicting_messages', () => {
  it('tells one another thing than the other, who accuses it', () => {
    const simulation = withStrategy({ type: 'conflicting_messages' });
    [...simulation.run()];
    expect(countOf(simulation)).toBe(3);
    expect(simulation.accusations).toMatchObject([
      { by: 1, who: 2, reason: 'says too much', protocol: 'tokens' },
    ]);
  });
});

describe('forge_sender', () => {
  it('speaks in the name of another and is found out by its signature', () => {
    const simulation = withStrategy({ type: 'forge_sender' });
    [...simulation.run()];
    expect(simulation.accusations).toMatchObject([
      { who: 2, reason: 'forged sender' },
      { who: 2, reason: 'forged sender' },
    ]);
    expect(new Set(simulation.accusations.map(({ by }) => by))).toEqual(new Set([0, 1]));
  });
});

it('what is said again in a second run of the same protocol is said in it', () => {
  const simulation = withStrategy({ type: 'conflicting_messages' });
  [...simulation.run()];
  const said = simulation.accusations.length;
  got(simulation.begin(tokens, beginOptions()));
  [...simulation.run()];
  expect(simulation.accusations.slice(0, said).map(({ run }) => run)).toEqual(Array(said).fill(1));
  expect(simulation.accusations.slice(said)).toMatchObject([
    { run: 2, by: 1, who: 2, reason: 'says too much' },
  ]);
});

describe('healing', () => {
  const played = Object.entries(PROTOCOLS).flatMap(([name, protocol]) =>
    Object.keys(protocol.strategies).map((type): [string, string] => [name, type]),
  );

  it.each(played)('in %s it ends %s', (name, type) => {
    const simulation = begun({
      protocol: must(PROTOCOLS[name], name),
      participants: 4,
      byzantine: { participants: [3], strategies: [{ type }] },
      begin: { guardianApprovals: 2 },
    });
    while (countOf(simulation) === 0 && simulation.advance() !== undefined);
    const count = countOf(simulation);
    simulation.heal([0, 1, 2, 3]);
    [...simulation.run({ untilMs: simulation.time + 6_000 })];
    expect(countOf(simulation)).toBe(count);
    expect(count).toBeGreaterThan(0);
  });
});

it('strategies belong to the byzantine participants in turn and go round', () => {
  const strategies = [{ type: 'silent' }, { type: 'replay' }];
  const simulation = begun({ participants: 4, byzantine: { participants: [3, 1, 0], strategies } });
  expect(simulation.counts().map(({ type, participants }) => [participants, type])).toEqual([
    [[0], 'silent'],
    [[1], 'replay'],
    [[3], 'silent'],
  ]);
});

it('under a schedule a silent one takes no step either', () => {
  const simulation = withStrategy({ type: 'silent' });
  const refused = simulation.invoke({ action: 'say', params: { p: 'p2', n: 1 } }, { patienceMs: 1_000 });
  expect(refused).toMatchObject({ accepted: false, reason: 'p2 refuses it' });
});
