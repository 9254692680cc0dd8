// Finds the folder that holds our package.json, and so schemas/, templates/ and specs/. Sources run from src/ in
// tests and from dist/src/ once built, which are not equally deep: hence a search rather than a fixed path.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from './assert.js';

/** Absolute path of the package. */
export function packageRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    assert(parent !== folder, 'no package.json above the code');
    folder = parent;
  }
  return folder;
}
