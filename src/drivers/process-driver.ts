// A user's program as a driver: JSON Lines on its standard input and output, one answer for each request, in turn. The
// protocol is in docs/drivers.md. A program that breaks it is ended, and everything that is asked afterwards fails with
// the first thing that went wrong.
import { previewJson } from '../trace/misfits.js';
import { type AuraError, auraError } from '../util/errors.js';
import { canonicalJson, isJsonObject, type Json, parseJson } from '../util/json.js';
import { LIMITS } from '../util/limits.js';
import { fail, ok, type Result } from '../util/result.js';
import { type AnswerReader, createAnswerReader } from './answers.js';
import type { Applied, Capabilities, Driver, DriverFault, DriverStep, RunSetup } from './driver.js';
import { DriverProgram } from './driver-program.js';
import { plainCopy } from './plain-data.js';

export interface ProcessDriverOptions {
  /** Milliseconds that one answer may take. */
  readonly timeoutMs?: number;
  /** Milliseconds that the program may run in all; no bound unless given. */
  readonly deadlineMs?: number;
  readonly cwd?: string;
  /** Told of each line of the program's standard error, up to a bound. */
  readonly onStderr?: (line: string) => void;
}

/**
 * Starts the program `command[0]` with the other words as arguments and asks for its capabilities.
 *
 * Errors, here and in a run: AUR455 where it does not start, AUR456 where it ends early, AUR454 where it does not answer
 * in time, AUR457 where it breaks the protocol, AUR453 for results in a wrong form, AUR452 for errors that it answers.
 */
export async function openProcessDriver(
  command: readonly string[],
  options: ProcessDriverOptions = {},
): Promise<Result<Driver>> {
  const reader = await createAnswerReader();
  const conversation = await Conversation.start(command, options);
  if (!conversation.ok) return conversation;
  const answer = await conversation.value.ask('capabilities', {});
  const capabilities = answer.ok ? reader.capabilities(answer.value, who('capabilities')) : answer;
  if (capabilities.ok) return ok(new ProcessDriver(conversation.value, capabilities.value, reader));
  await conversation.value.end();
  return capabilities;
}

/** How errors name a method of the program. */
function who(method: string): string {
  return `the driver's program: ${method}`;
}

type Method = 'capabilities' | 'prepare' | 'apply' | 'inject' | 'observe' | 'close';

class ProcessDriver implements Driver {
  private closing: Promise<Result<void>> | undefined;

  constructor(
    private readonly program: Conversation,
    readonly capabilities: Capabilities,
    private readonly reader: AnswerReader,
  ) {}

  async prepare(setup: RunSetup): Promise<Result<void>> {
    // The steps to come are none of the system's business.
    const { schedule: _, ...rest } = setup;
    return silent(await this.program.ask('prepare', rest));
  }

  async apply(step: DriverStep): Promise<Result<Applied>> {
    const answer = await this.program.ask('apply', step);
    return answer.ok ? this.reader.applied(answer.value, who(`apply of step ${step.index}`)) : answer;
  }

  async inject(fault: DriverFault): Promise<Result<void>> {
    return silent(await this.program.ask('inject', fault));
  }

  async observe() {
    const answer = await this.program.ask('observe', {});
    return answer.ok ? this.reader.state(answer.value, who('observe')) : answer;
  }

  close(withinMs?: number): Promise<Result<void>> {
    this.closing ??= this.closeNow(withinMs);
    return this.closing;
  }

  private async closeNow(withinMs: number | undefined): Promise<Result<void>> {
    const answer = await this.program.ask('close', {}, withinMs);
    await this.program.end();
    return silent(answer);
  }
}

function silent(answer: Result<Json>): Result<void> {
  return answer.ok ? ok(undefined) : answer;
}

interface Pending {
  readonly id: number;
  readonly method: Method;
  readonly answered: (answer: Result<Json>) => undefined;
}

/** Requests and answers, one pair at a time. */
class Conversation {
  private program: DriverProgram | undefined;
  private pending: Pending | undefined;
  private asked = 0;
  /** The first thing that went wrong. */
  private broken: AuraError | undefined;
  private deadline: NodeJS.Timeout | undefined;

