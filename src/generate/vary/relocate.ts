// A scenario that moves to another folder keeps finding what it names by paths: its spec, which may be named from the
// folder where aura runs, and its trace, which never is.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../../../generated/scenario.js';

/** The scenario of `file` as one of a file in the folder `output`. */
export function relocate(scenario: Scenario, file: string, output: string): Scenario {
  const { quint_source: source } = scenario;
  if (source === undefined) return scenario;
  const { specification, trace } = source;
  const moved = (name: string) => forward(path.relative(output, path.join(path.dirname(file), name)));
  const found = findSpecification(specification, file);
  const besideFile = found !== undefined && path.relative(found, specification) !== '';
  return {
    ...scenario,
    quint_source: {
      ...source,
      ...(besideFile && { specification: moved(specification) }),
      ...(trace !== undefined && { trace: path.isAbsolute(trace) ? trace : moved(trace) }),
    },
  };
}

/** The spec that a scenario of `file` names: from the folder of the file, or else from the current one. */
export function findSpecification(specification: string, file: string): string | undefined {
  return [path.join(path.dirname(file), specification), specification].find(name => existsSync(name));
}

function forward(name: string): string {
  return name.split(path.sep).join('/');
}
