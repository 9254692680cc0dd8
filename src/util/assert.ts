// Assertions that stay on. They guard what only a bug of ours can break; what input can break is a Result.

/** Thrown when aura itself is wrong; the CLI turns it into exit code 70. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InternalError(message);
}

/** The value, which our own reasoning says is there. */
export function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new InternalError(`missing: ${what}`);
  return value;
}
