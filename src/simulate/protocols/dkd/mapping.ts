// What the world of a key derivation is to the spec: the board's variables as the board has them, those of participants as
// they have them, what a crash takes from sight as it was. After the first attempt nothing of this changes: the spec leaves
// other attempts out.
import type { Data, Fields, NodeId } from '../../data.js';
import type { LocalAction } from '../../participant.js';
import type { Facts, Occurrence, Placement, Recorded, View } from '../../protocol.js';
import { publicOf, scalarFrom } from '../crypto.js';
import { groupKeyIn } from '../group-key.js';
import { nodeNamed } from '../setting-values.js';
import { type Attempt, fits, readBook } from './book.js';
import {
  boardNode,
  type DkdHistory,
  type DkdMessage,
  type DkdSetting,
  type DkdState,
  type Entry,
  type MemberState,
  type Used,
} from './data.js';
import { keyOfAttempt } from './share.js';

type DkdView = View<DkdSetting, DkdState, DkdHistory>;

export const DKD_BEGINNING: DkdHistory = { clock: 0, crashes: 0, down: [], left: [] };

export function recordDkd(occurrence: Occurrence<DkdMessage>, view: DkdView): Recorded<DkdHistory> {
  const { setting, history } = view;
  switch (occurrence.kind) {
    case 'turn': {
      const { node, emitted } = occurrence;
      if (emitted === undefined) return { history };
      const left = emitted.action === 'leave' ? [...history.left, node] : history.left;
      return { history: { ...history, left }, step: emitted };
    }
    case 'epoch':
      if (firstAttempt(view) === undefined || history.clock >= setting.deadline) return { history };
      return { history: { ...history, clock: history.clock + 1 }, step: { action: 'tick', params: {} } };
    case 'crash': {
      const { node } = occurrence;
      if (!isHonest(setting, node) || isDown(view, node) || history.crashes >= setting.maxCrashes)
        return { history };
      const down = [...history.down, { node, stage: stageOf(view, node), derived: derivedOf(view, node) }];
      return {
        history: { ...history, down, crashes: history.crashes + 1 },
        step: stepOf('crash', setting, node),
      };
    }
    case 'restart': {
      // Without its disk a node takes no part any more: to the spec it has not come back.
      const { node } = occurrence;
      if (!isDown(view, node) || memberOf(view, node)?.passive) return { history };
      const down = history.down.filter(each => each.node !== node);
      return { history: { ...history, down }, step: stepOf('restart', setting, node) };
    }
    case 'lost':
      return { history };
  }
}

export function projectDkd(view: DkdView): Fields {
  const { setting, history } = view;
  const { names } = setting;
  const attempt = firstAttempt(view);
  const each = (value: (node: NodeId) => Data): Data =>
    Object.fromEntries(names.map((name, node) => [name, value(node)]));
  const those = (test: (node: NodeId) => boolean): Data => names.filter((_, node) => test(node));
  const values = (value: (node: NodeId) => readonly number[]): Data =>
    names.flatMap((from, node) => value(node).map(number => ({ from, value: number })));
  return {
    requested: attempt !== undefined,
    clock: history.clock,
    stage: each(node => stageOf(view, node)),
    commitments: values(node => attempt?.commitments[node]?.map((_, i) => i) ?? []),
    reveals: values(node => openedValues(setting, attempt, node)),
    notices: those(node => attempt?.gaveUp.includes(node) ?? false),
    contextKey: each(node => {
      const used = stageOf(view, node) === 'Derived' ? derivedOf(view, node) : null;
      return used === null ? 'None' : { tag: 'Some', value: used.map(one => usedAs(setting, one)) };
    }),
    armed: those(node => isArmed(view, node)),
    crashedAt: each(node => {
      const down = history.down.find(one => one.node === node);
      return down === undefined ? 'None' : { tag: 'Some', value: down.stage };
    }),
    crashes: history.crashes,
  };
}

/** 0 is what was promised first, 1 anything else. */
function openedValues(setting: DkdSetting, attempt: Attempt | undefined, node: NodeId): readonly number[] {
  const opening = attempt?.openings[node];
  if (opening === undefined) return [];
  return [fits(setting, attempt?.commitments[node]?.[0], opening) ? 0 : 1];
}

