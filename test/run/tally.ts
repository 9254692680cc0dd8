// A small protocol for tests of the runner: each participant counts up to a bound and tells participant 0, who is done
// when all have. Its spec is tally.qnt beside it.
import type { NodeId } from '../../src/simulate/data.js';
import type { Context, Effect, LocalAction, Turn } from '../../src/simulate/participant.js';
import type { Protocol, Strategy } from '../../src/simulate/protocol.js';
import { auraError } from '../../src/util/errors.js';
import { fail, ok } from '../../src/util/result.js';

type Setting = {
  readonly names: readonly string[];
  readonly byzantine: readonly NodeId[];
  readonly rounds: number;
  readonly bug: string;
};
type State = { readonly count: number; readonly total: number; readonly forgot: boolean };
type Body = { readonly from: NodeId };
type Ctx = Context<Setting>;

/** The bound that a participant keeps to. */
function boundOf({ setting, self }: Ctx): number {
  return setting.rounds + (setting.bug === 'counts on' && self === 1 ? 1 : 0);
}

function add(state: State, ctx: Ctx): Turn<State, Body> | undefined {
  if (state.count >= boundOf(ctx)) return undefined;
  const count = state.count + 1;
  const next = { ...state, count };
  const emit: Effect<Body> = {
    kind: 'emit',
    action: 'add',
    params: { p: ctx.setting.names[ctx.self] ?? '' },
  };
  const done: Effect<Body>[] = count === ctx.setting.rounds ? [{ kind: 'finish', as: 'success' }] : [];
  const kept: Effect<Body> = { kind: 'store', key: 'count', value: count };
  const tell: Effect<Body> = { kind: 'send', to: 0, body: { from: ctx.self } };
  return { state: next, effects: [emit, { kind: 'persist', disk: next }, kept, tell, ...done] };
}

function forget(state: State, ctx: Ctx): Turn<State, Body> | undefined {
  if (state.count === 0 || !ctx.setting.byzantine.includes(ctx.self)) return undefined;
  const params = { byz: ctx.setting.names[ctx.self] ?? '' };
  return {
    state: { ...state, count: 0, forgot: true },
    effects: [{ kind: 'emit', action: 'forget', params }],
  };
}

/** Forgets once what it has counted. */
const forgetful: Strategy<Setting, State, Body> = {
  description: 'forgets once how far it had counted',
  detection: 'participant 0 hears of more than there can be',
  tamper: () => undefined,
  ready: (state, ctx) => {
    const byz = ctx.setting.names[ctx.self] ?? '';
    return state.count > 0 && !state.forgot ? [{ action: 'forget', params: { byz } }] : [];
  },
  act: (state, step, ctx, memory) => {
    const turn = step.action === 'forget' && !state.forgot ? forget(state, ctx) : undefined;
    return turn && { ...turn, memory };
  },
};

export const TALLY: Protocol<Setting, State, Body> = {
  name: 'tally',
  spec: { file: '../test/run/tally.qnt', module: 'tally_protocol' },
  phases: [],
  setting: ({ participants, byzantine, parameters, bug = '' }) => {
    const { rounds = 2 } = parameters;
    if (typeof rounds !== 'number' || rounds < 1)
      return fail(auraError('AUR441', 'rounds must be a number from 1 on'));
    const names = Array.from({ length: participants }, (_, id) => `p${id}`);
    return ok({ names, byzantine, rounds, bug });
  },
  constants: ({ names, byzantine, rounds }) => {
    const set = (all: readonly string[]) => `Set(${all.map(name => JSON.stringify(name)).join(', ')})`;
    return {
      PARTICIPANTS: set(names),
      BYZANTINE: set(byzantine.map(id => names[id] ?? '')),
      ROUNDS: String(rounds),
    };
  },
  nodes: ({ names }) => names,
  participant: {
    start: () => ({ state: { count: 0, total: 0, forgot: false }, effects: [] }),
    restart: disk => {
      const count = typeof disk === 'object' && disk !== null && 'count' in disk ? Number(disk.count) : 0;
      return { state: { count, total: 0, forgot: true }, effects: [] };
    },
    receive: (state, happening, ctx) => {
      if (happening.kind !== 'message' || ctx.self !== 0) return undefined;
      const total = state.total + 1;
      const most = ctx.setting.rounds * ctx.setting.names.length;
      const accuse: Effect<Body>[] =
        total > most ? [{ kind: 'accuse', who: happening.signer, reason: 'counts too much' }] : [];
      return { state: { ...state, total }, effects: accuse };
    },
    ready: (state, ctx): LocalAction[] =>
      state.count < boundOf(ctx) ? [{ action: 'add', params: { p: ctx.setting.names[ctx.self] ?? '' } }] : [],
    act: (state, step, ctx) =>
      step.action === 'add' ? add(state, ctx) : step.action === 'forget' ? forget(state, ctx) : undefined,
  },
  strategies: { conflicting_messages: forgetful },
  begin: () => null,
  record: ({ ...occurrence }, { history }) =>
    occurrence.kind === 'turn' && occurrence.emitted ? { history, step: occurrence.emitted } : { history },
  project: ({ setting, nodes }) => ({
    counts: nodes.map(({ state }, id) => [setting.names[id] ?? '', state.count]),
  }),
  place: (step, { setting }) => {
    const name = step.params.p ?? step.params.byz;
    const node = setting.names.indexOf(String(name));
    return node < 0 ? undefined : { kind: 'act', node, step };
  },
  facts: ({ nodes, setting }) => ({
    keys: Object.fromEntries(nodes.map(({ state }, id) => [id, String(state.count >= setting.rounds)])),
  }),
  bugs: { 'counts on': 'participant 1 counts beyond the bound' },
};
