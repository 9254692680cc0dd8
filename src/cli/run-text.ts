// Runs in the words of the terminal: a line for one that went as expected, and for any other one what went wrong, why, and
// how to see it again.
import type { RunResult } from '../../generated/run-result.js';
import { visible } from '../report/text.js';
import type { Colours } from './terminal.js';

/** The lines for one run. With `verbose` also of what held. */
export function runLines(
  run: RunResult,
  colour: Colours,
  folder: string | undefined,
  verbose: boolean,
): string[] {
  const { mark, paint } = MARKS[run.result];
  const head = `${colour[paint](mark)} ${visible(run.scenario)}${colour.dim(` ${detailsOf(run).join(', ')}`)}`;
  if (run.result === 'met' && !verbose) return [head];
  const place = folder === undefined ? [] : [`  ${colour.dim('evidence:')} ${visible(folder)}`];
  // What an error says as a reason it says again with its code and place.
  const told = run.errors.map(({ message }) => message);
  const reasons = run.reasons.filter(reason => !told.includes(reason));
  if (run.result === 'met') return [head, ...assertionLines(run, () => true), ...place];
  return [
    head,
    `  ${colour[paint](run.result)}: expected ${words(run.expected)}, got ${words(run.outcome)}`,
    ...reasons.map(reason => `    ${visible(reason)}`),
    ...assertionLines(run, ({ verdict }) => verdict !== 'held'),
    ...run.errors.map(error => `    ${visible(errorText(error))}`),
    ...difference(run),
    ...place,
    `  ${colour.dim('reproduce:')} ${visible(run.reproduce)}`,
  ];
}

function errorText({ code, message, location, hint }: RunResult['errors'][number]): string {
  return `${code}: ${location === null ? '' : `${location}: `}${message}${hint === null ? '' : `; hint: ${hint}`}`;
}

const MARKS = {
  met: { mark: '✓', paint: 'green' },
  missed: { mark: '✗', paint: 'red' },
  inconclusive: { mark: '?', paint: 'yellow' },
  error: { mark: '!', paint: 'red' },
} as const;

function words(name: string): string {
  return name.replaceAll('_', ' ');
}

function detailsOf({ driver, seed, events, phases, faults, strategies }: RunResult): string[] {
  const protocols = phases.flatMap(phase => phase.protocols);
  const hits = [...faults, ...strategies].reduce((sum, { count }) => sum + count, 0);
  const conforms = protocols.length > 0 && protocols.every(({ verdict }) => verdict === 'conforms');
  const properties = protocols.flatMap(one => one.properties);
  const held = properties.filter(({ verdict }) => /satisfied/i.test(verdict)).length;
  return [
    driver.kind,
    `seed ${seed}`,
    `${events} steps`,
    ...(faults.length + strategies.length > 0 ? [`${hits} effects of faults`] : []),
    ...(conforms ? ['conforms'] : []),
    ...(properties.length > 0 ? [`${held} of ${properties.length} properties hold`] : []),
  ];
}

function assertionLines(run: RunResult, wanted: (one: RunResult['assertions'][number]) => boolean): string[] {
  const ofPhases = run.phases.flatMap(({ name, assertions }) => assertions.map(one => ({ name, one })));
  const all = [...ofPhases, ...run.assertions.map(one => ({ name: null, one }))];
  return all
    .filter(({ one }) => wanted(one))
    .map(
      ({ name, one }) =>
        `    ${visible(`${name === null ? '' : `${name}: `}${one.type} ${one.verdict}: ${one.detail}`)}`,
    );
}

function difference({ nondeterminism }: RunResult): string[] {
  if (nondeterminism === null) return [];
  const { trace, event, first, second } = nondeterminism;
  return [
    `    a second run went another way: event ${event} of ${visible(trace)} was`,
    `      ${visible(first ?? 'not there')}`,
    `      ${visible(second ?? 'not there')}`,
  ];
}
