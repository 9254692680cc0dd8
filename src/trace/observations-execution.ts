// Observations as the events of an execution trace in the words of the spec, which needs no mapping to be read again.
import type { ExecutionTraceHeader } from './execution-writer.js';
import type { Observation, ObservedFrame, ToldAction } from './observation.js';
import { encodePlainValue } from './plain-encode.js';

/** The header of the events of {@link ExecutionEvents}. */
export function executionHeaderOf({ untold, actions, hidden }: ObservedFrame): ExecutionTraceHeader {
  return {
    format: 'aura-execution-trace',
    version: 1,
    state_mode: untold === 'carried' ? 'delta' : 'partial',
    ...(actions === 'hints' && { actions }),
    ...(hidden.actions.length > 0 && {
      hidden: { actions: [...hidden.actions], most: hidden.most },
    }),
  };
}

/** Makes the events of one trace, in the order of its moments. */
export class ExecutionEvents {
  private index = 0;

  /** `interleaved` as of the trace's frame: then each event has to say what comes before it. */
  constructor(private readonly interleaved: boolean) {}

  /** The event of a moment as compact JSON: the indices of moments and events are the same. */
  next({ told, actions, after }: Observation): string {
    const index = this.index++;
    const wholes = told.filter(({ key }) => key === undefined);
    const entries = told.flatMap(({ variable, key, value }) =>
      key === undefined
        ? []
        : [
            `{"variable":${JSON.stringify(variable)},"key":${encodePlainValue(key)},"value":${encodePlainValue(value)}}`,
          ],
    );
    const state = wholes.map(
      ({ variable, value }) => `${JSON.stringify(variable)}:${encodePlainValue(value)}`,
    );
    const members = [
      `"seq":${index}`,
      ...(index === 0 ? ['"action":"init"'] : actionMembers(actions)),
      `"state":{${state.join(',')}}`,
      ...(entries.length > 0 ? [`"entries":[${entries.join(',')}]`] : []),
      ...(this.interleaved && index > 0 ? [`"after":${JSON.stringify(after ?? [index - 1])}`] : []),
    ];
    return `{${members.join(',')}}`;
  }
}

function actionMembers(actions: readonly ToldAction[] | undefined): string[] {
  const [only, ...more] = actions ?? [];
  if (only === undefined) return [];
  if (more.length > 0)
    return [`"actions":[${(actions ?? []).map(one => `{${actionTexts(one).join(',')}}`).join(',')}]`];
  return actionTexts(only);
}

function actionTexts({ name, values }: ToldAction): string[] {
  const params = [...values].map(
    ([value, content]) => `${JSON.stringify(value)}:${encodePlainValue(content)}`,
  );
  return [
    `"action":${JSON.stringify(name)}`,
    ...(params.length > 0 ? [`"params":{${params.join(',')}}`] : []),
  ];
}
