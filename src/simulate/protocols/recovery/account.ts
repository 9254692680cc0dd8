// The account, a service: it counts the guardians who approve an attempt, keeps the cooldown, hears disputes, and admits
// the new device when that proves that it has the account's key. Everything about a request is decided here, in the order
// in which it gets here. It heeds who signed a message and an approval, not who they claim to be from.
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { NodeId } from '../../data.js';
import type { Context, Effect, Happening, LocalAction, Turn } from '../../participant.js';
import { isSignature } from '../crypto.js';
import { stepInt } from '../setting-values.js';
import { isDispute, proofMessage, type Worth, worthOf } from './approvals.js';
import {
  type AccountState,
  type Approval,
  deviceNode,
  FIRST_STATUS,
  type RecoveryMessage,
  type RecoverySetting,
  type Stage,
  type Status,
} from './data.js';
import { nameOf } from './setting.js';

type Ctx = Context<RecoverySetting>;
type AccountTurn = Turn<AccountState, RecoveryMessage>;
type AccountEffect = Effect<RecoveryMessage>;

export function startAccount({ setting }: Ctx): AccountTurn {
  const state: AccountState = {
    role: 'account',
    status: FIRST_STATUS,
    waited: 0,
    inbox: [],
    tallied: [],
    objectors: [],
    active: [setting.oldDevice],
    releasing: false,
    opened: 0,
  };
  return { state, effects: [] };
}

export function accountReceives(
  state: AccountState,
  happening: Happening<RecoveryMessage>,
  ctx: Ctx,
): AccountTurn | undefined {
  if (happening.kind === 'epoch') return namesTheLate(state, ctx);
  if (happening.kind !== 'message') return undefined;
  const { from, signer, body } = happening;
  if (from !== signer) return { state, effects: [accusing(signer, 'sends under another name')] };
  switch (body.kind) {
    case 'request':
      return receiveRequest(state, signer, ctx);
    case 'approve':
      return receiveApprovals(state, signer, body.approvals, ctx);
    case 'dispute':
      return receiveDispute(state, signer, body.attempt, body.signature, ctx);
    case 'proof':
      return receiveProof(state, signer, body.attempt, body.signature, ctx);
    default:
      return undefined;
  }
}

export function accountReady(state: AccountState, ctx: Ctx): readonly LocalAction[] {
  const { setting } = ctx;
  const { status, inbox, tallied, active, releasing } = state;
  switch (status.stage) {
    case 'Open': {
      const fresh = inbox.filter(
        ({ guardian, key }) => !tallied.some(each => each.guardian === guardian && each.key === key),
      );
      const tallies = fresh.map(({ guardian, signer, attempt, key }) => ({
        action: 'tally',
        params: {
          guardian: nameOf(setting, guardian),
          signer: nameOf(setting, signer),
          number: attempt,
          key,
        },
      }));
      return hasEnough(state, setting) ? [{ action: 'startCooldown', params: {} }, ...tallies] : tallies;
    }
    case 'Cooling':
    case 'Disputed':
      return isTimeToFire(state, ctx) ? [{ action: 'fire', params: {} }] : [];
    case 'Overruled':
      return [{ action: 'reopen', params: {} }];
    case 'Ready':
      return releasing ? [] : [{ action: 'restore', params: {} }];
    case 'Restored':
      return active.includes(setting.oldDevice) ? [{ action: 'revoke', params: {} }] : [];
    default:
      return [];
  }
}

