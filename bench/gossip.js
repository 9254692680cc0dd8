// A protocol as small as one can be, so that what is measured with it is the kernel: every participant tells a peer of
// its choice the greatest number that it has heard, again and again, and raises its own now and then.
export const gossip = {
  name: 'gossip',
  spec: { file: 'gossip.qnt', module: 'gossip' },
  phases: [],
  setting: ({ participants }) => ({ ok: true, value: { participants } }),
  constants: () => ({}),
  nodes: ({ participants }) => Array.from({ length: participants }, (_, id) => `p${id}`),
  participant: {
    start: () => ({ state: { mine: 0, heard: 0 }, effects: [beat()] }),
    restart: () => ({ state: { mine: 0, heard: 0 }, effects: [beat()] }),
    receive: (state, happening, ctx) => {
      if (happening.kind === 'epoch') return undefined;
      if (happening.kind === 'message')
        return { state: { ...state, heard: Math.max(state.heard, happening.body.n) }, effects: [] };
      const to =
        (ctx.self + 1 + ctx.random('peer').below(ctx.setting.participants - 1)) % ctx.setting.participants;
      return {
        state,
        effects: [beat(), { kind: 'send', to, body: { n: Math.max(state.mine, state.heard) } }],
      };
    },
    ready: ({ mine, heard }) =>
      mine <= heard && mine < 5 ? [{ action: 'raise', params: { n: mine + 1 } }] : [],
    act: (state, { params: { n } }) => ({
      state: { ...state, mine: n },
      effects: [{ kind: 'emit', action: 'raise', params: { n } }],
    }),
  },
  strategies: {},
  begin: () => 0,
  record: (occurrence, { history }) => ({ history, ...(occurrence.emitted && { step: occurrence.emitted }) }),
  project: ({ nodes }) => ({ greatest: Math.max(...nodes.map(({ state }) => state.mine)) }),
  place: () => undefined,
  facts: () => ({}),
  bugs: {},
};

function beat() {
  return { kind: 'timer', name: 'beat', ms: 50 };
}
