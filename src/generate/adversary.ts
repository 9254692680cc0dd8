// The adversary mapper: which strategy of `[scenario.byzantine]` a byzantine action means and which fault a fault action
// means, by annotation before name. The tables are here and nowhere else; what they do not know keeps its own name, with
// words that say so.
import type { Action, ActionKind } from '../model/model.js';

/** What the network does to some share of messages. */
export type NetworkRate = 'drop_rate' | 'duplicate_rate' | 'reorder_rate' | 'corrupt_rate';

/** What an action stands for, and the words that say how it is known. */
export interface Mapped {
  readonly type: string;
  readonly why: string;
}

/** What the mapping reads of an action. */
export type MappedAction = Pick<Action, 'name' | 'detail' | 'rule'> & { readonly kind: ActionKind };

/** Strategies of byzantine participants, each with the names of actions that mean it; the first that fits wins. */
const STRATEGIES: readonly (readonly [type: string, names: RegExp])[] = [
  ['commitment_equivocation', /commit\w*equiv|equiv\w*commit/i],
  ['double_vote', /double|twice|vote.*(all|both)|grantToAll/i],
  ['forge_sender', /imperson|spoof|forge\w*(sender|release|approval|request|grant)|sender/i],
  ['invalid_signatures', /invalid|bad_?(share|sig)|forge|garbage/i],
  ['signature_withholding', /withh/i],
  ['replay', /replay|resend|stale/i],
  ['selective_abort', /abort|leave|quit|partly|partial/i],
  ['silent', /silent|mute|omit|ignore/i],
  ['delay', /delay|slow|stall/i],
  ['conflicting_messages', /conflict|equivocat|contradict|lie|both/i],
];

/** Their types. */
export const STRATEGY_TYPES: readonly string[] = STRATEGIES.map(([type]) => type);

interface Fault {
  readonly type: string;
  readonly names: RegExp;
  /** The fault that it ends. */
  readonly ends?: string;
  /** What it does to the network as a whole. */
  readonly network?: NetworkRate | 'latency' | 'partition';
}

/** What undoes stands before what it undoes: `unpartition` holds `partition`. */
const FAULTS: readonly Fault[] = [
  { type: 'restart', names: /restart|reboot|revive/i, ends: 'crash' },
  { type: 'resume', names: /resume|thaw|unpause/i, ends: 'pause' },
  { type: 'reconnect', names: /reconnect/i, ends: 'disconnect' },
  { type: 'heal', names: /heal|unpartition/i, ends: 'partition' },
  { type: 'device_loss', names: /los\w*_?device|device_?los/i },
  { type: 'partition', names: /partition|split|isolate/i, network: 'partition' },
  { type: 'disconnect', names: /disconnect/i },
  { type: 'crash', names: /crash|kill|fail/i },
  { type: 'pause', names: /pause|suspend|freeze/i },
  { type: 'duplicate', names: /duplicat/i, network: 'duplicate_rate' },
  { type: 'reorder', names: /reorder|overtake|shuffle/i, network: 'reorder_rate' },
  { type: 'corrupt', names: /corrupt|garble/i, network: 'corrupt_rate' },
  { type: 'delay', names: /delay|slow/i, network: 'latency' },
  { type: 'drop', names: /drop|lose|loss|lost/i, network: 'drop_rate' },
];

/** The strategy of `[scenario.byzantine]` that a byzantine action means. */
export function strategyOf(action: MappedAction): Mapped {
  return mapped(
    action,
    STRATEGIES.map(([type, names]) => ({ type, names })),
    'strategy',
  );
}

/** The fault that a fault action means. */
export function faultOf(action: MappedAction): Mapped {
  return mapped(action, FAULTS, 'fault');
}

/**
 * The fault that an action ends, undefined when it ends none. An action of another kind, which many specs do not
 * annotate, is asked for its name too.
 */
export function endsFault(action: MappedAction): string | undefined {
  if (action.kind === 'byzantine') return undefined;
  const { type } = faultOf(action);
  return FAULTS.find(known => known.type === type)?.ends;
}

/** What a fault does to the network as a whole. */
export function networkEffect(type: string): Fault['network'] {
  return FAULTS.find(known => known.type === type)?.network;
}

function mapped(
  { name, detail, rule }: MappedAction,
  table: readonly { readonly type: string; readonly names: RegExp }[],
  what: string,
): Mapped {
  if (detail !== '') {
    const known = table.some(({ type }) => type === detail);
    return { type: detail, why: known ? rule : `${rule}, a ${what} that aura does not know` };
  }
  const match = table
    .map(({ type, names }) => ({ type, found: names.exec(name) }))
    .find(({ found }) => found);
  if (match?.found) return { type: match.type, why: `name contains "${match.found[0]}"` };
  return { type: name, why: `the name itself: it tells no ${what} that aura knows` };
}
