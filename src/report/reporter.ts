// The one interface of all reporters: verdicts in, text out. A reporter is a pure function: the same verdicts give
// the same bytes. It reads no source and writes no file; what it needs of the world is in its context.
import type { VerifyResult } from '../../generated/verify-result.js';

/** A line of a source file without its line break; undefined where it cannot be had. Lines count from 1. */
export type LineAt = (file: string, line: number) => string | undefined;

export interface ReportContext {
  /** Version of aura. */
  readonly version: string;
  /** Whether what is only presumed to hold counts as undecided. */
  readonly strict: boolean;
  /** Absolute folder from which relative file names in the results count. */
  readonly folder: string;
  /** Absolute folder from which file names in a report count: that of the repository, which tools know. */
  readonly root: string;
  readonly lineAt: LineAt;
}

/** Gives the whole text of a report, ending in a line break unless it is empty. */
export type Reporter = (results: readonly VerifyResult[], context: ReportContext) => string;
