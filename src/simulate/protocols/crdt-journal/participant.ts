// The machine of all nodes of the journal: who one is decides what one does. A node that has lost its disk, or whose device
// was lost before, takes no part: it could break promises that it does not know of.
import type { Data } from '../../data.js';
import type { Participant } from '../../participant.js';
import { actOfDevice, readyOfDevice, restartDevice, startDevice, tellDevice } from './device.js';
import { restartMember, startMember, tellMember } from './member.js';
import { actOfMember, readyOfMember } from './member-steps.js';
import { field } from './operation.js';
import type { Setting } from './setting.js';
import type { Device, JournalTurn, Member, Message, State } from './state.js';

const PASSIVE: JournalTurn = { state: { role: 'passive' }, effects: [] };

export const journalParticipant: Participant<Setting, State, Message> = {
  start(ctx) {
    if (ctx.setting.members.includes(ctx.self)) return startMember(ctx);
    return ctx.setting.devices.includes(ctx.self) ? startDevice(ctx) : PASSIVE;
  },
  restart(disk, ctx) {
    if (!isSaved(disk)) return PASSIVE;
    return disk.role === 'member' ? restartMember(disk, ctx) : restartDevice(disk, ctx);
  },
  receive(state, happening, ctx) {
    switch (state.role) {
      case 'member':
        return tellMember(state, happening, ctx);
      case 'device':
        return tellDevice(state, happening, ctx);
      case 'passive':
        return undefined;
    }
  },
  ready(state, ctx) {
    switch (state.role) {
      case 'member':
        return readyOfMember(state, ctx);
      case 'device':
        return readyOfDevice(state, ctx);
      case 'passive':
        return [];
    }
  },
  act(state, step, ctx) {
    switch (state.role) {
      case 'member':
        return actOfMember(state, step, ctx);
      case 'device':
        return actOfDevice(state, step, ctx);
      case 'passive':
        return undefined;
    }
  },
};

/** Nobody but {@link journalParticipant} writes this disk. */
function isSaved(disk: Data | undefined): disk is Member | Device {
  const role = field(disk, 'role');
  return role === 'member' || role === 'device';
}
