// The version of this package, from its package.json.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../util/package-root.js';

export function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'),
  );
  return manifest.version;
}
