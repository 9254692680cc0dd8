// The assertions of RFC 080, each judged by what the runs told. One that asks for what no run told is `unknown`, not
// held: a driver that does not say how a protocol ended cannot have an assertion on it pass.
import type { Assertion } from '../../generated/scenario.js';
import type { NodeId } from '../simulate/data.js';
import type { Facts } from '../simulate/protocol.js';
import type { AssertionContext, AssertionResult, ProtocolOutcome } from './assertion.js';

type Judge = (assertion: Assertion, context: AssertionContext) => AssertionResult;

const held = (detail: string): AssertionResult => ({ verdict: 'held', detail });
const failed = (detail: string): AssertionResult => ({ verdict: 'failed', detail });
const unknown = (detail: string): AssertionResult => ({ verdict: 'unknown', detail });

/** The names of all assertions that aura knows, in the order of the documentation. */
export const ASSERTIONS: Readonly<Record<string, Judge>> = {
  all_participants_derive_same_key: sameKey,
  derived_keys_non_empty: keysNonEmpty,
  no_timeout_errors: noTimeouts,
  ledger_events_consistent: ledgersConsistent,
  protocol_completes_within_timeout: completesInTime,
  honest_majority_succeeds: honestSucceed,
  byzantine_participants_detected: byzantineDetected,
  new_threshold_active: thresholdActive,
  all_shares_valid: (_, context) =>
    yesOrNo(context, 'sharesValid', 'every share verifies', 'a share does not verify'),
  recovery_successful: (_, context) =>
    yesOrNo(context, 'recovered', 'the recovery came to its end', 'the recovery did not come to its end'),
  account_accessible: (_, context) =>
    yesOrNo(
      context,
      'accountAccessible',
      'the key of the account works',
      'the key of the account does not work',
    ),
  property_violation_detected: attemptRefused,
  protocol_aborts_safely: abortsSafely,
};

const NOTHING_RAN = 'no protocol ran';

/** Honest participants that still have their device. */
function present({ honest, lost }: AssertionContext): NodeId[] {
  return honest.filter(number => !lost.includes(number));
}

/** What the last run that told it told. */
function lastTold<K extends keyof Facts>(context: AssertionContext, key: K): Facts[K] | undefined {
  return context.runs.map(({ facts }) => facts?.[key]).findLast(value => value !== undefined);
}

function yesOrNo(
  context: AssertionContext,
  key: 'sharesValid' | 'recovered' | 'accountAccessible',
  yes: string,
  no: string,
): AssertionResult {
  const told = lastTold(context, key);
  if (told === undefined) return unknown('no protocol that ran tells this');
  return told ? held(yes) : failed(no);
}

function sameKey(_: Assertion, context: AssertionContext): AssertionResult {
  const keys = lastTold(context, 'keys');
  if (keys === undefined) return unknown('no protocol that ran derives keys');
  const without = present(context).filter(number => (keys[number] ?? '') === '');
  if (without.length > 0) return failed(`${people(without)} without a key`);
  const distinct = [...new Set(present(context).map(number => keys[number]))];
  if (distinct.length > 1) return failed(`there are ${distinct.length} different keys`);
  return held(`one key, ${(distinct[0] ?? '').slice(0, 16)}, at ${people(present(context))}`);
}

function keysNonEmpty(_: Assertion, context: AssertionContext): AssertionResult {
  const keys = lastTold(context, 'keys');
  if (keys === undefined) return unknown('no protocol that ran derives keys');
  const without = present(context).filter(number => (keys[number] ?? '') === '');
  return without.length === 0 ? held('all have a key') : failed(`${people(without)} without a key`);
}

function noTimeouts(_: Assertion, context: AssertionContext): AssertionResult {
  if (context.runs.length === 0) return unknown(NOTHING_RAN);
  const silent = context.runs.find(({ endings }) => endings.length === 0);
  if (silent !== undefined) return unknown(`${silent.protocol} does not tell how it ended`);
  for (const run of context.runs) {
    const late = present(context).filter(number => run.endings[number]?.as === 'timeout');
    if (late.length > 0) return failed(`${run.protocol}: ${people(late)} ran into a timeout`);
    if (run.timedOut) return failed(`${run.protocol} was not over after ${run.timeoutEpochs} epochs`);
  }
  return held('nobody ran into a timeout');
}

function ledgersConsistent(_: Assertion, context: AssertionContext): AssertionResult {
  const ledgers = lastTold(context, 'ledgers');
  if (ledgers === undefined) return unknown('no protocol that ran keeps a ledger');
  const [first, ...others] = present(context)
    .map(number => ({ number, events: ledgers[number] ?? [] }))
    .sort((a, b) => b.events.length - a.events.length);
  if (first === undefined) return unknown('there is no honest participant');
  for (const { number, events } of others) {
    const at = events.findIndex((event, i) => event !== first.events[i]);
    if (at >= 0)
      return failed(`event ${at} of ${people([number])} is another than that of ${people([first.number])}`);
  }
  return held(`${first.events.length} events, in one order`);
}

