// What the exit code of aura means. Scripts rely on it: docs/cli.md states the same table.

export const EXIT = {
  ok: 0,
  violated: 1,
  usage: 2,
  undecided: 3,
  internal: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
