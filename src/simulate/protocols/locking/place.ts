// Where a step of a schedule of the lock is taken. The adversary of the spec sees all, so its steps are told what they have
// to know; and as the spec has what it says on the wire at once, the clock waits until that has arrived.
import type { Fields } from '../../data.js';
import type { LocalAction } from '../../participant.js';
import type { Placement } from '../../protocol.js';
import { numberOf } from '../electorate.js';
import { type LockingView, peerOf } from './mapping.js';
import { epochOf } from './setting.js';

export function placeLocking(step: LocalAction, view: LockingView): Placement | undefined {
  const { action, params } = step;
  const { setting, nodes, history } = view;
  if (action === 'tick') return isQuiet(view) ? { kind: 'epoch' } : undefined;
  const node = numberOf(setting, params.byz ?? params.peer ?? params.requester);
  if (node < 0) return undefined;
  const act = (more: Fields = {}): Placement => ({
    kind: 'act',
    node,
    step: { action, params: { ...params, ...more } },
  });
  switch (action) {
    case 'crash':
      return nodes[node]?.up === true ? { kind: 'crash', node } : undefined;
    case 'restart':
      return { kind: 'restart', node };
    case 'grantToAll':
      return act({ asking: history.draws.map(({ from }) => from) });
    case 'forgeRelease': {
      const by = numberOf(setting, params.requester);
      return history.acquired.some(each => each.by === by && each.epoch === epochOf(view))
        ? act()
        : undefined;
    }
    default:
      return act();
  }
}

/** Whether the clock moves on, and nothing that the adversary said in this epoch has still to arrive or to be counted. */
function isQuiet(view: LockingView): boolean {
  const { setting, history, nodes } = view;
  const isUp = (id: number): boolean => nodes[id]?.up === true;
  if (view.epoch + 1 >= setting.maxEpoch || history.underWay.some(({ to }) => isUp(to))) return false;
  return !setting.requesters.some(id => isUp(id) && (peerOf(view, id)?.early.length ?? 0) > 0);
}