export function accountActs(state: AccountState, step: LocalAction, ctx: Ctx): AccountTurn | undefined {
  const { setting } = ctx;
  const { stage, attempt } = state.status;
  switch (step.action) {
    case 'tally':
      return tally(state, step, ctx);
    case 'startCooldown':
      if (stage !== 'Open' || !hasEnough(state, setting)) return undefined;
      return advance({ ...state, inbox: [] }, { stage: 'Cooling', since: ctx.epoch }, step, ctx);
    case 'fire': {
      if (!isTimeToFire(state, ctx)) return undefined;
      const after: Stage = stage === 'Disputed' ? 'Overruled' : 'Ready';
      return advance({ ...state, waited: setting.cooldown }, { stage: after, since: null }, step, ctx);
    }
    case 'reopen':
      if (stage !== 'Overruled') return undefined;
      return advance(
        { ...state, tallied: [], releasing: false, opened: ctx.epoch },
        { stage: 'Open', attempt: attempt + 1 },
        step,
        ctx,
      );
    case 'restore':
      return stage === 'Ready' ? askForShares(state, ctx) : undefined;
    case 'revoke': {
      if (stage !== 'Restored') return undefined;
      const active = state.active.filter(device => device !== setting.oldDevice);
      return advance({ ...state, active }, { revoked: true }, step, ctx);
    }
    default:
      return undefined;
  }
}

// ---- the request and its approvals ----

function receiveRequest(state: AccountState, signer: NodeId, ctx: Ctx): AccountTurn | undefined {
  if (signer !== deviceNode(ctx.setting) || state.status.stage !== 'NoRequest') return undefined;
  const step = { action: 'request', params: {} };
  return advance({ ...state, opened: ctx.epoch }, { stage: 'Open', attempt: 1 }, step, ctx);
}

/** What comes when the attempt is no longer open counts as never sent. */
function receiveApprovals(
  state: AccountState,
  via: NodeId,
  approvals: readonly Approval[],
  { setting }: Ctx,
): AccountTurn | undefined {
  const { stage, attempt } = state.status;
  if (stage !== 'Open' || !setting.guardians.includes(via)) return undefined;
  const worths = approvals.map(approval => worthOf(setting, attempt, via, approval));
  const good = approvals.filter((_, i) => isAccepted(worths[i], setting));
  const effects = WRONGS.flatMap(([worth, reason]) =>
    worths.includes(worth) ? [accusing(via, reason)] : [],
  );
  const fresh = good.filter(approval => !state.inbox.some(each => each.signature === approval.signature));
  const inbox = [...state.inbox, ...fresh];
  if (new Set(inbox.filter(({ signer }) => signer === via).map(({ key }) => key)).size > 1)
    effects.push(accusing(via, 'approves under two keys'));
  const isApproved = worths.includes('genuine');
  if (isApproved)
    effects.push({ kind: 'emit', action: 'approve', params: { guardian: nameOf(setting, via) } });
  return effects.length === 0 && fresh.length === 0 ? undefined : { state: { ...state, inbox }, effects };
}

const WRONGS: readonly (readonly [Worth, string])[] = [
  ['forged', 'approves in the name of another guardian'],
  ['repeated', 'repeats the approval of another guardian'],
  ['invalid', 'sends an approval whose signature does not verify'],
];

function isAccepted(worth: Worth | undefined, { bug }: RecoverySetting): boolean {
  if (worth === 'forged') return bug === 'accepts_forged_approvals';
  if (worth === 'repeated') return bug === 'accepts_old_approvals';
  return worth === 'genuine';
}

function tally(state: AccountState, step: LocalAction, { setting }: Ctx): AccountTurn | undefined {
  const { guardian, signer, number, key } = step.params;
  if (state.status.stage !== 'Open') return undefined;
  const found = state.inbox.find(
    approval =>
      nameOf(setting, approval.guardian) === guardian &&
      nameOf(setting, approval.signer) === signer &&
      approval.attempt === stepInt(number) &&
      approval.key === stepInt(key),
  );
  if (found === undefined) return undefined;
  const isNew = !state.tallied.some(each => each.guardian === found.guardian && each.key === found.key);
  const tallied = isNew ? [...state.tallied, { guardian: found.guardian, key: found.key }] : state.tallied;
  return { state: { ...state, tallied }, effects: [{ kind: 'emit', ...step }] };
}

