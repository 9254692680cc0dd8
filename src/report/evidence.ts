// Why a trace is rejected or a property violated, as lines of text: the differences, the conjunct with its source
// line, the values that decided, the actions that came near. The terminal shows them in colour, the other formats
// carry them as their text. Long evidence is cut, and what was left out is counted.
import type {
  Binding,
  Candidate,
  Conformance,
  Difference,
  Place,
  PropertyVerdict,
  Reason,
} from '../../generated/verify-result.js';
import { excerptOfLine } from '../util/errors.js';
import { type Finding, otherCandidates } from './findings.js';
import type { Palette } from './palette.js';
import type { LineAt } from './reporter.js';
import { indent, shorten, shortenPair, shown } from './text.js';

export interface Style {
  readonly palette: Palette;
  /** Columns that lines should keep to; names of files may go beyond. */
  readonly width: number;
  readonly lineAt: LineAt;
  /** Whether to show all candidates, differences and reasons. */
  readonly verbose: boolean;
}

const MOST = { candidates: 5, explained: 2, differences: 12, reasons: 10, reasonDepth: 8, label: 28 };

/** The lines below the headline of a finding, not indented; none where there is nothing to explain. */
export function evidenceFor(finding: Finding, style: Style): string[] {
  switch (finding.kind) {
    case 'conformance':
      return rejectionLines(finding.conformance, style);
    case 'invariant':
    case 'temporal':
      return finding.outcome === 'passed' ? [] : propertyLines(finding.property, style);
    default:
      return [];
  }
}

/** The values of names, such as `p = "p1", n = 3`. */
function showBindings(bindings: readonly Binding[], max: number): string {
  return shorten(
    bindings.map(({ name, value }) => `${shown(name, 40)} = ${shown(value, max)}`).join(', '),
    max,
  );
}

export function showAction({ action, args }: Pick<Candidate, 'action' | 'args'>, max: number): string {
  return shorten(`${shown(action, 60)}${args.length > 0 ? `(${showBindings(args, max)})` : ''}`, max);
}

export function showPlace({ file, line, column }: Place): string {
  return `${shown(file, 200)}:${line}:${column}`;
}

/** `phase.get("p1")  - Idle` and below it `+ Held`, for each difference. */
export function differenceLines(differences: readonly Difference[], style: Style): string[] {
  const { palette, width, verbose } = style;
  const few = verbose ? differences : differences.slice(0, MOST.differences);
  const labels = few.map(({ variable, path }) => shown(`${variable}${path}`, width - 4));
  const column = Math.max(0, ...labels.map(each => each.length).filter(each => each <= MOST.label));
  const lines = few.flatMap(({ from, to }, i) => {
    const label = labels[i] ?? '';
    const max = Math.max(20, width - column - 4);
    const [old, fresh] = shortenPair(shown(from ?? '', Infinity), shown(to ?? '', Infinity), max);
    const changes = [
      ...(from === null ? [] : [palette.red(`- ${old}`)]),
      ...(to === null ? [] : [palette.green(`+ ${fresh}`)]),
    ];
    const first = label.length <= column ? [] : [label];
    return [
      ...first,
      ...changes.map((each, j) => `${(j === 0 && first.length === 0 ? label : '').padEnd(column)}  ${each}`),
    ];
  });
  const more = differences.length - few.length;
  return more > 0 ? [...lines, palette.dim(`and ${more} more`)] : lines;
}

/** The place and its source line with a caret, where the line can be had. */
function placeLines(place: Place, { palette, width, lineAt }: Style): string[] {
  const source = lineAt(place.file, place.line);
  const at = palette.dim(showPlace(place));
  if (source === undefined) return [at];
  const blank = source.length - source.trimStart().length;
  const text = shown(source.trim(), Infinity);
  const column = Math.max(0, place.column - 1 - blank);
  const room = Math.max(20, width - `${place.line} | `.length);
  const from =
    text.length <= room ? 0 : Math.min(Math.max(0, column - Math.floor(room / 2)), text.length - room);
  const part = text.slice(from + (from > 0 ? 1 : 0), from + room - (from + room < text.length ? 1 : 0));
  const cut = `${from > 0 ? '…' : ''}${part}${from + room < text.length ? '…' : ''}`;
  return [at, ...excerptOfLine(cut.toWellFormed(), { ...place, column: column - from + 1 }).split('\n')];
}

