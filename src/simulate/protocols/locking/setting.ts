// The setting of a run of the lock: who competes, the tickets in the urn, for how long a grant binds, and what each
// requester wants when it runs freely. Bounds of the spec are set so far away that no run meets them by chance.
import { setOf, showValue } from '../../../model/value.js';
import { ok, type Result } from '../../../util/result.js';
import type { NodeId } from '../../data.js';
import type { Context } from '../../participant.js';
import type { SettingRequest } from '../../protocol.js';
import { type Electorate, electorateConstants, electorateOf, PLENTY, refuse } from '../electorate.js';
import { intOf, parameterInt } from '../setting-values.js';

export type LockingSetting = Electorate & {
  /** In ascending order; the lowest one wins. */
  readonly tickets: readonly number[];
  /** Epochs that a grant binds for. */
  readonly lease: number;
  readonly maxEpoch: number;
  readonly maxCrashes: number;
  /** Times that each requester wants the lock. */
  readonly rounds: number;
  /** How long a peer waits for more tickets after the first one of an epoch, ms of its clock. */
  readonly weighMs: number;
  /** How long a requester uses what the lock protects, ms of its clock. */
  readonly holdMs: number;
  readonly timeoutEpochs: number;
  readonly bug: string | null;
};

const TICKETS_EACH = 4;
const MOST_TICKETS = 10_000;

/** Errors: AUR441. */
export function lockingSetting(request: SettingRequest): Result<LockingSetting> {
  const electorate = electorateOf(request);
  if (!electorate.ok) return electorate;
  const { constants, parameters, timeoutEpochs, epochMs, bug } = request;
  const count = parameterInt(parameters, 'tickets') ?? TICKETS_EACH * electorate.value.requesters.length;
  if (count < 1 || count > MOST_TICKETS) return refuse(`${count} tickets: 1 to ${MOST_TICKETS} are possible`);
  const tickets = ticketsOf(request) ?? Array.from({ length: count }, (_, i) => i + 1);
  const lease = intOf(constants, 'LEASE') ?? parameterInt(parameters, 'lease_epochs') ?? 2;
  if (tickets.length === 0 || lease < 1)
    return refuse('the lock needs a ticket, and a lease of at least one epoch');
  return ok({
    ...electorate.value,
    tickets,
    lease,
    maxEpoch: intOf(constants, 'MAX_EPOCH') ?? PLENTY,
    maxCrashes: intOf(constants, 'MAX_CRASHES') ?? PLENTY,
    rounds: parameterInt(parameters, 'rounds') ?? 1,
    weighMs: Math.ceil(epochMs / 4),
    holdMs: parameterInt(parameters, 'hold_ms') ?? epochMs,
    timeoutEpochs,
    bug: bug ?? null,
  });
}

/** As Quint writes them. */
export function lockingConstants(setting: LockingSetting) {
  return {
    ...electorateConstants(setting),
    TICKETS: showValue(setOf(setting.tickets.map(BigInt))),
    LEASE: String(setting.lease),
    MAX_EPOCH: String(setting.maxEpoch),
    MAX_CRASHES: String(setting.maxCrashes),
  };
}

/** The service that keeps the record of an epoch's lottery: who drew what, and who granted to whom. */
export function urnOf({ names }: LockingSetting): NodeId {
  return names.length;
}

/** The spec's epoch: from 1, and it stops at the last one. */
export function epochOf({ setting, epoch }: Pick<Context<LockingSetting>, 'setting' | 'epoch'>): number {
  return Math.min(epoch + 1, setting.maxEpoch);
}

/** Whether the lease of what was granted in epoch `since` is over. */
export function isLapsed(since: number, { lease }: LockingSetting, now: number): boolean {
  return now >= since + lease;
}

function ticketsOf({ constants }: SettingRequest): number[] | undefined {
  const value = constants.get('TICKETS');
  if (typeof value !== 'object' || value.kind !== 'set') return undefined;
  return value.items.filter(item => typeof item === 'bigint').map(Number);
}
