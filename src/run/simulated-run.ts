// A scenario on the simulator: its phases in order in one world, in each what is simulated, then the protocols one after
// another, then what has to hold. What goes wrong in a protocol ends its phase, and a phase that failed ends the scenario.
import type { RunPhase } from '../../generated/run-result.js';
import type { ResolvedPhase, ResolvedScenario } from '../scenario/resolved.js';
import type { NodeId } from '../simulate/data.js';
import { auraError } from '../util/errors.js';
import { fail, ok, type Result } from '../util/result.js';
import { plannedRuns } from './needed-specs.js';
import type { RunContext } from './run-context.js';
import { runProtocol } from './simulated-protocol.js';
import { makeWorld, type SimulatedWorld } from './simulated-world.js';
import { LineWriter } from './trace-recorder.js';

/** A part of the scenario; what runs before any phase is one without a name. */
type Part = Omit<ResolvedPhase, 'name'> & { readonly name: string | null };

/** Errors: what keeps the scenario from running; what it showed is in the story. */
export async function runSimulated(context: RunContext): Promise<Result<void>> {
  const { job, tools, folder, story } = context;
  const { scenario } = job;
  if (plannedRuns(scenario).length === 0) return fail(nothingToRun(scenario));
  const verbose = job.options.trace === 'verbose';
  const effects = verbose ? new LineWriter(folder.path('effects.jsonl')) : undefined;
  try {
    const { onEffect } = tools;
    const watch =
      effects === undefined && onEffect === undefined
        ? {}
        : {
            onEffect: (report: Parameters<NonNullable<typeof onEffect>>[0]) => {
              effects?.write(JSON.stringify(report));
              onEffect?.(report);
            },
          };
    const made = makeWorld(scenario, job.seed, tools.protocols, { verbose, ...watch });
    if (!made.ok) return made;
    const world = made.value;
    story.byzantine = world.byzantine.participants;
    for (const part of partsOf(scenario)) {
      if (story.isOver) story.skipPhase(part.name);
      else {
        const ran = await runPart(context, world, part);
        if (!ran.ok) return ran;
      }
    }
    tellCounts(context, world);
    return ok(undefined);
  } finally {
    effects?.close();
  }
}

function partsOf({ setup, protocols, phases }: ResolvedScenario): Part[] {
  const before = { name: null, setup, protocols, assertions: [], simulate: [], checkpoints: [] };
  return protocols.length > 0 ? [before, ...phases] : [...phases];
}

async function runPart(context: RunContext, world: SimulatedWorld, part: Part): Promise<Result<void>> {
  const { story } = context;
  const phase = story.beginPhase(part.name, part.setup);
  const simulated = simulate(context, world, part);
  if (!simulated.ok) return simulated;
  const isBefore = (name: string) => name.startsWith('pre_');
  for (const name of part.checkpoints.filter(isBefore)) await writeCheckpoint(context, world, phase, name);
  for (const protocol of part.protocols) {
    if (story.isOver) break;
    const planned = { phase: part.name, setup: part.setup, protocol };
    const ran = await runProtocol(context, world, planned, name =>
      writeCheckpoint(context, world, phase, name),
    );
    if (!ran.ok) return ran;
  }
  tellCounts(context, world);
  for (const name of part.checkpoints.filter(each => !isBefore(each)))
    await writeCheckpoint(context, world, phase, name);
  const judged = await story.checkAssertions(part.assertions, part.name);
  if (!judged.ok) return judged;
  phase.assertions.push(...judged.value);
  return ok(undefined);
}

async function writeCheckpoint(
  { folder, isRepeat }: RunContext,
  { sim }: SimulatedWorld,
  phase: RunPhase,
  name: string,
): Promise<void> {
  if (isRepeat) return;
  const file = folder.freshName('checkpoints', name);
  await folder.write(`checkpoints/${file}.json`, sim.checkpoint());
  phase.checkpoints.push(file);
}

/** What happens to the world before the protocols of a phase: devices that are lost, and faults. */
function simulate({ story }: RunContext, { sim }: SimulatedWorld, part: Part): Result<void> {
  for (const event of part.simulate) {
    const { type, lost_device, participants: _, duration_ms, ...parameters } = event;
    const nodes = nodesOf(event);
    const stranger = nodes.find(id => id >= part.setup.participants);
    if (stranger !== undefined)
      return fail(
        auraError('AUR461', `there is no participant ${stranger} for ${type} in the phase ${part.name}`, {
          hint: `the last of ${part.setup.participants} is ${part.setup.participants - 1}`,
        }),
      );
    if (type === 'device_loss') {
      for (const id of nodes) story.lost.add(id);
      continue;
    }
    const injected = sim.inject({
      ...parameters,
      type,
      // A moment later, when the next protocol has begun: the one before is over.
      at_ms: sim.time + INSTANT_MS,
      ...(nodes.length > 0 && { participants: nodes }),
      ...(typeof duration_ms === 'number' && { duration_ms }),
    });
    if (!injected.ok) return injected;
  }
  return ok(undefined);
}

/** The shortest time that the virtual clock knows. */
const INSTANT_MS = 0.001;

function nodesOf({ lost_device, participants }: ResolvedPhase['simulate'][number]): readonly NodeId[] {
  if (Array.isArray(participants)) return participants.filter(id => typeof id === 'number');
  return lost_device === undefined ? [] : [lost_device];
}

/** How often each fault and strategy took effect up to now: by the kernel, and as steps of a schedule. */
function tellCounts({ story }: RunContext, { sim }: SimulatedWorld): void {
  const counts = sim.counts();
  const of = (kind: 'fault' | 'strategy') =>
    counts
      .filter(count => count.of === kind)
      .map(({ type, participants, count }) => ({ type, participants: [...participants], count }));
  for (const { type, participants, count } of counts)
    if (type === 'device_loss' && count > 0) for (const id of participants) story.lost.add(id);
  const isCounted = (id: number) =>
    counts.some(each => each.type === 'device_loss' && each.participants.includes(id));
  const lost = [...story.lost]
    .filter(id => !isCounted(id))
    .map(id => ({ type: 'device_loss', participants: [id], count: 1 }));
  story.faults = story.scheduled.together('fault', [...of('fault'), ...lost]);
  story.strategies = story.scheduled.together('strategy', of('strategy'));
  const models = story.watches.flatMap(({ model }) => model ?? []);
  for (const { type, count } of story.strategies) story.attempts.played(type, count, models);
}

function nothingToRun({ name }: ResolvedScenario) {
  return auraError('AUR461', `the scenario "${name}" has no protocol to run`, {
    hint: 'add [[scenario.protocols]], or choose --driver model for a scenario with steps',
  });
}
