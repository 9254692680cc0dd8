// What expressions of attack templates see and call: numbers of the scenario and helpers that make rates, times and
// groups of participants of them. Numbers come out as numbers, so that calls can be nested; lists come out as TOML.
import Handlebars from 'handlebars';
import { tomlText } from './toml-text.js';

export interface AttackView {
  /** How many; 0 where the spec names none. */
  readonly participants: number;
  readonly threshold: number;
  readonly fault_bound: number;
  /** 0 to 1. */
  readonly intensity: number;
  /** Share of byzantine participants that was asked for, 0 to 1. */
  readonly ratio: number;
  /** Name of the property that the scenario targets; empty for none. */
  readonly property: string;
  readonly property_class: string;
  readonly constants: Readonly<Record<string, number | boolean | string>>;
  /** Numbers of participants, ascending. */
  readonly byzantine: readonly number[];
  readonly honest: readonly number[];
  readonly steps: number;
  /** About how long the steps take, ms of virtual time. */
  readonly duration_ms: number;
}

/** A compiled expression. Throws what Handlebars throws. */
export type Expression = (view: AttackView) => string;

/** Throws on a syntax error. */
export function compileExpression(text: string): Expression {
  HANDLEBARS.parse(text);
  const compiled = HANDLEBARS.compile(text, { noEscape: true, strict: true });
  return view => compiled(view);
}

/** What Handlebars hands to a helper last. */
interface HelperCall {
  readonly data: { readonly root: AttackView };
}

const HANDLEBARS = createHandlebars();

function createHandlebars(): typeof Handlebars {
  const handlebars = Handlebars.create();
  // Three decimals: what is written into scenarios is read by people.
  const round = (value: number) => Math.round(value * 1000) / 1000;
  handlebars.registerHelper('scale', (most: unknown, call: unknown) =>
    round(numberFrom(most, 'scale') * viewOf(call, 'scale').intensity),
  );
  handlebars.registerHelper('between', (low: unknown, high: unknown, call: unknown) => {
    const least = numberFrom(low, 'between');
    return Math.round(least + (numberFrom(high, 'between') - least) * viewOf(call, 'between').intensity);
  });
  handlebars.registerHelper('times', (a: unknown, b: unknown) =>
    round(numberFrom(a, 'times') * numberFrom(b, 'times')),
  );
  handlebars.registerHelper('plus', (a: unknown, b: unknown) =>
    round(numberFrom(a, 'plus') + numberFrom(b, 'plus')),
  );
  handlebars.registerHelper('halves', (call: unknown) => {
    const { participants } = viewOf(call, 'halves');
    return tomlText(apart(participants, Math.floor(participants / 2)));
  });
  handlebars.registerHelper('minority', (call: unknown) => {
    const { participants, threshold } = viewOf(call, 'minority');
    return tomlText(apart(participants, Math.max(0, Math.min(threshold - 1, participants - 1))));
  });
  handlebars.registerHelper('bridged', (call: unknown) => tomlText(bridged(viewOf(call, 'bridged'))));
  handlebars.registerHelper('alone', (index: unknown, call: unknown) => {
    const { participants } = viewOf(call, 'alone');
    const all = Array.from({ length: participants }, (_, i) => i);
    const one = numberFrom(index, 'alone') % Math.max(1, participants);
    return tomlText([all.filter(i => i === one), all.filter(i => i !== one)]);
  });
  handlebars.registerHelper('toml', (value: unknown) => {
    if (value === undefined) throw new Error('toml is given a value that does not exist');
    return tomlText(value);
  });
  return handlebars;
}

function isCall(value: unknown): value is HelperCall {
  return typeof value === 'object' && value !== null && 'hash' in value && 'data' in value;
}

function viewOf(call: unknown, helper: string): AttackView {
  if (!isCall(call)) throw new Error(`${helper} is given too many or too few arguments`);
  return call.data.root;
}

// Strict mode overlooks the arguments of helpers.
function numberFrom(value: unknown, helper: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (isCall(value)) throw new Error(`${helper} is given too few arguments`);
  throw new Error(`${helper} is given ${value === undefined ? 'a value that does not exist' : 'no number'}`);
}

/** The first `size` participants, and the others. */
function apart(participants: number, size: number): number[][] {
  const all = Array.from({ length: participants }, (_, i) => i);
  return [all.slice(0, size), all.slice(size)];
}

/** The honest ones in two halves; the byzantine ones are in neither, so that they reach both. */
function bridged({ honest }: AttackView): number[][] {
  const half = Math.floor(honest.length / 2);
  return [honest.slice(0, half), honest.slice(half)];
}