function usedAs({ names }: DkdSetting, { who, genuine }: Used): Data {
  return { from: names[who] ?? '', value: genuine ? 0 : 1 };
}

function stageOf(view: DkdView, node: NodeId): string {
  const down = view.history.down.find(one => one.node === node);
  if (down !== undefined) return down.stage;
  const attempt = firstAttempt(view);
  if (view.history.left.includes(node) || attempt?.gaveUp.includes(node)) return 'Aborted';
  if (derivedOf(view, node) !== null) return 'Derived';
  if (attempt?.openings[node] !== undefined) return 'Revealed';
  return attempt?.commitments[node]?.[0] === undefined ? 'Idle' : 'Committed';
}

function derivedOf(view: DkdView, node: NodeId): readonly Used[] | null {
  const down = view.history.down.find(one => one.node === node);
  if (down !== undefined) return down.derived;
  const member = memberOf(view, node);
  const attempt = firstAttempt(view);
  if (!member?.derived || attempt === undefined) return null;
  // The spec's key is the set of openings. Whose bytes do not follow from them has another key, whatever it was made of.
  if (member.key === keyOfAttempt(view.setting, attempt)) return member.derived;
  return member.derived.map(({ who }) => ({ who, genuine: false }));
}

/** The timers of the adversary are its own affair: to the spec they run until it is done. */
function isArmed(view: DkdView, node: NodeId): boolean {
  if (!['Committed', 'Revealed'].includes(stageOf(view, node)) || isDown(view, node)) return false;
  return !isHonest(view.setting, node) || (memberOf(view, node)?.timer ?? false);
}

function isDown({ history }: DkdView, node: NodeId): boolean {
  return history.down.some(one => one.node === node);
}

function isHonest({ names, byzantine }: DkdSetting, node: NodeId): boolean {
  return node < names.length && !byzantine.includes(node);
}

function stepOf(action: string, { names }: DkdSetting, node: NodeId): LocalAction {
  return { action, params: { p: names[node] ?? '' } };
}

function memberOf({ nodes }: DkdView, node: NodeId): MemberState | undefined {
  const state = nodes[node]?.state;
  return state?.role === 'member' ? state : undefined;
}

function firstAttempt({ setting, nodes }: DkdView): Attempt | undefined {
  const state = nodes[boardNode(setting)]?.state;
  return state && readBook(setting, state.role === 'board' ? state.log : []).attempts[0];
}

export function placeDkd(step: LocalAction, view: DkdView): Placement | undefined {
  const { setting, history } = view;
  if (step.action === 'request') return { kind: 'act', node: boardNode(setting), step };
  if (step.action === 'tick') return { kind: 'epoch' };
  const node = nodeNamed(setting.names, step.params.p);
  if (node < 0) return undefined;
  if (step.action === 'crash')
    return history.crashes < setting.maxCrashes && !isDown(view, node) ? { kind: 'crash', node } : undefined;
  return step.action === 'restart' ? { kind: 'restart', node } : { kind: 'act', node, step };
}

export function dkdFacts(view: DkdView): Facts {
  const { setting, nodes } = view;
  const honest = [...setting.names.keys()].filter(node => isHonest(setting, node));
  const members = honest.flatMap(node => {
    const state = memberOf(view, node);
    return state === undefined ? [] : [{ node, state }];
  });
  return {
    keys: Object.fromEntries(members.map(({ node, state }) => [node, state.key])),
    ledgers: Object.fromEntries(
      members.filter(({ state }) => !state.passive).map(({ node, state }) => [node, state.log.flatMap(idOf)]),
    ),
    sharesValid: members
      .filter(({ state }) => state.key !== null)
      .every(({ node }) => {
        const key = groupKeyIn(nodes[node]?.vault ?? {});
        const share = scalarFrom(key?.share ?? '');
        return share !== undefined && publicOf(share) === key?.verifyingShares[node];
      }),
  };
}

/** The id of an event of the ledger. */
function idOf(entry: Entry): string[] {
  if (entry.kind === 'committed') {
    const { attempt, who, hash } = entry.commitment;
    return [`commit/${attempt}/${who}/${hash.slice(0, 16)}`];
  }
  return entry.kind === 'opened'
    ? [`reveal/${entry.attempt}/${entry.who}/${entry.opening.salt.slice(0, 16)}`]
    : [];
}