/** Guardians are counted, each once whatever his keys. */
function hasEnough({ tallied }: AccountState, { threshold, bug }: RecoverySetting): boolean {
  if (bug === 'counts_keys_for_guardians') return tallied.length >= threshold;
  return new Set(tallied.map(({ guardian }) => guardian)).size >= threshold;
}

/** While a request lacks approvals, an epoch after it was opened, those are named who owe one. */
function namesTheLate(state: AccountState, { setting, epoch }: Ctx): AccountTurn | undefined {
  const { status, inbox, opened } = state;
  if (status.stage !== 'Open' || epoch <= opened + 1) return undefined;
  const late = setting.guardians.filter(node => !inbox.some(({ signer }) => signer === node));
  return { state, effects: late.map(node => accusing(node, 'does not approve')) };
}

// ---- the cooldown ----

/** The timer runs in the account's own epochs; it has fired when `since` is gone. */
function isTimeToFire({ status }: AccountState, { epoch, setting }: Ctx): boolean {
  return status.since !== null && epoch - status.since >= setting.cooldown;
}

function receiveDispute(
  state: AccountState,
  guardian: NodeId,
  attempt: number,
  signature: string,
  ctx: Ctx,
): AccountTurn | undefined {
  const { setting } = ctx;
  const { status, objectors } = state;
  if (!setting.guardians.includes(guardian)) return undefined;
  if (!isDispute(setting, guardian, attempt, signature))
    return { state, effects: [accusing(guardian, 'disputes with a signature that does not verify')] };
  const isLate = status.stage === 'Ready' && setting.bug === 'accepts_late_disputes';
  if (attempt !== status.attempt || (status.stage !== 'Cooling' && !isLate)) return undefined;
  // Each guardian disputes once: otherwise one alone could hold up a request for ever.
  if (objectors.includes(guardian) || objectors.length >= setting.maxDisputes) return undefined;
  const step = { action: 'dispute', params: { guardian: nameOf(setting, guardian) } };
  const next: AccountState = { ...state, objectors: [...objectors, guardian], releasing: false };
  const turn = advance(next, { stage: 'Disputed' }, step, ctx);
  const contradicts = state.tallied.some(each => each.guardian === guardian);
  return contradicts
    ? { ...turn, effects: [...turn.effects, accusing(guardian, 'disputes what it has approved')] }
    : turn;
}

// ---- restoring ----

/** The device is admitted when it proves that it has the key, which takes the guardians' shares. */
function askForShares(state: AccountState, { setting }: Ctx): AccountTurn {
  const { attempt } = state.status;
  const to = [...setting.guardians, deviceNode(setting)];
  return {
    state: { ...state, releasing: true },
    effects: to.map(node => ({ kind: 'send', to: node, body: { kind: 'release', attempt } })),
  };
}

function receiveProof(
  state: AccountState,
  signer: NodeId,
  attempt: number,
  signature: string,
  ctx: Ctx,
): AccountTurn | undefined {
  const { setting } = ctx;
  const { status, releasing } = state;
  if (signer !== deviceNode(setting) || attempt !== status.attempt) return undefined;
  if (status.stage !== 'Ready' || !releasing) return undefined;
  const message = utf8ToBytes(proofMessage(setting, attempt));
  if (!isSignature(signature, setting.publicKey, message)) return undefined;
  const active = [...state.active, setting.newDevice];
  return advance({ ...state, active }, { stage: 'Restored' }, { action: 'restore', params: {} }, ctx);
}

// ---- messages ----

/** Everybody learns of a new status. */
function advance(
  state: AccountState,
  change: Partial<Status>,
  step: LocalAction,
  { setting }: Ctx,
): AccountTurn {
  const status = { ...state.status, ...change, version: state.status.version + 1 };
  const told = setting.names.map((_, to): AccountEffect => {
    return { kind: 'send', to, body: { kind: 'status', status } };
  });
  return { state: { ...state, status }, effects: [{ kind: 'emit', ...step }, ...told] };
}

function accusing(who: NodeId, reason: string): AccountEffect {
  return { kind: 'accuse', who, reason };
}
