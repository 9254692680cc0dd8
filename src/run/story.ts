// What a run has shown so far, whatever it ran against: its phases with their protocols, assertions and checkpoints, what
// was attempted, injected, refused and left open. It is filled while the run goes on; the verdict is made of it at the end.
import type {
  RunAssertion,
  RunCount,
  RunPhase,
  RunProperty,
  RunProtocol,
  RunSurprise,
} from '../../generated/run-result.js';
import type { Assertion } from '../../generated/scenario.js';
import type { Violation } from '../../generated/violation.js';
import type { Model } from '../model/model.js';
import type { ResolvedQuorum, ResolvedScenario, ResolvedStep } from '../scenario/resolved.js';
import { must } from '../util/assert.js';
import { auraError } from '../util/errors.js';
import { systemReason } from '../util/files.js';
import { fail, ok, type Result } from '../util/result.js';
import type { AssertionContext, CheckAssertion, ProtocolOutcome } from './assertion.js';
import { Attempts } from './attempts.js';
import type { Shown, TargetShown } from './outcome.js';
import type { CheckedProperty } from './property-checker.js';
import type { ProtocolWatch } from './protocol-watch.js';
import { ScheduledCounts } from './scheduled-counts.js';
import type { WatchVerdict } from './watch-verdict.js';

/** A trace that was made; its file is null where it is not kept. */
export interface WrittenTrace {
  readonly file: string | null;
  readonly sha256: string;
}

export class Story {
  readonly phases: RunPhase[] = [];
  readonly assertions: RunAssertion[] = [];
  readonly runs: ProtocolOutcome[] = [];
  readonly traces: WrittenTrace[] = [];
  /** The watches over the protocols, in their order. */
  readonly watches: ProtocolWatch[] = [];
  readonly attempts: Attempts;
  /** What took effect as steps of the schedule. */
  readonly scheduled = new ScheduledCounts();
  /** Who is byzantine in this run. */
  byzantine: readonly number[];
  readonly surprises: RunSurprise[] = [];
  accepted = 0;
  rejected = 0;
  events = 0;
  violation: Violation | undefined;
  /** The setup in force. */
  setup: ResolvedQuorum;
  faults: RunCount[] = [];
  strategies: RunCount[] = [];
  /** Participants whose device is gone for good. */
  readonly lost = new Set<number>();
  /** Sentences, as in {@link Shown}. */
  readonly violations: string[] = [];
  readonly failures: string[] = [];
  readonly open: string[] = [];
  private watched = false;
  private isStopped = false;

  constructor(
    readonly scenario: ResolvedScenario,
    private readonly check: CheckAssertion,
    private readonly checksInvariants: boolean,
  ) {
    this.attempts = new Attempts(scenario.quint_source?.property);
    this.setup = scenario.setup;
    this.byzantine = scenario.byzantine.participants;
  }

  /** Whether something has happened after which the rest of the scenario does not run. */
  get isOver(): boolean {
    const { violations, failures, surprises } = this;
    return this.isStopped || violations.length + failures.length + surprises.length > 0;
  }

  /** Ends the run where it cannot be finished: the reason makes it inconclusive. */
  stop(reason: string): void {
    this.isStopped = true;
    this.open.push(reason);
  }

  beginPhase(name: string | null, setup: ResolvedQuorum): RunPhase {
    this.setup = setup;
    const phase = { name, ran: true, protocols: [], assertions: [], checkpoints: [] };
    this.phases.push(phase);
    return phase;
  }

  skipPhase(name: string | null): void {
    this.phases.push({ name, ran: false, protocols: [], assertions: [], checkpoints: [] });
  }

  /** A step of the schedule was carried out: it may be a fault or an attack. */
  countStep({ action, node, fault }: ResolvedStep, model: Model | undefined): void {
    const known = model?.actions.find(({ name }) => name === action);
    const participants = node === undefined ? [] : [node];
    if (known?.kind === 'byzantine') this.scheduled.note('strategy', known.detail || action, participants);
    else if (known?.kind === 'fault')
      this.scheduled.note('fault', known.detail || (fault?.type ?? action), participants);
    else if (known === undefined && fault !== undefined)
      this.scheduled.note('fault', fault.type, participants);
  }

  /** A protocol has ended. */
  addRun(outcome: ProtocolOutcome, watch: ProtocolWatch, trace: WrittenTrace, verdict: WatchVerdict): void {
    const { file, module = null, constants } = watch.watching.need;
    const events = watch.steps;
    const shown: RunProtocol = {
      type: outcome.protocol,
      spec: { file, module, constants: { ...constants } },
      trace: trace.file,
      events,
      epochs: outcome.epochs,
      timedOut: outcome.timedOut,
      endings: outcome.endings.map(ending => ending?.as ?? null),
      accusations: [...outcome.accusations],
      verdict: verdict.verdict,
      properties: verdict.properties,
      violated: verdict.violated,
    };
    must(this.phases.at(-1), 'a phase').protocols.push(shown);
    this.runs.push(outcome);
    this.traces.push(trace);
    this.events += events;
    this.watched ||= verdict.verdict !== 'skipped' || verdict.properties.length > 0;
    this.violations.push(...verdict.violations);
    this.open.push(...verdict.open);
    this.violation ??= verdict.violation;
    for (const { name, verdict: one } of verdict.properties)
      if (one === 'violated') this.attempts.succeeded(name);
  }

