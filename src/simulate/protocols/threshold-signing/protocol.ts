// Threshold signing on the simulator (specs/threshold_signing.qnt): FROST of RFC 9591 with a coordinator, several sessions
// over the same signers. docs/protocols.md tells of it.
import type { Participant } from '../../participant.js';
import type { Protocol } from '../../protocol.js';
import { actCoordinator, readyCoordinator } from './coordinator.js';
import {
  coordinatorNode,
  type SigningHistory,
  type SigningMessage,
  type SigningSetting,
  type SigningState,
} from './data.js';
import { atCoordinator } from './inbox.js';
import { placeSigning, projectSigning, recordSigning, signingFacts } from './mapping.js';
import { blankCoordinator } from './record.js';
import { signingConstants, signingSetting } from './setting.js';
import { actSigner, atSigner, readySigner, restartSigner, startSigner } from './signer.js';
import { SIGNING_PHASES, SIGNING_STRATEGIES } from './strategies.js';

const participant: Participant<SigningSetting, SigningState, SigningMessage> = {
  start: ctx =>
    ctx.self === coordinatorNode(ctx.setting)
      ? { state: blankCoordinator(ctx.setting), effects: [] }
      : startSigner(ctx),
  restart: restartSigner,
  receive: (state, happening, ctx) =>
    state.role === 'coordinator' ? atCoordinator(state, happening, ctx) : atSigner(state, happening, ctx),
  ready: (state, ctx) =>
    state.role === 'coordinator' ? readyCoordinator(state, ctx) : readySigner(state, ctx),
  act: (state, step, ctx) =>
    state.role === 'coordinator' ? actCoordinator(state, step, ctx) : actSigner(state, step, ctx),
};

export const thresholdSigning: Protocol<SigningSetting, SigningState, SigningMessage, SigningHistory> = {
  name: 'threshold_signing',
  spec: { file: 'threshold_signing.qnt', module: 'threshold_signing_protocol' },
  phases: SIGNING_PHASES,
  setting: signingSetting,
  constants: signingConstants,
  nodes: ({ names }) => [...names, 'coordinator'],
  participant,
  strategies: SIGNING_STRATEGIES,
  begin: () => ({ lost: [] }),
  record: recordSigning,
  project: projectSigning,
  place: placeSigning,
  facts: signingFacts,
  bugs: {
    counts_strays: 'the coordinator counts a share of another session as an answer',
    reclaims_spent_nonces:
      'after an abort a signer puts a nonce back without checking whether it has signed with it',
    two_packages: 'the coordinator announces a package while another session is in round two',
  },
};
