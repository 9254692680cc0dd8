// The public record of a resharing: dealings and complaints, the group of dealers, who has combined, which epoch of the
// key is active, and the signatures that were made. Whatever everybody has to agree on happens here, in the order in which
// it gets here. It checks what all can check, sees no share, and heeds who signed a message, not who it claims to be from.
import type { NodeId } from '../../data.js';
import type { Context, Happening, LocalAction } from '../../participant.js';
import type { ShownKey } from '../sealed-share.js';
import { stepInt, textsOf } from '../setting-values.js';
import {
  type Dealing,
  FIRST_STATUS,
  type RecordState,
  type ResharingMessage,
  type ResharingSetting,
  type Status,
} from './data.js';
import { accusing, type RecordEffect, type RecordTurn } from './record-turn.js';
import { nameOf } from './setting.js';
import {
  mayOpen,
  openSession,
  receiveNonces,
  receivePart,
  slowSigners,
  wantedSignature,
} from './signing-session.js';
import { isJustified, isOfOwnShare } from './sub-shares.js';

type Ctx = Context<ResharingSetting>;

export function startRecord(): RecordTurn {
  const state: RecordState = {
    role: 'record',
    status: FIRST_STATUS,
    dealings: [],
    complaints: [],
    combined: [],
    asked: 0,
    chosen: 0,
    sessions: 0,
    tries: [0, 0],
    session: null,
    signed: [],
    slow: [],
  };
  return { state, effects: [] };
}

export function recordReceives(
  state: RecordState,
  happening: Happening<ResharingMessage>,
  ctx: Ctx,
): RecordTurn | undefined {
  return closing(receive(state, happening, ctx), ctx);
}

function receive(
  state: RecordState,
  happening: Happening<ResharingMessage>,
  ctx: Ctx,
): RecordTurn | undefined {
  if (happening.kind === 'epoch') return slowSigners(state, ctx);
  if (happening.kind !== 'message') return undefined;
  const { from, signer, body } = happening;
  if (from !== signer) return accusing(state, signer, 'sends under another name');
  switch (body.kind) {
    case 'dealing':
      return receiveDealing(state, signer, body.dealing, ctx);
    case 'complaint':
      return receiveComplaint(state, signer, body.against, body.shown, ctx);
    case 'ready':
      return receiveReady(state, signer, body.version, ctx);
    case 'nonces':
      return receiveNonces(state, signer, body.session, body.commitment, ctx);
    case 'part':
      return receivePart(state, signer, body.session, body.part, ctx);
    default:
      return undefined;
  }
}

export function recordReady(state: RecordState, ctx: Ctx): readonly LocalAction[] {
  const { setting } = ctx;
  const { status, complaints } = state;
  const wanted = wantedSignature(state, ctx);
  const steps: LocalAction[] = [];
  for (const against of new Set(complaints.map(each => each.against))) {
    if (status.epoch === 0 && !status.excluded.includes(against))
      steps.push({ action: 'disqualify', params: { p: nameOf(setting, against) } });
  }
  if (!status.requested) return [...(wanted ? [wanted] : []), { action: 'request', params: {} }];
  for (const dealing of groupsToChoose(state, ctx))
    steps.push({ action: 'choose', params: { dealing: dealing.map(node => nameOf(setting, node)) } });
  if (mayActivate(state, setting) && isTimeToActivate(state, ctx))
    steps.push({ action: 'activate', params: {} });
  return wanted ? [...steps, wanted] : steps;
}

export function recordActs(state: RecordState, step: LocalAction, ctx: Ctx): RecordTurn | undefined {
  return closing(act(state, step, ctx), ctx);
}

