// Names of files as other tools know them: relative to the root of the repository, with forward slashes, so that
// a report made on one machine is understood on another.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ReportContext } from './reporter.js';

/** Where names of files count from. */
export type Folders = Pick<ReportContext, 'folder' | 'root'>;

/** The file relative to the root; absolute where it is not below it. */
export function fileFromRoot(file: string, folders: Folders): string {
  const absolute = path.resolve(folders.folder, file);
  const relative = path.relative(folders.root, absolute);
  const outside = relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
  return (outside ? absolute : relative).split(path.sep).join('/');
}

/** The same as a URI reference (RFC 3986). */
export function uriFromRoot(file: string, folders: Folders): string {
  const name = fileFromRoot(file, folders);
  if (path.isAbsolute(name)) return pathToFileURL(name).href;
  return name.toWellFormed().split('/').map(encodeURIComponent).join('/');
}
