// Where output goes: results to standard output, everything said to people while working to standard error. With
// --json, standard output holds one document and nothing else.
import type { AuraError } from '../util/errors.js';
import { showError } from '../util/errors.js';

export interface Terminal {
  /** Whether a JSON document is wanted on standard output. */
  readonly json: boolean;
  readonly colour: Colours;
  /** A line of the result for people; goes to standard error when a JSON document is wanted. */
  print(line: string): void;
  /** A line about the work: warnings, notes. */
  note(line: string): void;
  /** The document of a command; does nothing unless JSON is wanted. */
  document(value: unknown): void;
  errors(errors: readonly AuraError[]): void;
  /** What is being done now, in place, on a terminal only. Ends with `done`. */
  progress(text: string): void;
  done(): void;
}

type Paint = (text: string) => string;

export interface Colours {
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly dim: Paint;
  readonly bold: Paint;
}

const PLAIN: Colours = { red: same, green: same, yellow: same, dim: same, bold: same };

function same(text: string): string {
  return text;
}

function paint(code: number): Paint {
  return text => `\x1b[${code}m${text}\x1b[0m`;
}

const ANSI: Colours = { red: paint(31), green: paint(32), yellow: paint(33), dim: paint(2), bold: paint(1) };

/** Colours when the stream is a terminal, unless NO_COLOR is set (https://no-color.org) or FORCE_COLOR asks for them. */
function coloursFor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Colours {
  if (env.NO_COLOR) return PLAIN;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return ANSI;
  return stream.isTTY && env.TERM !== 'dumb' ? ANSI : PLAIN;
}

export function openTerminal(json: boolean): Terminal {
  const result = json ? process.stderr : process.stdout;
  const live = process.stderr.isTTY === true && process.env.TERM !== 'dumb' && !process.env.CI;
  let shown = false;
  const clear = () => {
    if (shown) process.stderr.write('\r\x1b[2K');
    shown = false;
  };
  const line = (stream: NodeJS.WriteStream, text: string) => {
    clear();
    stream.write(`${text}\n`);
  };
  return {
    json,
    colour: coloursFor(result, process.env),
    print: text => line(result, printable(text)),
    note: text => line(process.stderr, printable(text)),
    document: value => {
      clear();
      if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    errors: errors => {
      const red = coloursFor(process.stderr, process.env).red;
      for (const error of errors)
        line(process.stderr, printable(showError(error)).replace(/^error \S+/, red));
    },
    progress: text => {
      if (!live) return;
      clear();
      process.stderr.write(printable(text).slice(0, (process.stderr.columns ?? 80) - 1));
      shown = true;
    },
    done: clear,
  };
}

/** For work whose words nobody is to see. */
export function quietTerminal(): Terminal {
  const nothing = () => undefined;
  return {
    json: false,
    colour: PLAIN,
    print: nothing,
    note: nothing,
    document: nothing,
    errors: nothing,
    progress: nothing,
    done: nothing,
  };
}

// Text of a spec or a trace must not steer the terminal: control characters other than our own colours are shown.
function printable(text: string): string {
  const hex = (char: string) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  return text.replace(/\x1b(?!\[\d+m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f\x9b]/g, hex);
}