function act(state: RecordState, step: LocalAction, ctx: Ctx): RecordTurn | undefined {
  const { names } = ctx.setting;
  const nodes = (texts: readonly string[] | undefined): NodeId[] | undefined => {
    const found = texts?.map(name => names.indexOf(name));
    return found?.includes(-1) ? undefined : found;
  };
  switch (step.action) {
    case 'request':
      return state.status.requested
        ? undefined
        : advance({ ...state, asked: ctx.epoch }, { requested: true }, step, ctx);
    case 'choose':
      return choose(state, nodes(textsOf(step.params.dealing)) ?? [], step, ctx);
    case 'disqualify':
      return disqualify(state, names.indexOf(String(step.params.p)), step, ctx);
    case 'activate':
      return mayActivate(state, ctx.setting) ? advance(state, { epoch: 1 }, step, ctx) : undefined;
    case 'sign': {
      const [epoch, asked] = [stepInt(step.params.e), textsOf(step.params.quorum) ?? []];
      const quorum = nodes(asked);
      if ((epoch !== 0 && epoch !== 1) || quorum === undefined) return undefined;
      return mayOpen(state, epoch, quorum, ctx.setting)
        ? openSession(state, epoch, quorum, asked, ctx)
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Everybody learns of a new status. */
function advance(state: RecordState, change: Partial<Status>, step: LocalAction, ctx: Ctx): RecordTurn {
  const { state: next, effects } = announce(state, change, ctx);
  return { state: next, effects: [{ kind: 'emit', ...step }, ...effects] };
}

function announce(state: RecordState, change: Partial<Status>, ctx: Ctx): RecordTurn {
  const status = { ...state.status, ...change, number: state.status.number + 1 };
  return { state: { ...state, status }, effects: toAll(ctx, { kind: 'status', status }) };
}

/** When the new epoch is active and users want no more signatures, everybody may go. */
function closing(turn: RecordTurn | undefined, ctx: Ctx): RecordTurn | undefined {
  if (turn === undefined) return undefined;
  const { status, session } = turn.state;
  if (status.epoch === 0 || status.closed || session !== null || wantedSignature(turn.state, ctx))
    return turn;
  const { state, effects } = announce(turn.state, { closed: true }, ctx);
  return { state, effects: [...turn.effects, ...effects] };
}

// ---- dealings and complaints ----

function receiveDealing(
  state: RecordState,
  dealer: NodeId,
  dealing: Dealing,
  ctx: Ctx,
): RecordTurn | undefined {
  const { setting } = ctx;
  if (!state.status.requested || !setting.old.includes(dealer)) return undefined;
  const known = state.dealings.find(each => each.dealer === dealer);
  // The same again is from one who was down and does not know whether it had arrived.
  if (known !== undefined)
    return known.ephemeral === dealing.ephemeral ? undefined : accusing(state, dealer, 'deals twice');
  if (dealing.dealer !== dealer) return accusing(state, dealer, 'deals under another name');
  if (!isOfOwnShare(setting, dealing))
    return accusing(state, dealer, 'deals something that is not its share');
  const dealt: RecordEffect[] = setting.new.map(to => ({
    kind: 'send',
    to,
    body: { kind: 'dealt', dealing },
  }));
  return {
    state: { ...state, dealings: [...state.dealings, dealing] },
    effects: [{ kind: 'emit', action: 'deal', params: { p: nameOf(setting, dealer) } }, ...dealt],
  };
}

function receiveComplaint(
  state: RecordState,
  from: NodeId,
  against: NodeId,
  shown: ShownKey | null,
  ctx: Ctx,
): RecordTurn | undefined {
  const { setting } = ctx;
  const dealing = state.dealings.find(each => each.dealer === against);
  if (dealing === undefined || !setting.new.includes(from)) return undefined;
  if (state.complaints.some(each => each.from === from && each.against === against)) return undefined;
  if (!isJustified(setting, dealing, from, shown)) return accusing(state, from, 'complains without a cause');
  const params = { q: nameOf(setting, from), p: nameOf(setting, against) };
  return {
    state: { ...state, complaints: [...state.complaints, { from, against }] },
    effects: [
      { kind: 'emit', action: 'complain', params },
      { kind: 'accuse', who: against, reason: 'deals what does not verify' },
    ],
  };
}

function disqualify(state: RecordState, dealer: NodeId, step: LocalAction, ctx: Ctx): RecordTurn | undefined {
  const { status } = state;
  const { bug, oldThreshold } = ctx.setting;
  if (status.epoch === 1 || status.excluded.includes(dealer)) return undefined;
  if (!state.complaints.some(({ against }) => against === dealer)) return undefined;
  const excluded = [...status.excluded, dealer];
  if (!status.group.includes(dealer)) return advance(state, { excluded }, step, ctx);
  const keeps = bug === 'keeps_shares_of_former_group' && status.group.length > oldThreshold;
  const next = { ...state, combined: keeps ? state.combined : [] };
  return advance(next, { excluded, group: [], version: status.version + 1 }, step, ctx);
}

// ---- the group and the new epoch ----

function choose(
  state: RecordState,
  dealing: readonly NodeId[],
  step: LocalAction,
  ctx: Ctx,
): RecordTurn | undefined {
  const { status } = state;
  const standing = inGoodStanding(state);
  if (status.group.length > 0 || !dealing.every(dealer => standing.includes(dealer))) return undefined;
  if (new Set(dealing).size !== dealing.length || dealing.length < ctx.setting.oldThreshold) return undefined;
  const chosen = { ...state, chosen: ctx.epoch };
  return advance(chosen, { group: dealing, version: status.version + 1 }, step, ctx);
}

/**
 * Once all have dealt, or have had an epoch's time for it: all of them, so that one who is found out later need not be
 * missed, or as few as are needed, those who came first.
 */
function groupsToChoose(state: RecordState, { setting, epoch }: Ctx): NodeId[][] {
  const { oldThreshold, old } = setting;
  const standing = inGoodStanding(state);
  if (state.status.group.length > 0 || standing.length < oldThreshold) return [];
  if (state.dealings.length < old.length && epoch <= state.asked + 1) return [];
  const all = standing.toSorted((a, b) => a - b);
  const few = standing.slice(0, oldThreshold).sort((a, b) => a - b);
  return few.length === all.length ? [all] : [all, few];
}

function inGoodStanding({ dealings, status }: RecordState): NodeId[] {
  return dealings.map(({ dealer }) => dealer).filter(dealer => !status.excluded.includes(dealer));
}

function receiveReady(state: RecordState, node: NodeId, version: number, ctx: Ctx): RecordTurn | undefined {
  const { status, combined } = state;
  // From a group that is no more: as if it had never been combined.
  if (version !== status.version || status.group.length === 0) return undefined;
  if (!ctx.setting.new.includes(node) || combined.some(each => each.node === node)) return undefined;
  return {
    state: { ...state, combined: [...combined, { node, dealers: status.group }] },
    effects: [{ kind: 'emit', action: 'combine', params: { q: nameOf(ctx.setting, node) } }],
  };
}

function mayActivate({ status, combined }: RecordState, { newThreshold }: ResharingSetting): boolean {
  return status.epoch === 0 && combined.length >= newThreshold;
}

/** All new holders have their share, or have had an epoch's time to complain: afterwards nobody is excluded any more. */
function isTimeToActivate({ combined, chosen }: RecordState, ctx: Ctx): boolean {
  return combined.length === ctx.setting.new.length || ctx.epoch > chosen + 1;
}

// ---- messages ----

function toAll({ setting }: Ctx, body: ResharingMessage): RecordEffect[] {
  return setting.names.map((_, to) => ({ kind: 'send', to, body }));
}
