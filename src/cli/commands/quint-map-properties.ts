// aura quint map-properties: which properties and actions aura sees in a spec, how it classes them, and why.
import type { Command } from 'commander';
import type { PropertyMapping } from '../../../generated/property-mapping.js';
import type { Action, Model, Property } from '../../model/model.js';
import { ok } from '../../util/result.js';
import { aligned } from '../aligned.js';
import { EXIT } from '../exit-codes.js';
import { openSpec, type SpecOptions, withSpecOptions } from '../open-spec.js';
import type { Runner, Session } from '../session.js';
import type { Terminal } from '../terminal.js';

interface Options extends SpecOptions {
  showMapping?: boolean;
}

export function registerMapProperties(parent: Command, runner: Runner): void {
  withSpecOptions(parent.command('map-properties'))
    .description('list the properties and actions of a spec and their classes')
    .option('--show-mapping', 'show which rule gave each class, and the actions')
    .addHelpText('after', '\nExample:\n  aura quint map-properties --spec specs/locking.qnt --show-mapping\n')
    .action((options: Options) => runner.run(options, session => mapProperties(session, options)));
}

async function mapProperties(session: Session, options: Options) {
  const opened = await openSpec(session, options);
  if (!opened.ok) return opened;
  const { model } = opened.value;
  session.terminal.document(documentOf(model));
  show(session.terminal, model, options.showMapping === true);
  return ok(EXIT.ok);
}

function documentOf(model: Model): PropertyMapping {
  const property = ({ name, kind, propertyClass, rule, chosenBy, assumption, location }: Property) => ({
    name,
    kind,
    class: propertyClass,
    rule,
    chosen_by: chosenBy,
    assumption: assumption ?? null,
    location: { ...location },
  });
  return {
    format: 'aura-property-mapping',
    version: 1,
    spec: model.spec.file,
    module: model.spec.main,
    properties: [...model.invariants, ...model.temporalProperties].map(property),
    candidates: model.candidates.map(property),
    actions: model.actions.map(({ name, kind, detail, rule, parameters, reads, updates, location }) => ({
      name,
      kind,
      detail,
      rule,
      parameters: parameters.map(parameter => parameter.name),
      reads: [...reads],
      updates: [...updates],
      location: { ...location },
    })),
    other_actions: model.otherActions.map(({ name, role }) => ({ name, role })),
    runs: model.runs.map(({ name }) => name),
  };
}

function show(terminal: Terminal, model: Model, withRules: boolean): void {
  const { bold, dim } = terminal.colour;
  const section = (title: string, rows: readonly (readonly string[])[]) => {
    if (rows.length === 0) return;
    terminal.print(bold(title));
    for (const row of aligned(rows)) terminal.print(`  ${row}`);
  };
  const property = ({ name, propertyClass, rule, location }: Property) => [
    name,
    propertyClass,
    ...(withRules ? [dim(`${rule} (line ${location.line})`)] : []),
  ];
  terminal.print(`module ${model.spec.main} of ${model.spec.file}`);
  section('invariants', model.invariants.map(property));
  section('temporal properties', model.temporalProperties.map(property));
  section(
    'candidates (boolean values that no rule takes for an invariant)',
    model.candidates.map(({ name, location }) => [name, dim(`line ${location.line}`)]),
  );
  if (!withRules) return;
  section('actions', model.actions.map(actionRow(dim)));
  section(
    'other actions',
    model.otherActions.map(({ name, role }) => [name, role]),
  );
  section(
    'runs',
    model.runs.map(({ name }) => [name]),
  );
}

function actionRow(dim: (text: string) => string): (action: Action) => string[] {
  return ({ name, kind, detail, parameters, rule, location }) => [
    `${name}(${parameters.map(parameter => parameter.name).join(', ')})`,
    detail ? `${kind}: ${detail}` : kind,
    dim(`${rule} (line ${location.line})`),
  ];
}
