// Assertions judged by what runs told, without a run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AssertionContext, ProtocolOutcome } from '../../src/run/assertion.js';
import { ASSERTIONS } from '../../src/run/assertions.js';
import { loadAssertions } from '../../src/run/own-assertions.js';
import { must } from '../../src/util/assert.js';
import { unwrap } from '../quint.js';

const setup = { participants: 3, threshold: 2, fault_bound: 1, guardian_approvals: 1 };

const RUN: ProtocolOutcome = {
  protocol: 'tally',
  phase: null,
  setup,
  parameters: {},
  endings: [{ as: 'aborted', reason: null }, null, null],
  accusations: [],
  facts: undefined,
  epochs: 1,
  timeoutEpochs: 9,
  timedOut: false,
  conformance: 'conforms',
  properties: [],
};

function context(run: Partial<ProtocolOutcome>, more: Partial<AssertionContext> = {}): AssertionContext {
  return {
    phase: null,
    setup,
    honest: [0],
    byzantine: [2],
    lost: [1],
    runs: [{ ...RUN, ...run }],
    attempts: [],
    target: undefined,
    watched: true,
    known: [],
    checksInvariants: true,
    ...more,
  };
}

const verdictOf = async (type: string, given: AssertionContext) =>
  (await must(ASSERTIONS[type], type)({ type }, given)).verdict;

describe('assertions', () => {
  it('take the word of honest participants only, not of byzantine ones and services', async () => {
    const by = (number: number) => context({ accusations: [{ by: number, who: 2, reason: 'lies' }] });
    expect(await verdictOf('byzantine_participants_detected', by(0))).toBe('held');
    expect(await verdictOf('byzantine_participants_detected', by(2))).toBe('failed');
    expect(await verdictOf('byzantine_participants_detected', by(3))).toBe('failed');
  });

  it('do not call safe what was not checked', async () => {
    expect(await verdictOf('protocol_aborts_safely', context({}))).toBe('held');
    expect(await verdictOf('protocol_aborts_safely', context({}, { checksInvariants: false }))).toBe(
      'unknown',
    );
    const known = [{ name: 'P', class: null }];
    expect(await verdictOf('property_violation_detected', context({}, { known }))).toBe('unknown');
    expect(await verdictOf('property_violation_detected', context({}, { known, target: 'P' }))).toBe(
      'unknown',
    );
    expect(await verdictOf('property_violation_detected', context({}, { known, target: 'Q' }))).toBe(
      'failed',
    );
  });
});

describe('an assertion of one’s own', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'aura-assertions-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gets copies', async () => {
    const file = path.join(folder, 'own.mjs');
    writeFileSync(
      file,
      'export const wipe = (one, given) => { one.type = ""; given.runs.length = 0; return true; };',
    );
    const { check } = unwrap(await loadAssertions(file));
    const given = context({});
    expect(await check({ type: 'wipe' }, given)).toMatchObject({ verdict: 'held' });
    expect(given.runs).toHaveLength(1);
  });
});
