// Faults as packages: checked when they are asked for, injected when their time has come, undone when it is over, and
// counted. What each of them does stands in fault-kinds.ts and message-rules.ts.
import type { ResolvedNetwork } from '../scenario/resolved.js';
import { type AuraError, auraError } from '../util/errors.js';
import { nearest } from '../util/nearest.js';
import { fail, ok, type Result } from '../util/result.js';
import { type Data, fieldsOf, type NodeId } from './data.js';
import { CHOICES, FAULT_KINDS, type FaultKind } from './fault-kinds.js';
import { letUp } from './nodes.js';
import { traceFault } from './record.js';
import { BY_SCHEDULE, type Fault, type Kernel, nodeOf, schedule, type World } from './world.js';

/** A fault as `[[scenario.faults]]` has it. */
export interface FaultRequest {
  readonly type: string;
  /** Absent: the whole network, for a fault that hits messages. */
  readonly participants?: readonly NodeId[];
  /** Virtual time, ms. */
  readonly at_ms: number;
  /** Absent: to the end. */
  readonly duration_ms?: number;
  readonly [parameter: string]: unknown;
}

/**
 * Puts a fault into the world, where it waits for its time, and gives its number.
 *
 * Errors: AUR443 for an unknown type, AUR444 for what does not fit it.
 */
export function addFault(world: World, request: FaultRequest): Result<number> {
  const { type, participants, at_ms, duration_ms, ...given } = request;
  const kind = Object.hasOwn(FAULT_KINDS, type) ? FAULT_KINDS[type] : undefined;
  if (kind === undefined) return fail(unknownFault(type));
  const wrong = findMisfit(request, kind, given);
  if (wrong !== undefined) return fail(auraError('AUR444', `the fault ${type}: ${wrong}`));
  const parameters: Record<string, Data> = { ...kind.parameters, ...fieldsOf(given) };
  if (type === 'partition' && given.groups === undefined) parameters.groups = groupsOf(world, participants);
  return ok(put(world, { type, parameters, ...(participants && { participants }) }, at_ms, duration_ms));
}

/** The conditions of a network are faults like any other. */
export function addNetworkFaults(world: World, network: ResolvedNetwork): void {
  const { drop_rate, duplicate_rate, reorder_rate, corrupt_rate, partitions } = network;
  const rates = { drop: drop_rate, duplicate: duplicate_rate, reorder: reorder_rate, corrupt: corrupt_rate };
  for (const [type, rate] of Object.entries(rates))
    if (rate > 0) put(world, { type, parameters: { rate } }, 0);
  for (const { groups, one_way, in_flight, start_ms, heal_ms } of partitions) {
    const parameters = { groups, one_way, in_flight };
    const lasts = heal_ms === undefined ? undefined : heal_ms - start_ms;
    put(world, { type: 'partition', parameters }, start_ms, lasts);
  }
}

/** The time of a fault has come. */
export function inject(kernel: Kernel, id: number): void {
  const fault = kernel.world.faults[id];
  if (fault?.phase !== 'waiting') return;
  const kind = FAULT_KINDS[fault.type];
  const { participants, healed } = kernel.world;
  const nodes = (fault.participants ?? []).filter(node => node < participants && !healed.includes(node));
  traceFault(kernel, { type: fault.type, participants: nodes, phase: 'inject' });
  fault.phase = 'active';
  fault.nodes = [...nodes];
  if (kind?.ends !== undefined) fault.count += endAll(kernel, kind.ends, fault.participants);
  for (const node of nodes) if (kind?.inject?.(kernel, node, fault)) fault.count++;
  fault.count += kind?.begin?.(kernel, fault) ?? 0;
}

/** Undoes a fault, as far as it is not undone yet; one that has not begun will not begin. */
export function undo(kernel: Kernel, id: number): void {
  const fault = kernel.world.faults[id];
  if (fault === undefined) return;
  const wasActive = fault.phase === 'active';
  fault.phase = 'over';
  if (!wasActive) return;
  traceFault(kernel, { type: fault.type, participants: fault.nodes, phase: 'undo' });
  const nodes = fault.nodes.filter(node => node < kernel.world.participants);
  fault.nodes = [];
  for (const node of nodes) FAULT_KINDS[fault.type]?.undo?.(kernel, node, fault);
}

/**
 * Undoes all faults of some participants and keeps further ones off them, and off the messages between them; the byzantine
 * ones among them play no strategy any more.
 */
