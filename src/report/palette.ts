// The colours that a report for people may use. They are injected: only the one who opens the terminal knows whether
// it has any. All other reports, and tests, use the plain palette.

type Paint = (text: string) => string;

export interface Palette {
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly dim: Paint;
  readonly bold: Paint;
}

function same(text: string): string {
  return text;
}

export const PLAIN: Palette = { red: same, green: same, yellow: same, dim: same, bold: same };
