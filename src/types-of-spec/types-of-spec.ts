// The file of types that `aura quint types` writes: the state, the steps and the interface of a driver of one spec. It
// needs nothing else, so that it can stand in any project, and is valid under TypeScript's strictest settings.
import path from 'node:path';
import type { IrTypeDef } from '../model/ir.js';
import type { Action, Model } from '../model/model.js';
import { specTypes } from '../trace/spec-types.js';
import { compareText } from '../util/order.js';
import { INTERFACE } from './driver-interface.js';
import { pascal, TypeNames } from './type-names.js';
import { memberName, printOptions, printType, quoted } from './type-printer.js';

/** TypeScript. */
export function typesOfSpec(model: Model): string {
  const names = new TypeNames(model);
  const state = stateOf(model, names);
  const params = model.actions.map(action => paramsOf(action, names));
  const picks = picksOf(model, names);
  // Printed last: what is used is known then. A definition may use others.
  const definitions: string[] = [];
  for (const [def, name] of names.used) definitions.push(definitionOf(def, name, names));
  return [
    heading(model),
    ...definitions,
    state,
    ...params.map(({ text }) => text),
    picks,
    stepsOf(params),
    INTERFACE,
  ].join('\n');
}

function heading({ spec }: Model): string {
  return `// Types of the module ${spec.main} of ${path.basename(spec.file)}, made by \`aura quint types\`: make them again when it changes.
// Sets and lists are arrays, maps are arrays of pairs [key, value], variants are {tag, value}, without a payload
// {tag, value: []}.

/** An integer: a number, or a bigint where a number cannot hold it. */
export type Int = number | bigint;
`;
}

function definitionOf(def: IrTypeDef, name: string, names: TypeNames): string {
  const params = def.params ?? [];
  const head = `${comment(def.doc)}export type ${name}${params.length === 0 ? '' : `<${params.join(', ')}>`} =`;
  if (def.type === undefined) return `${head} unknown;\n`;
  if (def.type.kind === 'sum')
    return `${head}\n${printOptions(def.type.fields, names)
      .map(option => `  | ${option}`)
      .join('\n')};\n`;
  return `${head} ${printType(def.type, names)};\n`;
}

function stateOf({ variables }: Model, names: TypeNames): string {
  const members = variables.map(
    ({ name, type, doc }) =>
      `${comment(doc, '  ')}  readonly ${memberName(name)}: ${printType(type, names)};\n`,
  );
  return `/** The variables of the spec. */\nexport interface State {\n${members.join('')}}\n`;
}

interface Params {
  readonly action: string;
  readonly name: string;
  readonly text: string;
}

function paramsOf({ name: action, parameters, doc }: Action, names: TypeNames): Params {
  const name = names.free(pascal(action, 'Params'));
  const members = parameters.map(
    parameter => `  readonly ${memberName(parameter.name)}: ${printType(parameter.type, names)};\n`,
  );
  const about = comment(
    [doc.trim(), `Parameters of \`${action}\`.`].filter(text => text !== '').join('\n\n'),
  );
  const text =
    members.length === 0
      ? `${about}export type ${name} = Readonly<Record<string, never>>;\n`
      : `${about}export type ${name} = {\n${members.join('')}};\n`;
  return { action, name, text };
}

function picksOf(model: Model, names: TypeNames): string {
  // `init` may be told all picks of the spec, and nothing else.
  const picks = [...(specTypes(model).actions.get('init') ?? [])].sort(([a], [b]) => compareText(a, b));
  const members = picks.map(
    ([name, type]) => `  readonly ${memberName(name)}?: ${printType(type, names)};\n`,
  );
  return `/** What the spec chooses (\`nondet\`) in a step, by name, as far as the schedule tells it. */
export type Picks = {\n${members.join('')}};\n`;
}

function stepsOf(params: readonly Params[]): string {
  const options = params.map(
    ({ action, name }) =>
      `\n  | (StepBase & { readonly action: ${quoted(action)}; readonly params: ${name} })`,
  );
  return `/** A step to take. In a schedule that was written by hand, parameters may be missing. */
export type Step =${options.length === 0 ? ' never' : options.join('')};\n`;
}

/** A comment of documentation with what the spec says; nothing where it says nothing. */
function comment(doc: string | undefined, indent = ''): string {
  const lines = (doc ?? '')
    .replaceAll('*/', '* /')
    .split('\n')
    .map(line => line.trim());
  while (lines.length > 0 && lines[0] === '') lines.shift();
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  const [first, second] = lines;
  if (first === undefined) return '';
  if (second === undefined) return `${indent}/** ${first} */\n`;
  return `${indent}/**\n${lines.map(line => `${indent} *${line === '' ? '' : ` ${line}`}\n`).join('')}${indent} */\n`;
}
