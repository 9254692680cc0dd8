// Which processes run, by what is written in their command lines: to see that nothing stays behind. It only looks;
// it ends nothing, since a test must not touch processes that it did not start. A zombie counts as ended: who started
// it has yet to be told, but it does no more work.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Whether a live process has `text` in its command line. What it looks for must be unlike anything else that runs. */
export async function hasProcessLike(text: string): Promise<boolean> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'stat=,args='], {
    maxBuffer: 1 << 26,
  });
  return stdout.split('\n').some(line => !line.startsWith('Z') && line.includes(text));
}
