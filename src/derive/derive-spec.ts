// A spec that can be run, from a spec as people write it: constants get values, and `init` and `step` are added where they
// are missing. What is derived is Quint source in the spec itself, so that Quint checks it and everything downstream works
// as with a spec that was complete. Nothing that is there is changed, and what cannot be driven is said.
import path from 'node:path';
import { type Bridge, checkSources, readSpecTexts } from '../bridge/load-spec.js';
import { writeTree } from '../bridge/with-expressions.js';
import { type CompiledSpec, compileSpec, createMachine } from '../engine/index.js';
import { buildModel } from '../model/build-model.js';
import { type Classification, NO_CLASSIFICATION } from '../model/classify.js';
import type { Model } from '../model/model.js';
import type { Spec } from '../model/spec.js';
import { typeText } from '../model/type-text.js';
import { must } from '../util/assert.js';
import { fail, ok, type Result } from '../util/result.js';
import type { DerivedConstant } from './constant-plan.js';
import { type Instantiated, instantiateConstants } from './constants.js';
import { Domains } from './domains.js';
import { initialActions, looksInitial } from './initial-actions.js';
import { type Choice, InitialChoices } from './initial-choices.js';
import { searchInitial } from './initial-search.js';
import { KnownSets } from './known-sets.js';
import { Projections } from './projections.js';
import {
  cannotAssign,
  isInfinite,
  noInitialValue,
  nothingDriven,
  tooLarge,
  withoutState,
} from './refusals.js';
import { withScratch } from './scratch.js';
import { Sights } from './sights.js';
import { type Calls, callsOf, type UndrivenAction } from './step-text.js';
import { applyEdits, type Edit, type Named, oneLine, type Segment } from './text-edits.js';
import { TypeBook } from './type-book.js';

export type { DerivedConstant } from './constant-plan.js';
export type { UndrivenAction } from './step-text.js';
export type { Named as GivenValue } from './text-edits.js';

export interface DeriveOptions {
  /** Values for constants, by their names; `instance::name` for those of one instance. */
  readonly constants: readonly Named[];
  /** Domains, by the name of a type or as `action.parameter`. */
  readonly domains: readonly Named[];
  readonly classification?: Classification;
  /** The texts of the spec, where they are not those of its files. */
  readonly texts?: ReadonlyMap<string, string>;
}

/** What a parameter is drawn from. */
export interface DerivedDomain {
  readonly action: string;
  readonly parameter: string;
  readonly type: string;
  /** A Quint expression of a set. */
  readonly expression: string;
  /** Where it came from, in words. */
  readonly from: string;
}

/** An action that was derived. */
export interface DerivedAction {
  readonly name: string;
  /** Where it came from, in words. */
  readonly from: string;
}

export interface Derived {
  /** Runnable; the spec that was given if nothing had to be derived. */
  readonly spec: Spec;
  /** The texts of the spec, by their paths from its folder, with what was derived in them. */
  readonly texts: ReadonlyMap<string, string>;
  readonly constants: readonly DerivedConstant[];
  /** The action to begin with, and the one to go on with. */
  readonly init: string;
  readonly step: string;
  /** Absent where the spec has it. */
  readonly derivedInit?: DerivedAction;
  readonly derivedStep?: DerivedAction;
  readonly domains: readonly DerivedDomain[];
  readonly undriven: readonly UndrivenAction[];
  /** The definitions that were derived, as Quint source; empty for none. */
  readonly text: string;
}

/**
 * Derives what a spec lacks in order to be run.
 *
 * Errors: AUR203 for a module without state, AUR207 for an infinite domain, AUR209 and AUR216 where no initial state can
 * be derived, AUR217 to AUR219 for constants, AUR220 where no action can be driven, those of Quint (AUR102) about what was
 * given, and those of reading and checking the spec.
 */
export async function deriveSpec(
  bridge: Bridge,
  spec: Spec,
  options: DeriveOptions = { constants: [], domains: [] },
): Promise<Result<Derived>> {
  const { constants, domains, classification = NO_CLASSIFICATION } = options;
  const before = buildModel(spec, classification);
  if (before.variables.length === 0) return fail(withoutState(spec));
  const infinite = [...constants, ...domains].filter(({ text }) => isInfinite(text));
  if (infinite.length > 0) return fail(...infinite.map(tooLarge));
  const texts = options.texts ?? (await readSpecTexts(spec));
  const instantiated = await instantiateConstants(bridge, spec, texts, constants);
  if (!instantiated.ok) return instantiated;
  const { edits } = instantiated.value;
  const isWhole = before.hasInit && before.hasStep;
  if (edits.length === 0 && isWhole) return ok(unchanged(spec, texts));
  const work = new Work(bridge, spec, texts, instantiated.value, domains, classification);
  return work.derive();
}

function unchanged(spec: Spec, texts: ReadonlyMap<string, string>): Derived {
  return {
    spec,
    texts,
    constants: [],
    init: 'init',
    step: 'step',
    domains: [],
    undriven: [],
    text: '',
  };
}

