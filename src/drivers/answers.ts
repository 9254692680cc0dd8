// Answers of drivers that others have written, checked before anything relies on them. What is wrong is said with the
// method that answered; a wrong answer is never taken for a step that was refused.
import type { ExecutionTrace, TraceEvent } from '../../generated/execution-trace.js';
import { previewJson } from '../trace/misfits.js';
import { auraError } from '../util/errors.js';
import { isJsonObject, type Json } from '../util/json.js';
import { nearest } from '../util/nearest.js';
import { fail, ok, type Result } from '../util/result.js';
import { loadSchemaCheck, type SchemaCheck } from '../util/schema-check.js';
import type { Applied, Capabilities } from './driver.js';
import { plainCopy } from './plain-data.js';

/** Readers of answers; `who` is how errors name the method. Their errors are all AUR453. */
export interface AnswerReader {
  applied(answer: unknown, who: string): Result<Applied>;
  state(answer: unknown, who: string): Result<{ [variable: string]: Json }>;
  capabilities(answer: unknown, who: string): Result<Capabilities>;
}

export async function createAnswerReader(): Promise<AnswerReader> {
  const check = await loadSchemaCheck<ExecutionTrace>('execution-trace');
  return {
    applied: (answer, who) => readApplied(answer, who, check),
    state: readState,
    capabilities: readCapabilities,
  };
}

const OUTCOMES = ['accepted', 'rejected'] as const;

function readApplied(answer: unknown, who: string, check: SchemaCheck<ExecutionTrace>): Result<Applied> {
  const expected = "'accepted', 'rejected' or {outcome, reason, events}";
  const plain = readPlain(answer, who);
  if (!plain.ok) return plain;
  const whole = isJsonObject(plain.value) ? plain.value : { outcome: plain.value };
  const { outcome: told, reason, events, ...others } = whole;
  const outcome = OUTCOMES.find(each => each === told);
  if (outcome === undefined)
    return wrong(
      `${who} answered ${previewJson(plain.value)}: expected ${expected}`,
      nearText(told, OUTCOMES),
    );
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return wrong(
      `${who} answered an unknown key ${unknown}: expected ${expected}`,
      nearText(unknown, ['outcome', 'reason', 'events']),
    );
  if (reason !== undefined && typeof reason !== 'string')
    return wrong(`${who} answered the reason ${previewJson(reason)}: expected text`);
  const read = events === undefined ? undefined : readEvents(events, who, check);
  if (read?.ok === false) return read;
  return ok({
    outcome,
    ...(reason !== undefined && { reason }),
    ...(read !== undefined && { events: read.value }),
  });
}

function readEvents(
  events: Json,
  who: string,
  check: SchemaCheck<ExecutionTrace>,
): Result<readonly TraceEvent[]> {
  const checked = check({ format: 'aura-execution-trace', version: 1, events });
  if (checked.ok) return ok(checked.value.events ?? []);
  const [first] = checked.violations;
  const at = first?.path.find(part => typeof part === 'number');
  const where = at === undefined ? 'events' : `event ${at}`;
  return wrong(`${who} answered ${where} in a wrong form: ${first?.message ?? ''}`, first?.hint);
}

function readState(answer: unknown, who: string): Result<{ [variable: string]: Json }> {
  const plain = readPlain(answer, who);
  if (!plain.ok) return plain;
  if (isJsonObject(plain.value)) return ok(plain.value);
  return wrong(
    `${who} answered ${previewJson(plain.value)}: expected an object of the variables of the spec`,
  );
}

const STATES = ['full', 'partial', 'none'] as const;
const LISTS = ['faults', 'strategies', 'faultActions'] as const;
const CAPABILITIES = [...LISTS, 'network', 'state'] as const;

/** What is not told is what a driver can least do. */
function readCapabilities(answer: unknown, who: string): Result<Capabilities> {
  const plain = readPlain(answer ?? {}, who);
  if (!plain.ok) return plain;
  const told = plain.value;
  if (!isJsonObject(told)) return wrong(`${who} answered ${previewJson(told)}: expected an object`);
  const unknown = Object.keys(told).find(key => !CAPABILITIES.some(known => known === key));
  if (unknown !== undefined)
    return wrong(
      `${who} answered an unknown key ${unknown}: known are ${CAPABILITIES.join(', ')}`,
      nearText(unknown, CAPABILITIES),
    );
  const { network = false } = told;
  if (typeof network !== 'boolean')
    return wrong(`${who} answered network = ${previewJson(network)}: expected true or false`);
  const state = STATES.find(each => each === (told.state ?? 'partial'));
  if (state === undefined)
    return wrong(`${who} answered state = ${previewJson(told.state ?? null)}: expected ${STATES.join(', ')}`);
  const lists = LISTS.map(name => namesIn(told[name] ?? []));
  const [faults, strategies, faultActions] = lists;
  if (faults === undefined || strategies === undefined || faultActions === undefined) {
    const bad = LISTS[lists.indexOf(undefined)] ?? '';
    return wrong(
      `${who} answered ${bad} = ${previewJson(told[bad] ?? null)}: expected a list of names or 'all'`,
    );
  }
  return ok({ faults, strategies, network, faultActions, state });
}

function namesIn(list: Json): readonly string[] | 'all' | undefined {
  if (list === 'all') return list;
  if (!Array.isArray(list)) return undefined;
  const names = list.filter(name => typeof name === 'string');
  return names.length === list.length ? names : undefined;
}

function readPlain(answer: unknown, who: string): Result<Json> {
  const plain = plainCopy(answer);
  if ('copy' in plain) return ok(plain.copy);
  const where = plain.path === '' ? 'something that' : `${plain.path.replace(/^\./, '')}, which`;
  return wrong(`${who} answered ${where} ${plain.notPlain}`, 'answers have to be plain data');
}

function nearText(told: Json | undefined, known: readonly string[]): string | undefined {
  const near = typeof told === 'string' ? nearest(told, known) : undefined;
  return near === undefined ? undefined : `did you mean '${near}'?`;
}

function wrong(message: string, hint?: string) {
  return fail(auraError('AUR453', message, hint === undefined ? {} : { hint }));
}
