// How byzantine participants of a key derivation misbehave. In the first attempt the misbehaviour that the spec knows is a
// step of its own, which the strategy is ready for; in later attempts the same is done to what an honest turn sends.
import { isList } from '../../data.js';
import type { Effect, LocalAction, Turn } from '../../participant.js';
import type { Strategy, TamperContext } from '../../protocol.js';
import { delay } from '../../strategies.js';
import { withholding } from '../withholding.js';
import {
  boardNode,
  type Commitment,
  type DkdMessage,
  type DkdSetting,
  type DkdState,
  type Opening,
} from './data.js';
import { actMember, leave, mayLeave } from './member.js';
import { commitmentTo, falseOpening } from './share.js';

type DkdStrategy = Strategy<DkdSetting, DkdState, DkdMessage>;
type DkdContext = TamperContext<DkdSetting>;
type DkdEffect = Effect<DkdMessage>;
type Sent = Extract<DkdEffect, { kind: 'send' }>;

/** The phases that `abort_after` may name. */
export const DKD_PHASES = ['commitment_phase', 'reveal_phase'] as const;

/** Commits a second time, once. */
const equivocation: DkdStrategy = {
  description: 'commits to another value as well, before the board and every second peer',
  detection: 'two signed commitments on the board, one of them perhaps by the echo of a peer: proof for all',
  tamper(turn, ctx, memory) {
    const second = turn.effects.flatMap(effect => secondCommitment(effect, ctx));
    return second.length === 0 ? undefined : { ...turn, effects: [...turn.effects, ...second], memory };
  },
  ready: (state, ctx, memory) => (memory === null ? possible('equivocate', state, ctx) : []),
  act(state, step, ctx) {
    const turn = step.action === 'equivocate' ? adversary(state, step, ctx) : undefined;
    return turn && { ...turn, memory: 'done' };
  },
};

/** In a later attempt, to every second peer and to the board. */
function secondCommitment(effect: DkdEffect, { setting, self }: DkdContext): Sent[] {
  if (effect.kind !== 'send' || effect.body.kind !== 'commit') return [];
  const { attempt } = effect.body.commitment;
  if (attempt === 0 || (effect.to !== boardNode(setting) && effect.to % 2 === 0)) return [];
  const made: Opening = { point: setting.base, proof: { challenge: '', response: '' }, salt: '' };
  const commitment = commitmentTo(setting, attempt, self, made);
  return [{ ...effect, body: { kind: 'commit', commitment } }];
}

/** Opens something else than it should, in every attempt. */
function falseOpenings(
  description: string,
  detection: string,
  falsify: (setting: DkdSetting, opening: Opening) => Opening,
): DkdStrategy {
  const falsified = (effect: DkdEffect, { setting }: DkdContext): DkdEffect =>
    effect.kind === 'send' && effect.body.kind === 'open'
      ? { ...effect, body: { ...effect.body, opening: falsify(setting, effect.body.opening) } }
      : effect;
  return {
    description,
    detection,
    tamper(turn, ctx, memory) {
      const isLater = ({ kind, body }: Sent) => kind === 'send' && body.kind === 'open' && body.attempt > 0;
      if (!turn.effects.some(effect => effect.kind === 'send' && isLater(effect))) return undefined;
      return { ...turn, effects: turn.effects.map(effect => falsified(effect, ctx)), memory };
    },
    ready: (state, ctx) => possible('openFalsely', state, ctx),
    act(state, step, ctx, memory) {
      if (step.action !== 'openFalsely') return undefined;
      const turn = adversary(state, { ...step, action: 'reveal' }, ctx);
      return turn && { ...turn, effects: turn.effects.map(effect => falsified(effect, ctx)), memory };
    },
  };
}

