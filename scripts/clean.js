// Before a build: removes what an earlier one left, so that no deleted file lives on in the package.
import { rmSync } from 'node:fs';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
