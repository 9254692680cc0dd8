// Names that a scenario uses and what runs it has to know: protocols, assertions, strategies, faults. The format leaves
// them open, so who runs scenarios brings the names that it knows, and a slip of the pen is told before anything runs.
import type { Scenario } from '../../generated/scenario.js';
import { nearest } from '../util/nearest.js';
import type { TomlPath } from '../util/toml-places.js';

export interface Vocabulary {
  /** Names of protocols, each with the phases that `abort_after` may name. */
  readonly protocols: Readonly<Record<string, readonly string[]>>;
  readonly assertions: readonly string[];
  readonly strategies: readonly string[];
  readonly faults: readonly string[];
}

export interface UnknownName {
  /** Starts at the scenario's own table. */
  readonly path: TomlPath;
  readonly message: string;
  readonly hint: string;
}

/**
 * The names that a scenario itself states and nobody knows. One that can run on its spec alone, as it has a schedule, may
 * use names of its own, which its driver has to know: there only what is nearly a known name is taken for a slip.
 */
export function findUnknownNames(own: Scenario, vocabulary: Vocabulary): UnknownName[] {
  const isFree = own.quint_source !== undefined && (own.steps ?? []).length > 0;
  const found: UnknownName[] = [];
  const check = (
    what: string,
    name: string,
    known: readonly string[],
    path: TomlPath,
    free = isFree,
  ): void => {
    if (known.includes(name)) return;
    const near = nearest(name, known);
    if (free && near === undefined) return;
    const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`;
    found.push({ path: [...path, 'type'], message: `there is no ${what} ${name}`, hint });
  };
  const { assertions, strategies, faults } = vocabulary;
  const protocols = Object.keys(vocabulary.protocols);
  const part = (table: Pick<Scenario, 'protocols' | 'assertions'>, path: TomlPath): void => {
    for (const [i, { type }] of (table.protocols ?? []).entries())
      check('protocol', type, protocols, [...path, 'protocols', i]);
    for (const [i, { type }] of (table.assertions ?? []).entries())
      check('assertion', type, assertions, [...path, 'assertions', i], false);
  };
  part(own, []);
  for (const [i, phase] of (own.phases ?? []).entries()) {
    part(phase, ['phases', i]);
    for (const [j, { type }] of (phase.simulate ?? []).entries())
      check('event', type, faults, ['phases', i, 'simulate', j]);
  }
  for (const [i, { type }] of (own.byzantine?.strategies ?? []).entries())
    check('strategy', type, strategies, ['byzantine', 'strategies', i]);
  for (const [i, { type }] of (own.faults ?? []).entries()) check('fault', type, faults, ['faults', i]);
  for (const [i, { fault }] of (own.steps ?? []).entries())
    if (fault !== undefined) check('fault', fault.type, faults, ['steps', i, 'fault']);
  return [...found, ...unknownPhases(own, vocabulary)];
}

/** What strategies abort after has to be a phase of a protocol that the scenario runs. */
function unknownPhases(own: Scenario, vocabulary: Vocabulary): UnknownName[] {
  const runs = [...(own.protocols ?? []), ...(own.phases ?? []).flatMap(({ protocols = [] }) => protocols)];
  const known = runs.flatMap(({ type }) => vocabulary.protocols[type] ?? []);
  if (known.length === 0) return [];
  return (own.byzantine?.strategies ?? []).flatMap(({ abort_after }, i): UnknownName[] => {
    if (abort_after === undefined || known.includes(abort_after)) return [];
    const near = nearest(abort_after, known);
    return [
      {
        path: ['byzantine', 'strategies', i, 'abort_after'],
        message: `there is no phase ${abort_after} to abort after`,
        hint: near === undefined ? `phases are ${[...new Set(known)].join(', ')}` : `did you mean ${near}?`,
      },
    ];
  });
}