  /** Errors: AUR467 for an assertion of the user's own that fails. */
  async checkAssertions(
    assertions: readonly Assertion[],
    phase: string | null,
  ): Promise<Result<RunAssertion[]>> {
    const context = this.contextOf(phase);
    const results: RunAssertion[] = [];
    for (const assertion of assertions) {
      const { type } = assertion;
      const judged = await this.judge(assertion, context);
      if (!judged.ok) return judged;
      results.push({ type, ...judged.value });
      const where = phase === null ? '' : ` at the end of the phase ${phase}`;
      const { verdict, detail } = judged.value;
      if (verdict === 'failed') this.failures.push(`${type} does not hold${where}: ${detail}`);
      if (verdict === 'unknown') this.open.push(`${type} cannot be decided${where}: ${detail}`);
    }
    return ok(results);
  }

  private async judge(assertion: Assertion, context: AssertionContext) {
    try {
      const { verdict, detail } = await this.check(assertion, context);
      return ok({ verdict, detail });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return fail(auraError('AUR467', `the assertion ${assertion.type}: ${systemReason(error)}`));
    }
  }

  /** Of a phase what ran in it; of the scenario, `null`, all. */
  private contextOf(phase: string | null): AssertionContext {
    const { setup, scenario, runs } = this;
    const byzantine = this.byzantine.filter(id => id < setup.participants);
    const all = Array.from({ length: setup.participants }, (_, id) => id);
    return {
      phase,
      setup,
      honest: all.filter(id => !byzantine.includes(id)),
      byzantine: [...byzantine].sort((a, b) => a - b),
      lost: [...this.lost].sort((a, b) => a - b),
      runs: phase === null ? runs : runs.filter(run => run.phase === phase),
      attempts: this.attempts.all(),
      target: scenario.quint_source?.property,
      watched: this.watched,
      known: this.known(),
      checksInvariants: this.checksInvariants,
    };
  }

  shown(errors: readonly string[]): Shown {
    const { violations, failures, surprises, open } = this;
    return {
      errors,
      violations,
      failedAssertions: failures,
      surprises: surprises.map(({ index, action, expect, reason }) =>
        expect === 'rejected'
          ? `step ${index}, ${action}, was carried out, which the spec forbids`
          : `step ${index}, ${action}, was refused, which the spec allows${reason === null ? '' : `: ${reason}`}`,
      ),
      open,
      target: this.target(),
      attempts: this.attempts.count(),
      honestFailure: this.honestFailure(),
    };
  }

  /** The properties of all specs that are open. */
  private known(): CheckedProperty[] {
    const models = [...new Set(this.watches.flatMap(({ model }) => model ?? []))];
    return models.flatMap(({ invariants, temporalProperties }) =>
      [...invariants, ...temporalProperties].map(({ name, propertyClass }) => ({
        name,
        class: propertyClass,
      })),
    );
  }

  private target(): TargetShown | undefined {
    const name = this.scenario.quint_source?.property;
    if (name === undefined) return undefined;
    const isMeant = (property: CheckedProperty) => property.name === name || property.class === name;
    const checked = this.runs.flatMap(({ properties }) => properties).filter(isMeant);
    if (checked.some(({ verdict }) => verdict === 'violated')) return { name, is: 'violated' };
    if (checked.length > 0) return { name, is: 'checked' };
    // Of a spec that was not opened nobody knows what it has.
    const mayHave = this.known().some(isMeant) || this.watches.some(({ model }) => model === undefined);
    return { name, is: mayHave ? 'unchecked' : 'unknown' };
  }

  /**
   * Why the honest did not succeed: in some protocol half of them or fewer did. A scenario that targets a liveness property
   * says by that what success is.
   */
  private honestFailure(): string | undefined {
    const target = this.scenario.quint_source?.property;
    const isTarget = (property: RunProperty) =>
      property.kind === 'temporal' && (property.name === target || property.class === target);
    if (this.runs.some(({ properties }) => properties.some(isTarget))) return undefined;
    const { honest } = this.contextOf(null);
    const present = honest.filter(id => !this.lost.has(id));
    for (const { protocol, endings } of this.runs) {
      if (endings.length === 0) continue;
      const successes = present.filter(id => endings[id]?.as === 'success').length;
      if (2 * successes <= present.length)
        return `${successes} of ${present.length} honest participants succeeded in ${protocol}, which is no majority`;
    }
    return undefined;
  }
}