export function heal(kernel: Kernel, participants: readonly NodeId[]): void {
  const { world } = kernel;
  world.healed = [...new Set([...world.healed, ...participants])].sort((a, b) => a - b);
  traceFault(kernel, { type: 'heal', participants: world.healed, phase: 'inject' });
  for (const fault of world.faults) {
    const healed = fault.nodes.filter(node => world.healed.includes(node));
    if (fault.phase !== 'active' || healed.length === 0 || FAULT_KINDS[fault.type]?.undo === undefined)
      continue;
    fault.nodes = fault.nodes.filter(node => !healed.includes(node));
    for (const node of healed) FAULT_KINDS[fault.type]?.undo?.(kernel, node, fault);
  }
  for (const id of world.healed.filter(node => node < world.participants)) {
    letUp(kernel, id, BY_SCHEDULE);
    for (const strategy of nodeOf(world, id).strategies) strategy.active = false;
  }
}

/** Whether the fault is one of those that hold nodes, and will let go by itself. */
export function letsGo(world: World, id: number): boolean {
  return world.queue.some(item => item.kind === 'undo' && item.fault === id);
}

/** Undoes the active faults of a type that name one of the participants, or all of the type; their number. */
function endAll(kernel: Kernel, type: string, participants: readonly NodeId[] | undefined): number {
  const ended = kernel.world.faults.filter(
    fault =>
      fault.phase === 'active' &&
      fault.type === type &&
      (participants === undefined ||
        fault.participants === undefined ||
        fault.participants.some(node => participants.includes(node))),
  );
  for (const { id } of ended) undo(kernel, id);
  return ended.length;
}

/** Those that are named against the others, or else one half against the other. */
function groupsOf(world: World, named: readonly NodeId[] | undefined): readonly (readonly NodeId[])[] {
  const all = Array.from({ length: world.participants }, (_, id) => id);
  const group = named ?? all.slice(0, Math.floor(all.length / 2));
  return [group, all.filter(id => !group.includes(id))];
}

function put(
  world: World,
  fault: Pick<Fault, 'type' | 'parameters' | 'participants'>,
  at: number,
  lasts?: number,
): number {
  const id = world.faults.length;
  world.faults.push({ id, ...fault, phase: 'waiting', nodes: [], count: 0 });
  schedule(world, at, { kind: 'inject', fault: id });
  if (lasts !== undefined) schedule(world, at + lasts, { kind: 'undo', fault: id });
  return id;
}

function unknownFault(type: string): AuraError {
  const known = Object.keys(FAULT_KINDS);
  const near = nearest(type, known);
  const hint = near === undefined ? `known faults: ${known.join(', ')}` : `did you mean "${near}"?`;
  return auraError('AUR443', `there is no fault "${type}"`, { hint });
}

/** What is wrong with a request, in words. */
function findMisfit(
  { participants, at_ms, duration_ms }: FaultRequest,
  kind: FaultKind,
  given: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const [name, value] of Object.entries({ at_ms, duration_ms, ...given }))
    if (!allFinite(value))
      return `\`${name}\` has to be ${Array.isArray(value) ? 'of finite numbers' : 'a finite number'}`;
  if (kind.names && (participants ?? []).length === 0) return 'it has to name participants';
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || name === 'description') continue;
    const wrong = Object.hasOwn(kind.parameters, name)
      ? findWrongValue(name, value, kind.parameters[name])
      : `it has no parameter \`${name}\`${nearName(name, kind)}`;
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function findWrongValue(name: string, value: unknown, standard: Data | undefined): string | undefined {
  const [wanted, got] = [kindOf(standard), kindOf(value)];
  if (wanted !== got) return `\`${name}\` has to be a ${wanted}, not a ${got}`;
  const choices = CHOICES[name];
  if (choices !== undefined && !choices.includes(String(value)))
    return `\`${name}\` has to be ${choices.map(choice => `"${choice}"`).join(' or ')}, not "${value}"`;
  if (name === 'rate' && !(Number(value) >= 0 && Number(value) <= 1))
    return `\`rate\` has to be between 0 and 1, not ${value}`;
  return undefined;
}

/** Whether all numbers in the value are finite: no others can be put into a queue or a checkpoint. */
function allFinite(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(allFinite);
  return typeof value !== 'number' || Number.isFinite(value);
}

function nearName(name: string, { parameters }: FaultKind): string {
  const near = nearest(name, Object.keys(parameters));
  return near === undefined ? '' : `, did you mean \`${near}\`?`;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : typeof value;
}
