// How byzantine signers misbehave. What the spec knows as misbehaviour is a step that the strategy is ready for; the rest
// is done to what an honest turn sends.
import { type Data, isList } from '../../data.js';
import type { Effect, LocalAction } from '../../participant.js';
import type { Strategy, TamperContext } from '../../protocol.js';
import { delay } from '../../strategies.js';
import { withholding } from '../withholding.js';
import { coordinatorNode, type SigningMessage, type SigningSetting, type SigningState } from './data.js';
import { actSigner } from './signer.js';

type SigningStrategy = Strategy<SigningSetting, SigningState, SigningMessage>;
type SigningContext = TamperContext<SigningSetting>;

/** The phases that `abort_after` may name. */
export const SIGNING_PHASES = ['commitment_phase', 'signing_phase'] as const;

/** A strategy that is ready for steps of the adversary, each of them once. */
function stepping(
  description: string,
  detection: string,
  steps: (state: SigningState, ctx: SigningContext) => readonly LocalAction[],
): SigningStrategy {
  const fresh = (state: SigningState, ctx: SigningContext, memory: Data) =>
    steps(state, ctx).filter(step => !doneIn(memory).includes(idOf(step)));
  return {
    description,
    detection,
    tamper: () => undefined,
    ready: (state, ctx, memory) =>
      fresh(state, ctx, memory).filter(
        step => state.role === 'signer' && actSigner(state, step, ctx) !== undefined,
      ),
    act(state, step, ctx, memory) {
      if (state.role !== 'signer' || !['equivocate', 'forgeShare', 'replay'].includes(step.action))
        return undefined;
      if (!steps(state, ctx).some(one => one.action === step.action)) return undefined;
      const turn = actSigner(state, step, ctx);
      return turn && { ...turn, memory: [...doneIn(memory), idOf(step)] };
    },
  };
}

function doneIn(memory: Data): readonly Data[] {
  return isList(memory) ? memory : [];
}

function idOf({ action, params }: LocalAction): string {
  return JSON.stringify([action, params]);
}

/** The step in every session that it knows of. */
function inEachSession(action: string) {
  return (state: SigningState, { setting, self }: SigningContext): LocalAction[] =>
    state.role === 'signer'
      ? state.sessions.map(({ name }) => ({ action, params: { p: setting.names[self] ?? '', s: name } }))
      : [];
}

/** Every share that it has overheard, into every other session that collects shares. */
function replays(state: SigningState, { setting }: SigningContext): LocalAction[] {
  if (state.role !== 'signer') return [];
  const { sessions, overheard } = state;
  return sessions
    .filter(({ phase }) => phase === 'Signing')
    .flatMap(({ name }) =>
      overheard
        .filter(({ session }) => session !== name)
        .map(({ signer, session, nonce }) => ({
          action: 'replay',
          params: { s: name, share: { signer: setting.names[signer] ?? '', session, nonce, valid: true } },
        })),
    );
}

/** Takes part up to the phase that `abort_after` names, and then says nothing more. */
const selectiveAbort: SigningStrategy = {
  description: 'goes silent after `abort_after` (commitment_phase): it commits and does not sign',
  detection: 'by its absence: its session is aborted at the deadline, and it is asked last from then on',
  tamper(turn, { parameters }, memory) {
    const sends = turn.effects.filter(effect => effect.kind === 'send');
    if (sends.length === 0) return undefined;
    const signs = sends.some(({ body }) => body.kind === 'share');
    if (memory === null && !signs) return undefined;
    const keeps = memory === null && parameters.abort_after === 'signing_phase';
    const effects = keeps ? turn.effects : turn.effects.filter(({ kind }) => kind !== 'send');
    return { ...turn, effects, memory: 'gone' };
  },
};

/** With each thing that it sends, sends something in the name of another participant. */
const forgeSender: SigningStrategy = {
  description: 'sends commitments and shares in the name of another participant as well',
  detection:
    'who authenticates a message is not whom it names: the coordinator drops it and knows the sender',
  tamper(turn, { setting, self }, memory) {
    const other = (self + 1) % setting.names.length;
    const forged = turn.effects.flatMap((effect): Effect<SigningMessage>[] => {
      if (effect.kind !== 'send' || effect.to !== coordinatorNode(setting) || other === self) return [];
      const { body } = effect;
      if (body.kind === 'commit') return [{ ...effect, as: other }];
      return body.kind === 'share'
        ? [{ ...effect, body: { ...body, share: { ...body.share, signer: other } }, as: other }]
        : [];
    });
    return forged.length === 0 ? undefined : { ...turn, effects: [...turn.effects, ...forged], memory };
  },
};

export const SIGNING_STRATEGIES: Readonly<Record<string, SigningStrategy>> = {
  commitment_equivocation: stepping(
    'publishes a second commitment in each session',
    'two commitments of one signer: proof for all; the coordinator excludes it',
    inEachSession('equivocate'),
  ),
  delay: delay(),
  forge_sender: forgeSender,
  invalid_signatures: stepping(
    'answers packages with shares that do not verify',
    'the coordinator checks every share by itself: proof for all; it excludes the signer',
    inEachSession('forgeShare'),
  ),
  replay: stepping(
    'sends shares that it has overheard into other sessions',
    'a share says what session it is of: it is kept apart, its sender is known, its signer not blamed',
    replays,
  ),
  selective_abort: selectiveAbort,
  signature_withholding: withholding('does not answer packages', ({ kind }) => kind === 'share'),
  silent: withholding('sends nothing', () => true),
};