/** A definition that is added. */
interface Added {
  readonly name: string;
  readonly segments: readonly Segment[];
}

class Work {
  private readonly module: string;
  private readonly model: Model;
  private readonly sights: Sights;
  private readonly book: TypeBook;

  constructor(
    private readonly bridge: Bridge,
    private readonly spec: Spec,
    private readonly texts: ReadonlyMap<string, string>,
    private readonly instantiated: Instantiated,
    private readonly given: readonly Named[],
    private readonly classification: Classification,
  ) {
    this.module = instantiated.module;
    const seen = { ...instantiated.spec, main: this.module };
    this.model = buildModel(seen, classification);
    this.sights = new Sights(seen, this.module);
    this.book = new TypeBook(spec.ir);
  }

  async derive(): Promise<Result<Derived>> {
    const compiled = compileSpec(this.instantiated.spec);
    if (!compiled.ok) return compiled;
    const sets = new KnownSets(compiled.value, this.sights, this.book);
    const initials = this.model.hasInit ? [] : initialActions(this.sights.spec, this.module);
    const step = this.model.hasStep ? undefined : this.stepOf(sets, initials);
    if (step?.ok === false) return step;
    const init = this.model.hasInit ? undefined : this.initOf(sets, initials);
    if (init?.ok === false) return init;
    const added = [...(step?.value.added ?? []), ...(init?.value.added ?? [])];
    const first = await this.check(added);
    if (!first.ok) return first;
    const choices = init?.value.choices;
    const calls = step?.value.calls;
    const stepName = step?.value.name ?? 'step';
    const initName = init?.value.name ?? 'init';
    if (choices === undefined || init === undefined)
      return ok(this.result(first.value, added, { initName, stepName, calls, from: init?.value.from }));
    const searched = this.search(first.value.spec, choices, initName, stepName);
    if (!searched.ok) return searched;
    const [definition, from] = initText(initName, choices, searched.value);
    const final = [...(step?.value.added ?? []), definition];
    const isFirst = searched.value.every(index => index === 0);
    const second = isFirst ? first : await this.check(final);
    return second.ok ? ok(this.result(second.value, final, { initName, stepName, calls, from })) : second;
  }

  private stepOf(sets: KnownSets, initials: readonly string[]) {
    const [chosen] = initials;
    const helpers = { subsets: this.sights.reserve('subsetsOf'), lists: this.sights.reserve('listsOf') };
    const projections = new Projections(this.book, this.sights);
    const domains = new Domains(
      this.book,
      this.sights,
      sets,
      projections,
      helpers,
      this.given,
      this.model.invariants,
    );
    const actions = this.model.actions.filter(
      ({ name }) => name !== chosen && !(initials.includes(name) && looksInitial(name)),
    );
    const calls = callsOf(actions, this.sights, domains);
    if (calls.branches.length === 0) return fail(nothingDriven(this.spec, calls));
    const name = this.sights.reserve('step');
    const segments = calls.branches.flatMap((branch, i): Segment[] => [i === 0 ? '' : ', ', ...branch]);
    const step: Added = { name, segments: [`action ${name} = any { `, ...segments, ' }'] };
    const text = segments.map(segment => (typeof segment === 'string' ? segment : segment.text)).join('');
    const used = helperTexts(helpers).filter(helper => text.includes(`${helper.name}(`));
    return ok({ name, added: [...used, step], calls });
  }

  private initOf(sets: KnownSets, initials: readonly string[]) {
    const name = this.sights.reserve('init');
    const [chosen, ...others] = initials;
    if (chosen !== undefined) {
      const told = others.length === 0 ? '' : ` (so do ${others.join(', ')})`;
      const from = `${chosen}, which assigns every variable and reads none${told}`;
      const added: Added = { name, segments: [`action ${name} = ${chosen}`] };
      return ok({ name, added: [added], from, choices: undefined });
    }
    const [hidden] = this.sights.hidden;
    if (hidden !== undefined) return fail(cannotAssign(this.spec, this.module, hidden));
    const maker = new InitialChoices(this.book, this.sights, sets);
    const choices: Variable[] = [];
    for (const variable of this.sights.variables) {
      const found = maker.of(variable);
      if (found.length === 0) return fail(noInitialValue(this.spec, variable));
      choices.push({ name: variable.name, variable: variable.full, choices: found });
    }
    const none = choices.map(() => 0);
    const [definition, from] = initText(name, choices, none);
    return ok({ name, added: [definition], from, choices });
  }

  private search(
    spec: Spec,
    choices: readonly Variable[],
    init: string,
    step: string,
  ): Result<readonly number[]> {
    const compiled = compileSpec(spec);
    if (!compiled.ok) return compiled;
    const machine = createMachine(compiled.value, { init, step });
    if (!machine.ok) return machine;
    const model = buildModel(spec, this.classification, { init, step });
    const variables = choices.map(one => ({ ...one, variable: this.driven(one.variable, compiled.value) }));
    return ok(searchInitial(compiled.value, machine.value, model, variables));
  }

