// The TOML texts of RFC 080, section 5, as they stand there, one file each. Never edit the fixtures.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LoadedScenario, loadScenarioFile, loadScenarios } from '../../src/scenario/load.js';

const folder = path.join(import.meta.dirname, '../fixtures/rfc080');

async function load(file: string): Promise<LoadedScenario[]> {
  const loaded = await loadScenarioFile(path.join(folder, file));
  if (!loaded.ok) expect.fail(loaded.errors.map(each => each.message).join('\n'));
  return loaded.value;
}

describe('the texts of RFC 080', () => {
  it('load one by one', async () => {
    const names = (await load('core_protocols/dkd_basic.toml')).map(each => each.scenario.name);
    expect(names).toEqual(['DKD 3-of-5 Success', 'DKD with Network Delays']);
    expect(await load('adversarial/byzantine_resistance.toml')).toHaveLength(1);
    expect(await load('integration/account_lifecycle.toml')).toHaveLength(1);
    expect(await load('chaos_generated/threshold_violations.toml')).toHaveLength(1);
  });

  it('load as a folder, by path', async () => {
    const loaded = await loadScenarios(folder);
    if (!loaded.ok) expect.fail(loaded.errors.map(each => each.message).join('\n'));
    const places = loaded.value.map(({ file, line }) => `${path.relative(folder, file)}:${line}`);
    expect(places).toEqual([
      'adversarial/byzantine_resistance.toml:3',
      'chaos_generated/threshold_violations.toml:4',
      'core_protocols/dkd_basic.toml:3',
      'core_protocols/dkd_basic.toml:36',
      'integration/account_lifecycle.toml:3',
    ]);
  });

  it('inherit: the child changes the latency, keeps the rest and adds an assertion', async () => {
    const [base, child] = (await load('core_protocols/dkd_basic.toml')).map(each => each.scenario);
    expect(child).toEqual({
      ...base,
      name: 'DKD with Network Delays',
      description: 'DKD under high network latency',
      network: { ...base?.network, latency_range: [200, 500] },
      assertions: [
        ...(base?.assertions ?? []),
        { type: 'protocol_completes_within_timeout', timeout_multiplier: 3 },
      ],
    });
    expect(base?.setup).toMatchObject({ participants: 5, threshold: 3, seed: '12345' });
    expect(base?.network).toMatchObject({ latency_range: [10, 50], drop_rate: 0, partitions: [] });
  });

  it('name the byzantine participants, or take the last ones', async () => {
    const [named] = await load('adversarial/byzantine_resistance.toml');
    expect(named?.scenario.byzantine.participants).toEqual([3, 4]);
    expect(named?.scenario.byzantine.strategies[1]).toEqual({
      type: 'selective_abort',
      abort_after: 'commitment_phase',
    });
    const [counted] = await load('chaos_generated/threshold_violations.toml');
    expect(counted?.scenario.byzantine.participants).toEqual([2, 3, 4]);
    expect(counted?.scenario.quint_source).toEqual({
      specification: 'threshold_signatures.qnt',
      property: 'ThresholdSafety',
      violation_pattern: 'insufficient_signers',
    });
  });

  it('run phases in one world that changes', async () => {
    const [lifecycle] = await load('integration/account_lifecycle.toml');
    const phases = lifecycle?.scenario.phases ?? [];
    expect(phases.map(({ name, setup }) => [name, setup.participants, setup.threshold])).toEqual([
      ['bootstrap', 3, 2],
      ['add_device', 4, 3],
      ['device_loss_recovery', 4, 3],
    ]);
    expect(phases[2]?.setup.guardian_approvals).toBe(2);
    expect(phases[2]?.simulate).toEqual([{ type: 'device_loss', lost_device: 0 }]);
    expect(phases[1]?.protocols).toEqual([{ type: 'resharing', new_threshold: 3, timeout_epochs: 100 }]);
    expect(lifecycle?.scenario.setup).toMatchObject({ participants: 3, threshold: 2 });
    expect(lifecycle?.scenario.expected_outcome).toBe('success');
  });
});
