// A type-checked spec with one module chosen as main: what the bridge hands on and everything later reads.
import type { QuintIr } from './ir.js';

export interface SourceFile {
  /** Path as the user gave it for the spec itself, relative to that file's folder for what it imports. */
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
}

export interface Spec {
  /** Path of the main file as the user gave it. */
  readonly file: string;
  /** Name of the main module. */
  readonly main: string;
  /** The file and all that it imports, transitively, the file first. */
  readonly sources: readonly SourceFile[];
  readonly quintVersion: string;
  /** Hex SHA-256 over the sources, the main module's name and Quint's version: equal hashes, equal specs. */
  readonly hash: string;
  readonly ir: QuintIr;
}
