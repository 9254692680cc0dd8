// The commands of the Aura guide ("Quint-Driven Chaos Testing Integration Guide", sections Quick Start 3, Generate
// Scenarios, Debugging Workflow 2 and 3), as it writes them but for the paths of the specs: who follows the guide can
// paste them. They run in one folder, one after the other, as a reader would.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { must } from '../../src/util/assert.js';
import { expectManifest } from './documents.js';
import { contentsOf, newFolder, pathsIn } from './folders.js';
import { type AuraRun, PROJECT, runAura } from './run-aura.js';

let project: string;

beforeAll(async () => {
  project = await newFolder();
  await mkdir(path.join(project, 'specs'));
  const spec = path.join('specs', 'threshold_signing.qnt');
  await cp(path.join(PROJECT, spec), path.join(project, spec));
});

/** Runs a command that needs no more of a shell than words and continued lines. */
async function paste(command: string): Promise<AuraRun> {
  const [program, ...args] = command.replaceAll('\\\n', ' ').trim().split(/\s+/);
  expect(program).toBe('aura');
  const run = await runAura(args, { cwd: project });
  expect(run.exitCode, run.stderr).toBe(0);
  return run;
}

async function manifestOf(folder: string) {
  const files = await contentsOf(path.join(project, folder));
  return expectManifest(must(files.get('manifest.json'), 'a manifest'));
}

it('Quick Start 3: Generate Scenarios from Quint Specs', async () => {
  await paste(`
aura scenarios generate \\
  --spec specs/threshold_signing.qnt \\
  --module threshold_signing \\
  --output scenarios/quint_generated/ \\
  --scenario-count 10 \\
  --chaos-enabled
`);
  const manifest = await manifestOf('scenarios/quint_generated');
  expect(manifest.scenarios).toHaveLength(10);
  expect(manifest.options).toMatchObject({ chaos_enabled: true, chaos_intensity: 0.3, byzantine_ratio: 0.2 });
  expect(manifest.untargeted).toEqual([]);
}, 400_000);

it('Generate Scenarios: advanced generation with options', async () => {
  await paste(`
aura scenarios generate \\
  --spec specs/threshold_signing.qnt \\
  --module threshold_signing \\
  --traces 20 \\
  --max-length 50 \\
  --byzantine-ratio 0.3 \\
  --output scenarios/generated/ \\
  --chaos-intensity 0.4
`);
  const { options, scenarios } = await manifestOf('scenarios/generated');
  expect(options).toMatchObject({
    traces: 20,
    max_length: 50,
    chaos_enabled: true,
    chaos_intensity: 0.4,
    byzantine_ratio: 0.3,
  });
  expect(scenarios).toHaveLength(5);
});

it('Generate Scenarios: basic generation, with the settings of a configuration', async () => {
  const settings = '[quint.generation]\ndefault_scenario_count = 3\nmax_trace_length = 9\n';
  await writeFile(path.join(project, 'aura-config.toml'), settings);
  await paste('aura scenarios generate --spec specs/threshold_signing.qnt');
  const { options, scenarios } = await manifestOf('scenarios/quint_generated');
  expect(options).toMatchObject({ scenario_count: 3, max_length: 9, traces: 500, chaos_enabled: false });
  expect(scenarios).toHaveLength(3);
});

it('Debugging Workflow 2: Test Scenario Generation', async () => {
  const before = await pathsIn(project);
  const run = await paste('aura scenarios generate --spec specs/threshold_signing.qnt --dry-run --verbose');
  expect(run.stdout).toContain('would write');
  expect(run.stdout).toMatch(/targets \w+; traces 001-1\.itf\.json; found by \w+ with seed \d+/);
  expect(await pathsIn(project)).toEqual(before);
});

it('Debugging Workflow 3: Verify Property Mapping', async () => {
  const { stdout } = await paste(
    'aura quint map-properties --spec specs/threshold_signing.qnt --show-mapping',
  );
  expect(stdout).toMatch(
    /^ {2}NonceNeverReused +CounterUniqueness +annotation @property CounterUniqueness \(line \d+\)$/m,
  );
  expect(stdout).toMatch(/^ {2}EverySessionEnds +ProtocolProgress +annotation @property/m);
  expect(stdout).toMatch(
    /^ {2}equivocate\(p, s\) +byzantine: commitment_equivocation +annotation @byzantine/m,
  );
  expect(stdout).toMatch(/^ {2}commit\(p, s\) +honest +no other rule fits/m);
});

it('Analyze Traces: convert an execution trace, verify it', async () => {
  // A log to analyse: a run of the spec, told as a system would tell it.
  await paste(
    'aura quint simulate --spec specs/threshold_signing.qnt --samples 1 --max-steps 15 --out-itf run.itf.json',
  );
  await paste('aura quint trace-convert --itf run.itf.json --output execution.json');
  await paste(`
aura quint trace-convert \\
  --execution-trace execution.json \\
  --spec specs/threshold_signing.qnt \\
  --output quint_trace.itf
`);
  const run = await paste(`
aura quint verify \\
  --spec specs/threshold_signing.qnt \\
  --trace quint_trace.itf \\
  --invariant NonceNeverReused
`);
  expect(run.stdout).toContain('PASSED  1 of 1 trace conform, 1 property holds');
});

it('Debugging: types, and the format of a trace', async () => {
  const types = `
pub type Participant = String;
pub type Session = String;
pub type Nonce = i64;
#[derive(Serialize, Deserialize)]
pub struct Share { pub signer: Participant, pub session: Session, pub nonce: Nonce, pub valid: bool }
#[derive(Serialize, Deserialize)]
pub enum Phase { Idle, Committing, Signing, Complete, Aborted }
`;
  await writeFile(path.join(project, 'types.rs'), types);
  const checked = await paste(
    'aura quint check-types --spec specs/threshold_signing.qnt --rust-types types.rs',
  );
  expect(checked.stdout).toContain('Share');
  const valid = await paste(
    'aura quint validate-trace --trace execution.json --spec specs/threshold_signing.qnt',
  );
  expect(valid.stdout).toContain('valid: execution.json');
});