  // A module that is instantiated below itself has its variables under other names there.
  private driven(variable: string, { variables }: CompiledSpec): string {
    const exact = variables.find(({ name }) => name === variable);
    return (
      exact ??
      must(
        variables.find(({ name }) => name.endsWith(`::${variable}`)),
        variable,
      )
    ).name;
  }

  private async check(added: readonly Added[]): Promise<Result<{ spec: Spec } & Changed>> {
    const { spec, texts, instantiated, bridge } = this;
    const insertion = insertionAt(spec, texts, this.module, added);
    const edits = insertion === undefined ? instantiated.edits : [...instantiated.edits, insertion];
    const edited = applyEdits(texts, edits, path.dirname(spec.file));
    const checked = await withScratch(async scratch => {
      const run = await writeTree(scratch, spec.file, edited.texts);
      return checkSources(bridge, spec.file, edited.texts, instantiated.driven, run);
    });
    return checked.ok
      ? ok({ spec: checked.value, texts: edited.texts })
      : fail(...edited.inside(checked.errors));
  }

  private result(
    changed: { spec: Spec } & Changed,
    added: readonly Added[],
    { initName, stepName, calls, from }: Told,
  ): Derived {
    const { constants, edits } = this.instantiated;
    const instances = edits.map(({ segments }) => textOf(segments).trim());
    return {
      ...changed,
      constants,
      init: initName,
      step: stepName,
      ...(from !== undefined && { derivedInit: { name: initName, from } }),
      ...(calls !== undefined && {
        derivedStep: { name: stepName, from: `any of ${calls.driven.length} actions` },
      }),
      domains: (calls?.driven ?? []).flatMap(({ action, domains }) =>
        domains.map(({ parameter, expression, from: source }) => ({
          action,
          parameter: parameter.name,
          type: typeText(parameter.type),
          expression,
          from: source,
        })),
      ),
      undriven: calls?.undriven ?? [],
      text: [...instances, ...added.map(({ segments }) => textOf(segments))].join('\n'),
    };
  }
}

interface Changed {
  readonly texts: ReadonlyMap<string, string>;
}

interface Told {
  readonly initName: string;
  readonly stepName: string;
  readonly calls: Calls | undefined;
  readonly from: string | undefined;
}

interface Variable {
  /** As it is written. */
  readonly name: string;
  readonly variable: string;
  readonly choices: readonly Choice[];
}

function textOf(segments: readonly Segment[]): string {
  return segments.map(segment => (typeof segment === 'string' ? segment : oneLine(segment.text))).join('');
}

/** `init` with one choice for each variable, and what to say of it. */
function initText(name: string, variables: readonly Variable[], picked: readonly number[]): [Added, string] {
  const taken = variables.map(({ name: variable, choices }, i) => ({
    variable,
    text: must(choices[picked[i] ?? 0], 'a choice').text,
    isDefault: (picked[i] ?? 0) === 0,
  }));
  const assignments = taken.map(({ variable, text }) => `${variable}' = ${text}`);
  const other = taken.filter(({ isDefault }) => !isDefault);
  const why = other.map(({ variable, text }) => `${variable} = ${text}`).join(', ');
  const from =
    other.length === 0
      ? 'the simplest value of each type'
      : `the simplest value of each type but for ${why}, so that invariants hold and more actions are possible`;
  return [{ name, segments: [`action ${name} = all { ${assignments.join(', ')} }`] }, from];
}

function helperTexts({ subsets, lists }: { subsets: string; lists: string }): Added[] {
  return [
    {
      name: subsets,
      segments: [
        `pure def ${subsets}(s: Set[a]): Set[Set[a]] = if (s.size() <= 6) s.powerset() else ` +
          'tuples(s, s).map(((x, y)) => Set(x, y)).union(s.map(x => s.exclude(Set(x)))).union(Set(Set(), s))',
      ],
    },
    {
      name: lists,
      segments: [
        `pure def ${lists}(s: Set[a]): Set[List[a]] = Set([]).union(s.map(x => [x])).union(tuples(s, s).map(((x, y)) => [x, y]))`,
      ],
    },
  ];
}

/** Definitions go before the closing brace of the module, on its line, so that other places keep theirs. */
function insertionAt(
  spec: Spec,
  texts: ReadonlyMap<string, string>,
  module: string,
  added: readonly Added[],
): Edit | undefined {
  if (added.length === 0) return undefined;
  const found = must(
    spec.ir.modules.find(({ name }) => name === module),
    'the main module',
  );
  const span = must(spec.ir.spans.get(found.id), 'the place of the main module');
  const file = path.relative(path.dirname(spec.file), span.file);
  const lines = must(texts.get(file), 'the text of the main module').split('\n');
  const line = must(lines[span.endLine - 1], 'the last line of the main module');
  const column = line.lastIndexOf('}', span.endColumn - 1) + 1;
  const at = { ...span, line: span.endLine, column, endColumn: column };
  return {
    file,
    span: at,
    segments: [' ', ...added.flatMap(({ segments }): Segment[] => [...segments, ' '])],
  };
}