/** Takes part up to the phase that `abort_after` names, and then says nothing more. */
const selectiveAbort: DkdStrategy = {
  description:
    'goes silent after `abort_after` (commitment_phase): it reads the openings of others and leaves',
  detection: 'by its absence: at the deadline its opening is missing on the board',
  tamper(turn, { parameters }, memory) {
    const sends = turn.effects.filter(effect => effect.kind === 'send');
    if (sends.length === 0) return undefined;
    const opens = sends.some(({ body }) => body.kind === 'open');
    if (memory === null && !opens) return undefined;
    const keeps = memory === null && parameters.abort_after === 'reveal_phase';
    const effects = keeps ? turn.effects : turn.effects.filter(({ kind }) => kind !== 'send');
    return { ...turn, effects, memory: 'gone' };
  },
  ready: (state, ctx) =>
    state.role === 'member' && mayAbort(ctx) && mayLeave(state, ctx) ? [stepOf('leave', ctx)] : [],
  act(state, { action }, ctx) {
    if (state.role !== 'member' || action !== 'leave' || !mayAbort(ctx) || !mayLeave(state, ctx))
      return undefined;
    return { ...leave(state, ctx), memory: 'gone' };
  },
};

function mayAbort({ parameters }: DkdContext): boolean {
  return parameters.abort_after !== 'reveal_phase';
}

/** Sends commitments of others again under their names. */
const replayed: DkdStrategy = {
  description: 'sends the commitments of others once more to all, in their names',
  detection: 'who authenticates a message is not whom it names: receivers drop it and know the sender',
  tamper(turn, { setting, self }, memory) {
    if (turn.state.role !== 'member') return undefined;
    const done = isList(memory) ? memory : [];
    const entry = turn.state.log.find(
      one => one.kind === 'committed' && one.commitment.who !== self && !done.includes(one.commitment.hash),
    );
    if (entry?.kind !== 'committed') return undefined;
    const effects = [...turn.effects, ...inNameOf(entry.commitment, setting, self)];
    return { ...turn, effects, memory: [...done, entry.commitment.hash] };
  },
};

/** Sends what it commits to in the name of another participant as well. */
const forgeSender: DkdStrategy = {
  description: 'sends its commitments in the name of another participant as well',
  detection: 'who authenticates a message is not whom it names: receivers drop it and know the sender',
  tamper(turn, { setting, self }, memory) {
    const as = (self + 1) % setting.names.length;
    const forged = turn.effects.flatMap((effect): DkdEffect[] =>
      effect.kind === 'send' && effect.body.kind === 'commit' && effect.to !== as ? [{ ...effect, as }] : [],
    );
    if (forged.length === 0 || as === self) return undefined;
    return { ...turn, effects: [...turn.effects, ...forged], memory };
  },
};

function inNameOf(commitment: Commitment, setting: DkdSetting, self: number): DkdEffect[] {
  const others = [boardNode(setting), ...setting.names.keys()].filter(
    to => to !== self && to !== commitment.who,
  );
  return others.map(to => ({ kind: 'send', to, body: { kind: 'commit', commitment }, as: commitment.who }));
}

export const DKD_STRATEGIES: Readonly<Record<string, DkdStrategy>> = {
  commitment_equivocation: equivocation,
  conflicting_messages: falseOpenings(
    'opens another value than the one that it has committed to',
    'the opening on the board does not fit the commitment: proof for all',
    falseOpening,
  ),
  delay: delay(),
  forge_sender: forgeSender,
  invalid_signatures: falseOpenings(
    'opens its share with a proof that does not verify',
    'the proof on the board does not verify: proof for all',
    (_, opening) => ({ ...opening, proof: { ...opening.proof, response: opening.proof.challenge } }),
  ),
  replay: replayed,
  selective_abort: selectiveAbort,
  signature_withholding: withholding('does not open what it has committed to', ({ kind }) => kind === 'open'),
  silent: withholding('sends nothing', () => true),
};

function possible(action: string, state: DkdState, ctx: DkdContext): LocalAction[] {
  const step = stepOf(action, ctx);
  return adversary(state, step, ctx) === undefined ? [] : [step];
}

function stepOf(action: string, { setting, self }: DkdContext): LocalAction {
  return { action, params: { p: setting.names[self] ?? '' } };
}

function adversary(
  state: DkdState,
  step: LocalAction,
  ctx: DkdContext,
): Turn<DkdState, DkdMessage> | undefined {
  return state.role === 'member' ? actMember(state, step, ctx) : undefined;
}
