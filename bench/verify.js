// What verification costs: a million events of a log of specs/locking in bounded memory and linear time, a log with a
// variable that nobody observed in states searched per event, and a small trace from start to verdict in CPU time
// against `quint typecheck` of the same spec; and, as of the engine, invariants over given states against Quint.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createMachine } from '../dist/src/engine/index.js';
import { encodePlainValue } from '../dist/src/trace/plain-encode.js';
import { createRandom } from '../dist/src/util/random.js';
import * as invariants from './engine-invariants.js';
import { openSpecs } from './engine-specs.js';
import { median } from './measure.js';
import { AURA, QUINT, ROOT, runScript } from './programs.js';
import { rounded, row } from './table.js';

export const title = 'verification of traces';

const LONG = 1_000_000;
const SHORT = 10_000;
/** Events of a log in which one variable is left out. */
const OPEN = 3_000;
/** Megabytes that verifying a long log may take. */
const MEGABYTES = 400;
/** Of the clock of the kernel, a second: what /proc counts CPU time in. */
const TICKS = 100;

export async function run({ rounds = 3 } = {}) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'aura-bench-'));
  try {
    const [locking] = await openSpecs(['locking']);
    const rows = await invariants.run({ rounds });
    rows.push(...(await longTrace(locking, scratch)), ...(await openTraces(locking, scratch)));
    for (const name of ['locking', 'counter', 'dkd', 'threshold_signing'])
      rows.push(await startToVerdict(name, scratch, rounds));
    return rows;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function longTrace(spec, scratch) {
  const measured = [];
  for (const events of [SHORT, LONG]) {
    const file = path.join(scratch, `${events}.jsonl`);
    await writeLog(spec, file, events, () => true);
    measured.push({ events, ...(await verifying(spec, file)) });
    rmSync(file);
  }
  const [short, long] = measured.map(({ seconds, events }) => (1e6 * seconds) / events);
  const { megabytes } = measured[1];
  return [
    row({
      work: 'a log of a million events, verified: resident memory against its bound',
      spec: spec.name,
      ours: `${rounded(megabytes)} MB`,
      theirs: `${MEGABYTES} MB`,
      ratio: MEGABYTES / megabytes,
      least: 1,
    }),
    row({
      work: 'time an event: ten thousand events against a million',
      spec: spec.name,
      ours: `${rounded(long)} us`,
      theirs: `${rounded(short)} us`,
      ratio: short / long,
      least: 1 / 1.3,
    }),
  ];
}

async function openTraces(spec, scratch) {
  const rows = [];
  for (const { name, short } of spec.compiled.variables) {
    const file = path.join(scratch, 'open.jsonl');
    await writeLog(spec, file, OPEN, variable => variable !== name, false);
    const { verdict } = await verifying(spec, file);
    const { searched, exhaustive, verdict: conformance } = verdict.traces[0].conformance;
    rows.push(
      row({
        work: `${OPEN} events without their actions and one variable: states searched an event`,
        spec: `${spec.name}, ${short} unobserved`,
        ours: `${rounded(searched / OPEN)}, ${conformance}${exhaustive ? '' : ', not all behaviours'}`,
      }),
    );
  }
  return rows;
}

async function startToVerdict(name, scratch, rounds) {
  const spec = path.join(ROOT, 'specs', `${name}.qnt`);
  const trace = path.join(scratch, `${name}.itf.json`);
  const steps = ['--samples', 1, '--max-steps', 15, '--out-itf', trace];
  await runScript(AURA, ['quint', 'simulate', '--spec', spec, ...steps]);
  const aura = () => runScript(AURA, ['quint', 'verify', '--spec', spec, '--trace', trace]);
  const quint = () => runScript(QUINT, ['typecheck', spec]);
  await aura();
  const pairs = [];
  for (let round = 0; round < rounds; round++)
    pairs.push({ ours: await cpu(aura), theirs: await cpu(quint) });
  return row({
    work: 'CPU time from start to verdict, cache warm, against quint typecheck',
    spec: name,
    ours: `${rounded(median(pairs.map(pair => pair.ours)))} s`,
    theirs: `${rounded(median(pairs.map(pair => pair.theirs)))} s`,
    ratio: median(pairs.map(pair => pair.theirs / pair.ours)),
    least: 4,
  });
}

/** CPU seconds of the processes that the work starts and waits for. */
async function cpu(work) {
  const children = () => {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS;
  };
  const before = children();
  await work();
  return children() - before;
}

/** A log of one long random run: every event tells the variables that it changed, of those that are observed. */
async function writeLog({ compiled }, file, events, isObserved, named = true) {
  const machine = createMachine(compiled, { init: 'init', step: 'step' }).value;
  const random = createRandom('bench');
  const out = createWriteStream(file);
  out.write('{"format":"aura-execution-trace","version":1,"state_mode":"delta"}\n');
  let before = new Map();
  let step = machine.randomInit(random).value;
  for (let i = 0; i <= events; i++) {
    const changed = [...step.state].filter(([name, value]) => isObserved(name) && before.get(name) !== value);
    const state = changed
      .map(([name, value]) => `${JSON.stringify(name)}:${encodePlainValue(value)}`)
      .join(',');
    const action = i === 0 ? 'init' : named ? step.action : undefined;
    const told = action === undefined ? '' : `"action":${JSON.stringify(action)},`;
    const line = `{"seq":${i},${told}"state":{${state}}}\n`;
    if (!out.write(line)) await once(out, 'drain');
    before = step.state;
    let next;
    while (next === undefined) next = machine.randomStep(step.state, random).value;
    step = next;
  }
  out.end();
  await once(out, 'finish');
}

/** The verdict, the seconds that it took after start-up, and the most memory that the process held. */
function verifying({ file: spec, name }, trace) {
  return new Promise((resolve, reject) => {
    const args = [AURA, 'quint', 'verify', '--spec', spec, '--module', name, '--trace', trace, '--json'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const chunks = [];
    let megabytes = 0;
    const watch = setInterval(() => {
      try {
        const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
        megabytes = Math.max(megabytes, Number(peak?.[1] ?? 0) / 1024);
      } catch {
        // It has ended.
      }
    }, 100);
    child.stdout.on('data', chunk => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', () => {
      clearInterval(watch);
      const verdict = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      if (verdict.errors) reject(new Error(verdict.errors[0].message));
      else resolve({ verdict, seconds: verdict.timing.seconds, megabytes });
    });
  });
}