/** One line for each reason, deeper ones further in: `holder is "p1"`. Literals say nothing new and are left out. */
function reasonLines(reason: Reason, near: Place | null, style: Style): string[] {
  const lines: string[] = [];
  const most = style.verbose ? Infinity : MOST.reasons;
  let left = 0;
  const visit = (each: Reason, depth: number) => {
    if (each.what === each.value) return;
    if (lines.length >= most || depth >= MOST.reasonDepth) {
      left++;
      return;
    }
    lines.push(...indent([reasonLine(each, near, { ...style, width: style.width - 2 * depth })], 2 * depth));
    for (const part of each.because) visit(part, depth + 1);
  };
  visit(reason, 0);
  return left > 0 ? [...lines, style.palette.dim(`and ${left} more`)] : lines;
}

function reasonLine({ what, value, location, bindings }: Reason, near: Place | null, style: Style): string {
  const place = location === null ? '' : placeBeside(location, near);
  const max = Math.max(30, style.width - place.length - (place === '' ? 0 : 2));
  const bound = bindings.length > 0 ? ` for ${showBindings(bindings, Math.floor(max / 2))}` : '';
  const name = shown(what, Math.floor(max / 2));
  const text = shorten(`${name} is ${shown(value, Math.max(16, max - name.length - 4))}${bound}`, max);
  return place === '' ? text : `${text}  ${style.palette.dim(place)}`;
}

/** What the place adds to the one just shown: nothing on the same line, line and column in the same file. */
function placeBeside(place: Place, near: Place | null): string {
  if (place.file !== near?.file) return showPlace(place);
  return place.line === near.line ? '' : `:${place.line}:${place.column}`;
}

function propertyLines({ conjunct, location, because, differences, step }: PropertyVerdict, style: Style) {
  const place = conjunct ?? (because === null ? null : location);
  const changed = step === null || step === 0 ? 'changed:' : `changed in step ${step}:`;
  return [
    ...(place === null ? [] : placeLines(place, style)),
    ...(because === null ? [] : reasonLines(because, place, style)),
    ...(differences.length === 0 ? [] : [changed, ...indent(differenceLines(differences, inset(style)), 2)]),
  ];
}

function rejectionLines({ rejection, step }: Conformance, style: Style): string[] {
  if (rejection === null) return [];
  const { action, changes, candidates, nearest } = rejection;
  const named = action === null ? '' : ` ${shown(action, 60)}`;
  // Before the first state there is none from which something could change.
  const observed =
    step === 0
      ? []
      : changes.length === 0
        ? [`observed${named}, which changed nothing`]
        : [`observed${named}:`, ...indent(differenceLines(changes, inset(style)), 2)];
  const others = otherCandidates(candidates, nearest);
  const few = style.verbose ? others : others.slice(0, MOST.candidates);
  const what = step === 0 ? 'no initial state is like it' : 'no action explains it';
  const more = others.length - few.length;
  return [
    ...observed,
    others.length === 0 ? what : `${what}; the nearest first:`,
    ...indent(
      few.flatMap((each, i) =>
        i < MOST.explained || style.verbose
          ? candidateLines(each, inset(style))
          : [candidateLine(each, inset(style))],
      ),
      2,
    ),
    ...(more > 0 ? [style.palette.dim(`  and ${more} more`)] : []),
    ...(nearest === null ? [] : nearestLines(nearest, style)),
  ];
}

function candidateLines(candidate: Candidate, style: Style): string[] {
  const { failed, location, differences } = candidate;
  const title = style.palette.bold(showAction(candidate, style.width - 40));
  const inner = inset(style);
  if (failed === null)
    return [`${title} leads elsewhere; - spec, + trace`, ...indent(differenceLines(differences, inner), 2)];
  const place = failed.location ?? location;
  const lines = [...(place === null ? [] : placeLines(place, inner)), ...reasonLines(failed, place, inner)];
  return [`${title} is not enabled`, ...indent(lines, 2)];
}

/** A candidate further away: its place and the source there. */
function candidateLine(candidate: Candidate, { palette, width, lineAt }: Style): string {
  const { failed, location } = candidate;
  const title = palette.bold(showAction(candidate, width - 40));
  if (failed === null) return `${title} leads elsewhere`;
  const place = failed.location ?? location;
  if (place === null) return `${title} is not enabled`;
  const source = lineAt(place.file, place.line)?.slice(place.column - 1);
  const at = source === undefined ? showPlace(place) : `${place.line}:${place.column}`;
  return `${title} is not enabled  ${palette.dim(at)}${source ? `  ${shown(source.trim(), 40)}` : ''}`;
}

function nearestLines(nearest: Candidate, style: Style): string[] {
  const differences = differenceLines(nearest.differences, inset(style));
  const lines = differences.length > 0 ? differences : ['no difference'];
  const title = `nearest successor: ${style.palette.bold(showAction(nearest, style.width - 40))}`;
  return [`${title}; - spec, + trace`, ...indent(lines, 2)];
}

function inset(style: Style): Style {
  return { ...style, width: style.width - 2 };
}