  private constructor(private readonly options: ProcessDriverOptions) {}

  static async start(
    command: readonly string[],
    options: ProcessDriverOptions,
  ): Promise<Result<Conversation>> {
    const conversation = new Conversation(options);
    const program = await DriverProgram.start(command, options.cwd, {
      onLine: line => conversation.read(line),
      onStderr: line => options.onStderr?.(line),
      onEnd: how => conversation.break('AUR456', `ended ${how} before it was told to`),
    });
    if (!program.ok) return program;
    conversation.program = program.value;
    const { deadlineMs } = options;
    if (deadlineMs !== undefined)
      conversation.deadline = setTimeout(
        () => conversation.break('AUR454', `has run for more than ${deadlineMs} ms`),
        deadlineMs,
      );
    return ok(conversation);
  }

  async ask(
    method: Method,
    params: object,
    timeoutMs = this.options.timeoutMs ?? LIMITS.driverMs,
  ): Promise<Result<Json>> {
    if (this.broken !== undefined) return fail(this.broken);
    if (this.pending !== undefined)
      return fail(auraError('AUR452', `${who(method)}: ${this.pending.method} has not been answered yet`));
    const plain = plainCopy(params);
    if ('notPlain' in plain)
      return fail(auraError('AUR452', `${who(method)} cannot be asked: ${plain.path} ${plain.notPlain}`));
    const id = ++this.asked;
    return new Promise(resolve => {
      const timer = setTimeout(
        () => this.break('AUR454', `did not answer ${method} within ${timeoutMs} ms`),
        timeoutMs,
      );
      const answered = (answer: Result<Json>): undefined => {
        clearTimeout(timer);
        this.pending = undefined;
        resolve(answer);
      };
      this.pending = { id, method, answered };
      this.program?.send(canonicalJson({ id, method, params: plain.copy }));
    });
  }

  async end(): Promise<void> {
    clearTimeout(this.deadline);
    this.broken ??= auraError('AUR452', "the driver's program has been closed");
    this.pending?.answered(fail(this.broken));
    await this.program?.end();
  }

  private read(line: string | undefined): undefined {
    if (this.broken !== undefined) return;
    if (line === undefined)
      return this.break('AUR457', `printed a line of more than ${LIMITS.driverLineBytes} bytes`);
    if (line.trim() === '') return;
    const answer = parsed(line);
    if (!isJsonObject(answer) || typeof answer.id !== 'number')
      return this.break(
        'AUR457',
        `printed ${previewJson(line)}, which is no answer: what is for people goes to standard error`,
      );
    const { id } = answer;
    if (id !== this.pending?.id) return this.break('AUR457', this.outOfTurn(id));
    return this.take(this.pending, answer);
  }

  private outOfTurn(id: number): string {
    const isOld = Number.isInteger(id) && id > 0 && id <= this.asked;
    return isOld ? `answered request ${id} twice` : `answered request ${id}, which it was not asked`;
  }

  private take({ id, method, answered }: Pending, { result, error }: { [key: string]: Json }): undefined {
    if ((result === undefined) === (error === undefined)) {
      const what = result === undefined ? 'neither a result nor an error' : 'both a result and an error';
      return this.break('AUR457', `answered request ${id}, ${method}, with ${what}`);
    }
    if (error === undefined) return answered(ok(result ?? null));
    const message =
      isJsonObject(error) && typeof error.message === 'string' ? error.message : previewJson(error);
    return answered(fail(this.errorOf('AUR452', `answered ${method} with an error: ${message}`)));
  }

  /** Nothing more is asked or read. */
  private break(code: 'AUR454' | 'AUR456' | 'AUR457', what: string): undefined {
    if (this.broken !== undefined) return;
    this.broken = this.errorOf(code, what);
    void this.end();
  }

  private errorOf(code: 'AUR452' | 'AUR454' | 'AUR456' | 'AUR457', what: string): AuraError {
    const last = this.program?.lastWords;
    return auraError(code, `the driver's program ${what}`, last === undefined ? {} : { excerpt: last });
  }
}

function parsed(line: string): Json | undefined {
  try {
    return parseJson(line);
  } catch {
    return undefined;
  }
}