function completesInTime(
  { timeout_multiplier: most = 1 }: Assertion,
  context: AssertionContext,
): AssertionResult {
  if (context.runs.length === 0) return unknown(NOTHING_RAN);
  for (const run of context.runs) {
    if (run.endings.length === 0) return unknown(`${run.protocol} does not tell how it ended`);
    const bound = run.timeoutEpochs * most;
    if (run.epochs > bound) return failed(`${run.protocol} took ${run.epochs} epochs, more than ${bound}`);
    const open = present(context).filter(number => (run.endings[number] ?? null) === null);
    if (open.length > 0) return failed(`${run.protocol}: ${people(open)} came to no end`);
  }
  return held(context.runs.map(({ protocol, epochs }) => `${protocol} took ${epochs} epochs`).join(', '));
}

function honestSucceed({ honest_participants }: Assertion, context: AssertionContext): AssertionResult {
  if (context.runs.length === 0) return unknown(NOTHING_RAN);
  const wanted = honest_participants ?? present(context);
  if (2 * wanted.length <= context.setup.participants)
    return failed(`${people(wanted)} are no majority of ${context.setup.participants}`);
  for (const run of context.runs) {
    if (run.endings.length === 0) return unknown(`${run.protocol} does not tell how it ended`);
    const others = wanted.filter(number => run.endings[number]?.as !== 'success');
    if (others.length > 0)
      return failed(`${run.protocol}: ${others.map(number => endOf(run, number)).join(', ')}`);
  }
  return held(`${people(wanted)} succeeded`);
}

function endOf({ endings }: ProtocolOutcome, number: NodeId): string {
  const ending = endings[number] ?? null;
  if (ending === null) return `${people([number])} came to no end`;
  return `${people([number])} ended with ${ending.as}${ending.reason === null ? '' : ` (${ending.reason})`}`;
}

function byzantineDetected({ expected_detected }: Assertion, context: AssertionContext): AssertionResult {
  const wanted = expected_detected ?? context.byzantine;
  if (wanted.length === 0) return unknown('there is no byzantine participant');
  const seen = new Set(
    context.runs
      // What a service says is no word of a participant: its number is behind theirs.
      .flatMap(({ accusations, setup }) => accusations.filter(({ by }) => by < setup.participants))
      .filter(({ by }) => !context.byzantine.includes(by))
      .map(({ who }) => who),
  );
  const missed = wanted.filter(number => !seen.has(number));
  return missed.length === 0
    ? held(`${people(wanted)} were accused by honest participants`)
    : failed(`nobody honest accused ${people(missed)}`);
}

function thresholdActive(_: Assertion, context: AssertionContext): AssertionResult {
  const run = context.runs.findLast(({ facts }) => facts?.activeThreshold !== undefined);
  const active = run?.facts?.activeThreshold;
  if (run === undefined || active === undefined) return unknown('no protocol that ran sets a threshold');
  const asked = run.parameters.new_threshold;
  const wanted = typeof asked === 'number' ? asked : run.setup.threshold;
  return active === wanted
    ? held(`it takes ${active} shares`)
    : failed(`it takes ${active} shares instead of ${wanted}`);
}

function attemptRefused({ expected_property }: Assertion, context: AssertionContext): AssertionResult {
  const wanted = expected_property ?? context.target;
  if (!context.watched) return unknown('neither properties nor steps were watched');
  const classes = new Map(
    context.runs.flatMap(({ properties }) => properties).map(({ name, class: of }) => [name, of]),
  );
  const isWanted = (name: string) => wanted === undefined || name === wanted || classes.get(name) === wanted;
  const isKnown = (one: { name: string; class: string | null }) =>
    wanted === undefined || one.name === wanted || one.class === wanted;
  if (![...classes.keys()].some(isWanted)) {
    if (context.known.some(isKnown))
      return unknown(wanted === undefined ? 'no property was checked' : `${wanted} was not checked`);
    if (wanted !== undefined) return failed(`no spec that was checked has a property ${wanted}`);
  }
  const broken = context.runs
    .flatMap(({ properties }) => properties)
    .find(({ name, verdict }) => isWanted(name) && verdict === 'violated');
  if (broken !== undefined) return failed(`${broken.name} was violated`);
  const found = context.attempts.filter(({ properties }) => properties.some(isWanted));
  const [first] = found;
  if (first === undefined) return failed(`nothing was tried against ${wanted ?? 'any property'}`);
  const times = found.reduce((sum, attempt) => sum + attempt.times, 0);
  return held(`${times} attempts, such as ${first.action}, did not succeed`);
}

function abortsSafely(_: Assertion, context: AssertionContext): AssertionResult {
  const run = context.runs.at(-1);
  if (run === undefined) return unknown(NOTHING_RAN);
  if (run.endings.length === 0) return unknown(`${run.protocol} does not tell how it ended`);
  const broken = context.runs
    .flatMap(({ properties }) => properties)
    .find(({ verdict }) => verdict === 'violated');
  if (broken !== undefined) return failed(`${broken.name} was violated`);
  const there = present(context);
  const open = there.filter(number => (run.endings[number] ?? null) === null);
  if (open.length > 0) return failed(`${people(open)} came to no end`);
  const gaveUp = there.filter(number => run.endings[number]?.as !== 'success');
  if (gaveUp.length === 0) return failed('nobody gave up');
  return context.checksInvariants
    ? held(`${people(gaveUp)} gave up, and no property was violated`)
    : unknown(`${people(gaveUp)} gave up, but invariants were not checked`);
}

/** `participants 0, 2`, as a scenario numbers them. */
function people(numbers: readonly NodeId[]): string {
  return `${numbers.length === 1 ? 'participant' : 'participants'} ${numbers.join(', ')}`;
}
