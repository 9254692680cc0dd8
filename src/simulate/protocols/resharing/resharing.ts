// The protocol `resharing`: holders of a shared key hand it over to new holders with a new threshold, over a public
// record, and the public key stays the same. This file puts its parts together; docs/protocols.md says what it does.
import { InternalError } from '../../../util/assert.js';
import type { Participant, Turn } from '../../participant.js';
import type { Protocol } from '../../protocol.js';
import {
  type ResharingHistory,
  type ResharingMessage,
  type ResharingSetting,
  type ResharingState,
  recordNode,
} from './data.js';
import { holderActs, holderReady, holderReceives, restartHolder, startHolder } from './holder.js';
import { placeResharing, projectResharing, recordResharing, resharingFacts } from './mapping.js';
import { recordActs, recordReady, recordReceives, startRecord } from './record-service.js';
import { resharingConstants, resharingSetting } from './setting.js';
import { RESHARING_PHASES, RESHARING_STRATEGIES } from './strategies.js';

const participant: Participant<ResharingSetting, ResharingState, ResharingMessage> = {
  start: (ctx): Turn<ResharingState, ResharingMessage> =>
    ctx.self === recordNode(ctx.setting) ? startRecord() : startHolder(ctx),
  restart: (disk, ctx) => {
    if (ctx.self === recordNode(ctx.setting)) throw new InternalError('the record service never goes down');
    return restartHolder(disk, ctx);
  },
  receive: (state, happening, ctx) =>
    state.role === 'record' ? recordReceives(state, happening, ctx) : holderReceives(state, happening, ctx),
  ready: (state, ctx) => (state.role === 'record' ? recordReady(state, ctx) : holderReady(state, ctx)),
  act: (state, step, ctx) =>
    state.role === 'record' ? recordActs(state, step, ctx) : holderActs(state, step, ctx),
};

export const resharing: Protocol<ResharingSetting, ResharingState, ResharingMessage, ResharingHistory> = {
  name: 'resharing',
  spec: { file: 'resharing.qnt', module: 'resharing_protocol' },
  phases: RESHARING_PHASES,
  setting: resharingSetting,
  constants: resharingConstants,
  nodes: ({ names }) => [...names, 'record'],
  participant,
  strategies: RESHARING_STRATEGIES,
  begin: () => ({ deals: [], erased: [] }),
  record: recordResharing,
  project: projectResharing,
  place: placeResharing,
  facts: resharingFacts,
  bugs: {
    keeps_shares_of_former_group:
      'when a dealer is excluded, holders keep what they combined from his group if the rest of it is still a quorum',
    skips_share_check: 'a new holder takes a sub-share without checking it against the commitments',
    counts_late_signatures:
      'a signature by old shares counts even if the new epoch has begun when it is complete',
  },
};
