// The protocol `recovery`: guardians approve that a lost device is replaced, and give the new one their shares of the
// account's key. This file puts its parts together; docs/protocols.md says what it does.
import { InternalError } from '../../../util/assert.js';
import type { Participant, Turn } from '../../participant.js';
import type { Protocol } from '../../protocol.js';
import { accountActs, accountReady, accountReceives, startAccount } from './account.js';
import {
  accountNode,
  deviceNode,
  type RecoveryHistory,
  type RecoveryMessage,
  type RecoverySetting,
  type RecoveryState,
} from './data.js';
import { deviceActs, deviceReady, deviceReceives, startDevice } from './device.js';
import { guardianActs, guardianReady, guardianReceives, restartGuardian, startGuardian } from './guardian.js';
import { placeRecovery, projectRecovery, recordRecovery, recoveryFacts } from './mapping.js';
import { recoveryConstants, recoverySetting } from './setting.js';
import { RECOVERY_PHASES, RECOVERY_STRATEGIES } from './strategies.js';

const participant: Participant<RecoverySetting, RecoveryState, RecoveryMessage> = {
  start: (ctx): Turn<RecoveryState, RecoveryMessage> => {
    if (ctx.self === accountNode(ctx.setting)) return startAccount(ctx);
    return ctx.self === deviceNode(ctx.setting) ? startDevice() : startGuardian(ctx);
  },
  restart: (disk, ctx) => {
    if (ctx.self >= accountNode(ctx.setting)) throw new InternalError('services never go down');
    return restartGuardian(disk, ctx);
  },
  receive: (state, happening, ctx) => {
    if (state.role === 'account') return accountReceives(state, happening, ctx);
    return state.role === 'device'
      ? deviceReceives(state, happening, ctx)
      : guardianReceives(state, happening, ctx);
  },
  ready: (state, ctx) => {
    if (state.role === 'account') return accountReady(state, ctx);
    return state.role === 'device' ? deviceReady(state) : guardianReady(state, ctx);
  },
  act: (state, step, ctx) => {
    if (state.role === 'account') return accountActs(state, step, ctx);
    return state.role === 'device' ? deviceActs(state, step, ctx) : guardianActs(state, step, ctx);
  },
};

export const recovery: Protocol<RecoverySetting, RecoveryState, RecoveryMessage, RecoveryHistory> = {
  name: 'recovery',
  spec: { file: 'recovery.qnt', module: 'recovery_protocol' },
  phases: RECOVERY_PHASES,
  setting: recoverySetting,
  constants: recoveryConstants,
  nodes: ({ names, newDevice }) => [...names, 'account', newDevice],
  participant,
  strategies: RECOVERY_STRATEGIES,
  begin: () => ({ messages: [], approved: [] }),
  record: recordRecovery,
  project: projectRecovery,
  place: placeRecovery,
  facts: recoveryFacts,
  bugs: {
    accepts_late_disputes:
      'a dispute is accepted after the timer of the cooldown has fired, so that none is left to reopen the request',
    counts_keys_for_guardians: 'a guardian who approves under two keys is counted twice',
    accepts_forged_approvals: 'an approval counts for the guardian whom it names, whoever has signed it',
    accepts_old_approvals: 'an approval counts whoever sends it, also one of an attempt before',
  },
};
