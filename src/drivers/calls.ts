// Calls of code that others have written: bounded in time, and what they throw told with their own words and the place
// that it came from. Once a call has not come back, no other is made: nobody knows what it still does.
import { fileURLToPath } from 'node:url';
import type { ErrorCode } from '../util/error-codes.js';
import { type AuraError, auraError, type Location } from '../util/errors.js';
import { type Failure, fail, ok, type Result } from '../util/result.js';

export class Calls {
  private hanging: AuraError | undefined;
  private giveUpPending: (() => void) | undefined;

  constructor(
    private readonly file: string,
    private readonly timeoutMs: number,
  ) {}

  /** How errors name a method. */
  who(method: string): string {
    return `${this.file}: ${method}`;
  }

  /** Errors: AUR452 for what it throws, AUR454 where it or a call before did not end in time. */
  async call<T>(method: string, call: () => T | Promise<T>, timeoutMs = this.timeoutMs): Promise<Result<T>> {
    if (this.hanging !== undefined) return fail(this.hanging);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Failure>(resolve => {
      timer = setTimeout(() => {
        const message = `${this.who(method)} did not answer within ${timeoutMs} ms`;
        this.hanging = auraError('AUR454', message);
        resolve(fail(this.hanging));
      }, timeoutMs);
      this.giveUpPending = () =>
        resolve(fail(auraError('AUR454', `${this.who(method)} had not answered when it was closed`)));
    });
    // In a function of its own, so that what is thrown at once is caught like what is rejected.
    const answer = async (): Promise<Result<T>> => ok(await call());
    try {
      return await Promise.race([answer(), late]);
    } catch (error) {
      return fail(foreignError('AUR452', this.who(method), error));
    } finally {
      clearTimeout(timer);
      this.giveUpPending = undefined;
    }
  }

  /** Ends the wait for an answer that has not come; another call may be made. */
  giveUp(): void {
    this.giveUpPending?.();
    this.giveUpPending = undefined;
  }
}

/** An error of foreign code, with its message and where it was thrown. */
export function foreignError(code: ErrorCode, what: string, error: unknown): AuraError {
  const message = error instanceof Error ? error.message : String(error);
  const location = error instanceof Error ? thrownAt(error) : undefined;
  return auraError(code, `${what}: ${message.trim()}`, { ...(location && { location }) });
}

const FRAME = /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^()\n]+?):(\d+):(\d+)\)?$/m;

/** The first place of the stack in a file of the user's. */
function thrownAt({ stack = '' }: Error): Location | undefined {
  for (const line of stack.split('\n')) {
    const [, file = '', row, column] = FRAME.exec(line) ?? [];
    if (file === '' || file.includes('/node_modules/')) continue;
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    return { file: path, line: Number(row), column: Number(column) };
  }
  return undefined;
}
