// Quint's TypeScript evaluator as a library, as its authors would use it: ITF through its own reader, states through
// its own conversion, and every definition built once.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  fileSourceResolver,
  newIdGenerator,
  parsePhase1fromText,
  parsePhase2sourceResolution,
  parsePhase3importAndNameResolution,
  parsePhase4toposort,
} from '@informalsystems/quint';
import { ofItf } from '@informalsystems/quint/dist/src/itf.js';
import { newRng } from '@informalsystems/quint/dist/src/rng.js';
import { Evaluator } from '@informalsystems/quint/dist/src/runtime/impl/evaluator.js';
import { newTraceRecorder } from '@informalsystems/quint/dist/src/runtime/trace.js';

/** A function that counts the states of an ITF file in which all these definitions of a spec are true. */
export function quintChecker(file, main, names) {
  const text = readFileSync(file, 'utf8');
  const ids = newIdGenerator();
  const resolver = fileSourceResolver(new Map([[file, text]]));
  const lookup = resolver.lookupPath(path.dirname(file), path.basename(file));
  const named = parsePhase3importAndNameResolution(
    parsePhase2sourceResolution(ids, resolver, lookup, parsePhase1fromText(ids, text, file)),
  );
  const { table } = parsePhase4toposort(named);
  const definitions = named.resolver.collector.definitionsByModule.get(main);
  const evaluator = new Evaluator(table, newTraceRecorder(0, newRng(1n), 1), newRng(1n));
  const refer = name => {
    const id = ids.nextId();
    table.set(id, definitions.get(name).at(-1));
    return { kind: 'name', id, name };
  };
  const references = names.map(refer);
  // It knows a variable only once it has seen it assigned.
  resultOf(evaluator.evaluate(refer('init')));
  return itfFile => {
    let holding = 0;
    for (const state of ofItf(JSON.parse(readFileSync(itfFile, 'utf8')))) {
      evaluator.reset();
      evaluator.updateState(state);
      if (references.every(reference => resultOf(evaluator.evaluate(reference)) === true)) holding++;
    }
    return holding;
  };
}

function resultOf(result) {
  if (result.isLeft()) throw new Error(result.value.message);
  return result.value.value;
}
