// What is said of one run, in lines fit to be shown: how it ended, why, and what decided. Every report of runs is made
// of these, and no report says more of a run than another. What a scenario expects is no failure, whatever it is.
import type {
  RunAssertion,
  RunCount,
  RunDifference,
  RunError,
  RunResult,
  RunSurprise,
} from '../../../generated/run-result.js';
import type { Outcome } from '../findings.js';
import { atMost, shorten, shortenPair, shown, visible } from '../text.js';

const MOST = { line: 300, name: 120, each: 20 };

export const OUTCOMES: Record<RunResult['result'], Exclude<Outcome, 'skipped'>> = {
  met: 'passed',
  missed: 'failed',
  inconclusive: 'undecided',
  error: 'failed',
};

/** A property that a trace of the run breaks. */
export interface Broken {
  /** `conformance` where the trace is no behaviour of the spec. */
  readonly kind: 'invariant' | 'temporal' | 'own' | 'conformance';
  /** Empty for conformance. */
  readonly name: string;
  /** The trace's file, or the protocol where none was written. */
  readonly trace: string;
  readonly text: string;
}

/** Such as `expected success, got property violation`. */
export function headlineOf({ result, expected, outcome }: RunResult): string {
  switch (result) {
    case 'met':
      return expected === 'inconclusive'
        ? `${words(outcome)}; no outcome was expected`
        : `${words(outcome)}, as expected`;
    case 'missed':
      return `expected ${words(expected)}, got ${words(outcome)}`;
    case 'inconclusive':
      return `inconclusive, expected ${words(expected)}`;
    case 'error':
      return 'could not run';
  }
}

/** An outcome for people. */
export function words(outcome: RunResult['expected'] | RunResult['outcome']): string {
  return outcome.replaceAll('_', ' ');
}

/** The headline with the reason that weighs most. */
export function saidOfRun(run: RunResult): string {
  const reason = run.reasons[0] ?? run.errors[0]?.message;
  return reason === undefined ? headlineOf(run) : `${headlineOf(run)}: ${shown(reason, MOST.line)}`;
}

export function nameOf({ scenario }: RunResult): string {
  return shown(scenario, MOST.name);
}

/** What led to the result, the most important first; empty where nothing is to say. */
export function evidenceOf(run: RunResult): string[] {
  const all = [
    ...atMost(
      run.reasons.map(reason => shown(reason, MOST.line)),
      MOST.each,
    ),
    ...(run.result === 'met' ? [] : decidingLines(run)),
    ...(run.nondeterminism === null ? [] : differenceLines(run.nondeterminism)),
  ];
  // A reason often is a part of what the line on a property or an assertion says in full, which then takes its place.
  return [...new Set(all.map(line => inFull(line, all)))];
}

/** The longest of `lines` that says what `line` says; itself where none says more. */
export function inFull(line: string, lines: readonly string[]): string {
  const wanted = wordsOf(line);
  return lines.reduce(
    (best, each) => (each.length > best.length && wordsOf(each).includes(wanted) ? each : best),
    line,
  );
}

/** Without marks between words, and with a space at both ends: `B is` is not in `AB is`. */
function wordsOf(line: string): string {
  return ` ${line.replace(/[,;:] /g, ' ')} `;
}

/** The last line of every failure. */
export function reproduceLine({ reproduce }: RunResult): string {
  return `reproduce: ${visible(reproduce)}`;
}

/** Lines on faults and strategies that tested nothing, such as `fault drop had no effect`. */
export function idleLines({ faults, strategies }: RunResult): string[] {
  const idle = (kind: string, counts: readonly RunCount[]) =>
    counts
      .filter(each => each.count === 0)
      .map(({ type }) => `${kind} ${shown(type, MOST.name)} had no effect`);
  return [...new Set([...idle('fault', faults), ...idle('strategy', strategies)])];
}

export function brokenOf({ phases }: RunResult): Broken[] {
  return phases.flatMap(({ protocols }) =>
    protocols.flatMap(({ type, trace: file, verdict, properties }): Broken[] => {
      const trace = file ?? type;
      const where = shown(trace, MOST.name);
      const broken = properties.filter(property => property.verdict === 'violated');
      return [
        ...broken.map(({ kind, name, class: of, step }) => {
          const about = [...(of === null ? [] : [shown(of, 60)]), ...(kind === 'own' ? ['own checker'] : [])];
          const at = step === null ? 'of' : `at state ${step} of`;
          const also = about.length > 0 ? ` (${about.join(', ')})` : '';
          const title = kind === 'own' ? 'property' : kind;
          const text = `${title} ${shown(name, MOST.name)} is violated ${at} ${where}${also}`;
          return { kind, name, trace, text };
        }),
        ...(verdict === 'rejected'
          ? [{ kind: 'conformance', name: '', trace, text: `${where} is no behaviour of the spec` } as const]
          : []),
      ];
    }),
  );
}

function decidingLines(run: RunResult): string[] {
  const ofPhases = run.phases.flatMap(({ name, assertions }) => assertionLines(assertions, name));
  const surprises = run.schedule.surprises.map(surpriseLine);
  const lists = [
    brokenOf(run).map(({ text }) => text),
    [...ofPhases, ...assertionLines(run.assertions, null)],
    surprises,
    run.errors.map(errorLine),
  ];
  return lists.flatMap(lines => atMost(lines, MOST.each));
}

function assertionLines(assertions: readonly RunAssertion[], phase: string | null): string[] {
  const where = phase === null ? '' : ` at the end of the phase ${shown(phase, MOST.name)}`;
  const said = { failed: 'does not hold', unknown: 'cannot be decided' };
  return assertions.flatMap(({ type, verdict, detail }) =>
    verdict === 'held'
      ? []
      : [
          shorten(
            `assertion ${shown(type, MOST.name)} ${said[verdict]}${where}: ${visible(detail)}`,
            MOST.line,
          ),
        ],
  );
}

function surpriseLine({ index, action, expect, reason }: RunSurprise): string {
  const said =
    expect === 'accepted' ? 'was refused, which the spec allows' : 'was carried out, which the spec forbids';
  const why = reason === null ? '' : `: ${visible(reason)}`;
  return shorten(`step ${index}, ${shown(action, MOST.name)}, ${said}${why}`, MOST.line);
}

export function errorLine({ code, message, location, hint }: RunError): string {
  const place = location === null ? '' : `${location}: `;
  return shown(`${code}: ${place}${message}${hint === null ? '' : `; hint: ${hint}`}`, MOST.line);
}

function differenceLines({ trace, event, first, second }: RunDifference): string[] {
  const [one, other] = shortenPair(visible(first ?? ''), visible(second ?? ''), MOST.line);
  return [
    `a second run went another way at event ${event} of ${shown(trace, MOST.name)}:`,
    `  first   ${first === null ? 'had ended' : one}`,
    `  second  ${second === null ? 'had ended' : other}`,
  ];
}
