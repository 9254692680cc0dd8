// The protocol crdt_journal: a replicated journal of signed operations that merges to the same state whatever is lost,
// late, doubled, crashed or forged. This puts its parts together and says how it ended; specs/crdt_journal.qnt is what it
// has to conform to.
import type { NodeId } from '../../data.js';
import type { Facts, Protocol, View } from '../../protocol.js';
import { hashOf } from '../crypto.js';
import { EMPTY, type History, placeJournal, projectJournal, recordJournal } from './mapping.js';
import { journalParticipant } from './participant.js';
import { constantsOf, type Setting, settingOf } from './setting.js';
import { knownTo, type Member, type Message, type State, visibleTo } from './state.js';
import { STRATEGIES } from './strategies.js';

export const crdtJournal: Protocol<Setting, State, Message, History> = {
  name: 'crdt_journal',
  spec: { file: 'crdt_journal.qnt', module: 'crdt_journal_protocol' },
  phases: [],
  setting: settingOf,
  constants: constantsOf,
  nodes: ({ names }) => names,
  participant: journalParticipant,
  strategies: STRATEGIES,
  begin: () => EMPTY,
  record: recordJournal,
  project: projectJournal,
  place: placeJournal,
  facts: factsOf,
  bugs: {
    watermark:
      'after a crash a member takes what is older than the newest operation that a peer has to be there as well',
    forgets_digests: 'a member takes an operation anew that it has compacted',
    shows_equivocations: 'a member shows the first operation under an id though it has seen a second one',
    answers_before_disk: 'a member acknowledges an operation before it is on disk',
  },
};

/** The key of a member is a digest of what it shows; its ledger are the operations that it knows. */
function factsOf({ setting, nodes }: View<Setting, State, History>): Facts {
  const members = setting.members.flatMap((id): [NodeId, Member | undefined][] => {
    const state = nodes[id]?.state;
    return [[id, state?.role === 'member' ? state : undefined]];
  });
  return {
    keys: Object.fromEntries(
      members.map(([id, member]) => [id, member ? stateDigest(member, setting.bug) : null]),
    ),
    ledgers: Object.fromEntries(
      members.map(([id, member]) => [
        id,
        member
          ? knownTo(member).map(({ id: { author, stamp }, hash }) => `${author}:${stamp}:${hash.slice(0, 8)}`)
          : [],
      ]),
    ),
  };
}

function stateDigest(member: Member, bug: string | null): string {
  return hashOf('journal state', ...visibleTo(member, bug).map(({ author, stamp }) => `${author}:${stamp}`));
}
