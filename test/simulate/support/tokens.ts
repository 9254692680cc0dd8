// A small protocol for tests of the kernel: everybody says the numbers up to a bound to everybody and passes one token to
// the next, and all the while sends datagrams that nobody needs. It uses every kind of effect, and no spec belongs to it.
import type { Data, NodeId } from '../../../src/simulate/data.js';
import type { Context, Effect, LocalAction, Participant, Turn } from '../../../src/simulate/participant.js';
import type { Protocol, Strategy } from '../../../src/simulate/protocol.js';
import { delay, replay, silent } from '../../../src/simulate/strategies.js';
import { ok } from '../../../src/util/result.js';

type Setting = {
  readonly participants: number;
  readonly rounds: number;
  readonly beats: number;
  readonly beatMs: number;
};

export type TokenState = {
  readonly said: number;
  /** The greatest number heard of each. */
  readonly heard: readonly number[];
  readonly passed: boolean;
  readonly tokens: readonly NodeId[];
  readonly beats: number;
  /** Datagrams that came in, and on which clock the last one did. */
  readonly pings: number;
  readonly pingedAt: number;
  readonly epochs: number;
  readonly done: boolean;
};

type Body = { readonly kind: 'say' | 'pass' | 'ping'; readonly n: number };

type Ctx = Context<Setting>;

function others(ctx: Ctx): NodeId[] {
  return Array.from({ length: ctx.setting.participants }, (_, id) => id).filter(id => id !== ctx.self);
}

function next(ctx: Ctx): NodeId {
  return (ctx.self + 1) % ctx.setting.participants;
}

function fresh({ setting }: Ctx): TokenState {
  const heard = Array.from({ length: setting.participants }, () => 0);
  const nothing = { said: 0, passed: false, tokens: [], beats: 0, pings: 0, pingedAt: 0, epochs: 0 };
  return { ...nothing, heard, done: false };
}

/** Keeps on disk what it has, and ends when there is nothing left to say or to hear. */
function turn(state: TokenState, ctx: Ctx, effects: readonly Effect<Body>[]): Turn<TokenState, Body> {
  const { rounds } = ctx.setting;
  const complete = state.said >= rounds && state.heard.every((n, id) => id === ctx.self || n >= rounds);
  const done = state.done || complete;
  const kept = { ...state, done };
  const ends: Effect<Body>[] = complete && !state.done ? [{ kind: 'finish', as: 'success' }] : [];
  return { state: kept, effects: [...effects, { kind: 'persist', disk: kept }, ...ends] };
}

const participant: Participant<Setting, TokenState, Body> = {
  start: ctx => ({ state: fresh(ctx), effects: [{ kind: 'timer', name: 'beat', ms: ctx.setting.beatMs }] }),
  restart: (disk, ctx) => {
    const kept = disk === undefined ? fresh(ctx) : readState(disk, ctx);
    return { state: kept, effects: [{ kind: 'timer', name: 'beat', ms: ctx.setting.beatMs }] };
  },
  receive: (state, happening, ctx) => {
    if (happening.kind === 'epoch') return turn({ ...state, epochs: ctx.epoch }, ctx, []);
    if (happening.kind === 'timer') {
      if (state.beats >= ctx.setting.beats) return undefined;
      const ping: Body = { kind: 'ping', n: state.beats };
      return turn({ ...state, beats: state.beats + 1 }, ctx, [
        { kind: 'send', to: next(ctx), body: ping, datagram: true },
        { kind: 'timer', name: 'beat', ms: ctx.setting.beatMs },
      ]);
    }
    const { signer, from, body } = happening;
    if (from !== signer) return turn(state, ctx, [{ kind: 'accuse', who: signer, reason: 'forged sender' }]);
    if (body.kind === 'ping') return turn({ ...state, pings: state.pings + 1, pingedAt: ctx.now }, ctx, []);
    if (body.kind === 'pass') {
      if (state.tokens.includes(signer)) return undefined;
      const params = { from: `p${signer}`, to: `p${ctx.self}` };
      return turn({ ...state, tokens: [...state.tokens, signer] }, ctx, [
        { kind: 'emit', action: 'pass', params },
      ]);
    }
    if (body.n > ctx.setting.rounds)
      return turn(state, ctx, [{ kind: 'accuse', who: signer, reason: 'says too much' }]);
    const heard = state.heard.map((n, id) => (id === signer ? Math.max(n, body.n) : n));
    return turn({ ...state, heard }, ctx, []);
  },
  ready: (state, ctx) => {
    const self = `p${ctx.self}`;
    const say: LocalAction = { action: 'say', params: { p: self, n: state.said + 1 } };
    const pass: LocalAction = { action: 'pass', params: { from: self, to: `p${next(ctx)}` } };
    return [...(state.said < ctx.setting.rounds ? [say] : []), ...(state.passed ? [] : [pass])];
  },
  act: (state, step, ctx) => {
    if (step.action === 'pass') {
      if (state.passed || ctx.setting.participants < 2) return undefined;
      const body: Body = { kind: 'pass', n: 0 };
      return turn({ ...state, passed: true }, ctx, [{ kind: 'send', to: next(ctx), body }]);
    }
    const n = state.said + 1;
    if (step.action !== 'say' || step.params.n !== n || n > ctx.setting.rounds) return undefined;
    const body: Body = { kind: 'say', n };
    return turn({ ...state, said: n }, ctx, [
      { kind: 'emit', action: 'say', params: { p: `p${ctx.self}`, n } },
      { kind: 'store', key: 'tokens/lot', value: ctx.random('lot').below(1_000_000) },
      ...others(ctx).map((to): Effect<Body> => ({ kind: 'send', to, body })),
    ]);
  },
};

