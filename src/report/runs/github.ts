// Annotations of GitHub Actions on the headers of scenarios. GitHub shows ten of a kind for a step, so that what many
// seeds of one scenario say is one annotation, and the tenth of a kind counts those that are left out.
import type { RunResult } from '../../../generated/run-result.js';
import { fileFromRoot } from '../file-names.js';
import { atMost, shown } from '../text.js';
import { type AnnotationKind, workflowCommand } from '../workflow-command.js';
import { effectsOf } from './effects.js';
import { byReasons, byScenario, type RunGroup, seedsOf } from './fold-runs.js';
import type { RunReporter } from './run-reporter.js';
import { evidenceOf, headlineOf, nameOf, OUTCOMES, reproduceLine } from './said-of-run.js';

const MOST = { annotations: 10, lines: 20, effects: 10 };

export const githubRunReport: RunReporter = (_, runs, context) => {
  const all = [...byReasons(runs).flatMap(reasonAnnotations), ...byScenario(runs).flatMap(idleAnnotations)];
  const commands = KINDS.flatMap(kind => {
    const ofKind = all.filter(each => each.kind === kind);
    const few = ofKind.length > MOST.annotations ? ofKind.slice(0, MOST.annotations - 1) : ofKind;
    const more = ofKind.length - few.length;
    return [
      ...few.map(({ run, lines }) => {
        const place = { file: fileFromRoot(run.file, context), line: run.line };
        return workflowCommand(kind, { ...place, title: `scenario ${nameOf(run)}` }, lines);
      }),
      ...(more > 0 ? [workflowCommand(kind, { title: TITLE }, [`and ${more} more like these`])] : []),
    ];
  });
  const nothing = workflowCommand('warning', { title: TITLE }, ['no scenario was run']);
  return [...(runs.length === 0 ? [nothing] : []), ...commands].map(line => `${line}\n`).join('');
};

const TITLE = 'aura scenarios run';
const KINDS: readonly AnnotationKind[] = ['error', 'warning', 'notice'];
const KIND_OF = { failed: 'error', undecided: 'warning', passed: 'notice' } as const;

interface Annotation {
  readonly kind: AnnotationKind;
  /** Whose header it is put on. */
  readonly run: RunResult;
  readonly lines: readonly string[];
}

/** None for runs that ended as expected without a word. */
function reasonAnnotations(group: RunGroup): Annotation[] {
  const run = group.first;
  const evidence = evidenceOf(run);
  if (run.result === 'met' && evidence.length === 0) return [];
  const lines = [headlineOf(run), ...atMost(evidence, MOST.lines), seedsOf(group), reproduceLine(run)];
  return [{ kind: KIND_OF[OUTCOMES[run.result]], run, lines }];
}

/** Faults and strategies that did nothing with any seed. */
function idleAnnotations({ first, runs }: RunGroup): Annotation[] {
  const idle = effectsOf(runs).filter(({ count }) => count === 0);
  const names = idle.map(({ kind, type }) => `${kind} ${shown(type, 60)}`);
  const line = `without effect: ${atMost(names, MOST.effects).join(', ')}`;
  return idle.length === 0 ? [] : [{ kind: 'notice', run: first, lines: [line] }];
}
