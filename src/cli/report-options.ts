// `--report name[=file]`: which reports are wanted and where each goes. A report without a file goes to standard
// output, where there is room for one document only; `markdown` goes to the summary of the job where GitHub offers
// one. Nothing is opened here.
import path from 'node:path';
import { REPORTER_NAMES, type ReporterName } from '../report/reporters.js';
import { auraError } from '../util/errors.js';
import { nearest } from '../util/nearest.js';
import { collect, fail, ok, type Result } from '../util/result.js';

/** Where a report goes. A file is replaced as a whole, but one to `append` to holds what others wrote. */
export type ReportTarget =
  | { readonly kind: 'stdout' }
  | { readonly kind: 'stderr' }
  | { readonly kind: 'file' | 'append'; readonly file: string };

export interface ReportRequest {
  readonly reporter: ReporterName;
  readonly target: ReportTarget;
}

/** What decides beside the options themselves. */
export interface ReportSurroundings {
  /** Whether standard output already holds the document of `--json`. */
  readonly json: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The reports asked for, in order. On GitHub Actions annotations are added, to standard error, which the runner reads
 * for commands too.
 *
 * Errors: AUR740 for an unknown name, AUR741 for `name=` without a file, AUR742 for two reports to one place.
 */
export function parseReportOptions(
  texts: readonly string[],
  surroundings: ReportSurroundings,
): Result<ReportRequest[]> {
  const parsed = collect(texts.map(text => parseRequest(text, surroundings.env)));
  if (!parsed.ok) return parsed;
  const requests = parsed.value;
  const annotated = requests.some(({ reporter }) => reporter === 'github');
  if (surroundings.env.GITHUB_ACTIONS === 'true' && !annotated)
    requests.push({ reporter: 'github', target: { kind: 'stderr' } });
  return withoutClashes(requests, surroundings);
}

function parseRequest(text: string, env: NodeJS.ProcessEnv): Result<ReportRequest> {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const reporter = REPORTER_NAMES.find(each => each === name);
  if (reporter === undefined) {
    const near = nearest(name, REPORTER_NAMES);
    const known = `reports are: ${REPORTER_NAMES.join(', ')}`;
    const hint = near === undefined ? known : `did you mean ${near}? ${known}`;
    return fail(auraError('AUR740', `there is no report named "${name}"`, { hint }));
  }
  const file = equals < 0 ? '-' : text.slice(equals + 1);
  if (file === '')
    return fail(
      auraError('AUR741', `--report ${text} names no file`, { hint: `write --report ${reporter}=FILE` }),
    );
  if (file !== '-') return ok({ reporter, target: { kind: 'file', file } });
  const summary = env.GITHUB_STEP_SUMMARY;
  if (reporter === 'markdown' && equals < 0 && summary)
    return ok({ reporter, target: { kind: 'append', file: summary } });
  return ok({ reporter, target: { kind: 'stdout' } });
}

function withoutClashes(requests: ReportRequest[], { json }: ReportSurroundings): Result<ReportRequest[]> {
  const taken = new Map<string, string>(json ? [['stdout', '--json']] : []);
  for (const { reporter, target } of requests) {
    if (target.kind === 'stderr') continue;
    const place = 'file' in target ? `file ${path.resolve(target.file)}` : 'stdout';
    const other = taken.get(place);
    if (other !== undefined) {
      const where = 'file' in target ? target.file : 'standard output';
      const message = `${other} and --report ${reporter} both go to ${where}`;
      const hint = `give each its own file: --report ${reporter}=FILE`;
      return fail(auraError('AUR742', message, { hint }));
    }
    taken.set(place, `--report ${reporter}`);
  }
  return ok(requests);
}
