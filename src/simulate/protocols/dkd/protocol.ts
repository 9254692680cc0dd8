// Distributed key derivation on the simulator (specs/dkd.qnt): commit, open, derive the key of a context from shares of a
// root key, over a board that all can read. docs/protocols.md tells of it.
import type { Participant } from '../../participant.js';
import type { Protocol } from '../../protocol.js';
import { atBoard, requestKey } from './board.js';
import { boardNode, type DkdHistory, type DkdMessage, type DkdSetting, type DkdState } from './data.js';
import { DKD_BEGINNING, dkdFacts, placeDkd, projectDkd, recordDkd } from './mapping.js';
import { actMember, atMember, readyMember, restartMember, startMember } from './member.js';
import { dkdConstants, dkdSetting } from './setting.js';
import { DKD_PHASES, DKD_STRATEGIES } from './strategies.js';

const participant: Participant<DkdSetting, DkdState, DkdMessage> = {
  start: ctx =>
    ctx.self === boardNode(ctx.setting) ? { state: { role: 'board', log: [] }, effects: [] } : startMember(),
  restart: restartMember,
  receive: (state, happening, ctx) =>
    state.role === 'board' ? atBoard(state, happening, ctx) : atMember(state, happening, ctx),
  ready(state, ctx) {
    if (state.role === 'member') return readyMember(state, ctx);
    return state.log.length === 0 ? [{ action: 'request', params: {} }] : [];
  },
  act: (state, step, ctx) =>
    state.role === 'board' ? requestKey(state, step, ctx) : actMember(state, step, ctx),
};

export const dkd: Protocol<DkdSetting, DkdState, DkdMessage, DkdHistory> = {
  name: 'dkd',
  spec: { file: 'dkd.qnt', module: 'dkd_protocol' },
  phases: DKD_PHASES,
  setting: dkdSetting,
  constants: dkdConstants,
  nodes: ({ names }) => [...names, 'board'],
  participant,
  strategies: DKD_STRATEGIES,
  begin: () => DKD_BEGINNING,
  record: recordDkd,
  project: projectDkd,
  place: placeDkd,
  facts: dkdFacts,
  bugs: {
    early_openings: 'the board takes openings before everybody has committed, and participants send them',
    late_commitments: 'the board takes a second commitment after the first opening',
    restart_without_timer: 'a participant that has opened does not set its timer again after a restart',
    unchecked_openings: 'participants derive from openings without checking them',
    wrong_context: 'each participant derives for a context of its own',
  },
};
