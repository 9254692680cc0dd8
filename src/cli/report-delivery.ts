// The text of a report to its place: standard output, standard error, a file that is replaced as a whole or one that is
// added to. The same for reports of verdicts and of runs; what they say is not known here.
import { appendFile } from 'node:fs/promises';
import type { ReportContext } from '../report/reporter.js';
import { type AuraError, auraError } from '../util/errors.js';
import { systemReason, writeAtomically } from '../util/files.js';
import { fail, ok, type Result } from '../util/result.js';
import type { ReportRequest, ReportTarget } from './report-options.js';
import { packageVersion } from './version.js';

/** Who reports, and the folders from which files are named: in continuous integration, that of the repository. */
export function reportOrigin(): Pick<ReportContext, 'version' | 'folder' | 'root'> {
  const folder = process.cwd();
  return { version: packageVersion(), folder, root: process.env.GITHUB_WORKSPACE ?? folder };
}

/** Whether standard output is a report's, so that what is said to people has to go to standard error. */
export function reportsOnStdout(requests: readonly ReportRequest[]): boolean {
  return requests.some(({ target }) => target.kind === 'stdout');
}

/** Errors: AUR006 for a file that cannot be written. */
export async function deliverReport(text: string, target: ReportTarget): Promise<Result<void>> {
  switch (target.kind) {
    case 'stdout':
      process.stdout.write(text);
      return ok(undefined);
    case 'stderr':
      process.stderr.write(text);
      return ok(undefined);
    case 'file':
      return writeReport(target.file, text);
    case 'append':
      return written(target.file, appendFile(target.file, text));
  }
}

/** Replaces a file as a whole. Errors: AUR006. */
export async function writeReport(file: string, text: string): Promise<Result<void>> {
  return written(file, writeAtomically(file, text));
}

async function written(file: string, writing: Promise<void>): Promise<Result<void>> {
  try {
    await writing;
    return ok(undefined);
  } catch (error) {
    return fail(cannotWrite(file, error));
  }
}

function cannotWrite(file: string, error: unknown): AuraError {
  return auraError('AUR006', `cannot write ${file}: ${systemReason(error)}`);
}