function readState(disk: Data, ctx: Ctx): TokenState {
  const lost = fresh(ctx);
  if (typeof disk !== 'object' || disk === null || !('said' in disk)) return lost;
  const { said, heard, passed, tokens, done } = disk;
  return {
    ...lost,
    said: Number(said),
    heard: Array.isArray(heard) ? heard.map(Number) : lost.heard,
    passed: passed === true,
    tokens: Array.isArray(tokens) ? tokens.map(Number) : [],
    done: done === true,
  };
}

function readBody(body: Data): Body | undefined {
  if (typeof body !== 'object' || body === null || !('kind' in body) || typeof body.n !== 'number')
    return undefined;
  const { kind, n } = body;
  return kind === 'say' || kind === 'pass' || kind === 'ping' ? { kind, n } : undefined;
}

/** Tells every second one a number that is too great. */
const conflicting: Strategy<Setting, TokenState, Body> = {
  description: 'says another number to every second one',
  detection: 'the number is out of range',
  tamper: (honest, _context, memory) => {
    if (!honest.effects.some(each => each.kind === 'send' && each.body.kind === 'say')) return undefined;
    const effects = honest.effects.map(
      (each): Effect<Body> =>
        each.kind === 'send' && each.body.kind === 'say' && each.to % 2 === 1
          ? { ...each, body: { ...each.body, n: each.body.n + 100 } }
          : each,
    );
    return { ...honest, effects, memory };
  },
};

const forging: Strategy<Setting, TokenState, Body> = {
  description: 'says everything in the name of node 0',
  detection: 'the signer is another one',
  tamper: (honest, _context, memory) => {
    const effects = honest.effects.map(
      (each): Effect<Body> => (each.kind === 'send' && each.body.kind === 'say' ? { ...each, as: 0 } : each),
    );
    return { ...honest, effects, memory };
  },
};

export const tokens: Protocol<Setting, TokenState, Body, number> = {
  name: 'tokens',
  spec: { file: 'tokens.qnt', module: 'tokens' },
  phases: ['saying'],
  setting: ({ participants, parameters }) =>
    ok({
      participants,
      rounds: Number(parameters.rounds ?? 3),
      beats: Number(parameters.beats ?? 5),
      beatMs: Number(parameters.beat_ms ?? 100),
    }),
  constants: () => ({}),
  nodes: ({ participants }) => Array.from({ length: participants }, (_, id) => `p${id}`),
  participant,
  strategies: {
    silent: silent(),
    delay: delay(),
    replay: replay(readBody),
    conflicting_messages: conflicting,
    forge_sender: forging,
  },
  begin: () => 0,
  record: (occurrence, { history }) => {
    if (occurrence.kind === 'turn' && occurrence.emitted) return { history, step: occurrence.emitted };
    if (occurrence.kind === 'crash')
      return { history, step: { action: 'crash', params: { p: `p${occurrence.node}` } } };
    if (occurrence.kind === 'restart')
      return { history, step: { action: 'restart', params: { p: `p${occurrence.node}` } } };
    if (occurrence.kind === 'epoch') return { history, step: { action: 'tick', params: {} } };
    if (occurrence.kind === 'lost') return { history: history + 1 };
    return { history };
  },
  project: ({ nodes, epoch, history }) => ({
    said: nodes.map(({ state }, id) => [`p${id}`, state.said]),
    tokens: nodes.map(({ state }, id) => [`p${id}`, state.tokens]),
    up: nodes.flatMap(({ up }, id) => (up ? [`p${id}`] : [])),
    epoch,
    lost: history,
  }),
  place: step => {
    const node = Number(String(step.params.p ?? step.params.from).slice(1));
    switch (step.action) {
      case 'tick':
        return { kind: 'epoch' };
      case 'crash':
      case 'restart':
        return { kind: step.action, node };
      case 'say':
      case 'pass':
        return { kind: 'act', node, step };
      case 'lose':
        return {
          kind: 'lose',
          from: node,
          to: Number(String(step.params.to).slice(1)),
          body: { kind: 'pass', n: 0 },
        };
      default:
        return undefined;
    }
  },
  facts: ({ nodes }) => ({
    keys: Object.fromEntries(nodes.map(({ state }, id) => [id, state.heard.join()])),
  }),
  bugs: {},
};
