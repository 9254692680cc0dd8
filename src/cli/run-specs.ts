// Specs for runs: opened when a run asks for them, each once, with the constants that the run gives. What is derived for
// them is not told here: a run has many, and aura quint actions tells it.
import path from 'node:path';
import type { Bridge } from '../bridge/load-spec.js';
import { findSpecification } from '../generate/vary/relocate.js';
import type { Model } from '../model/model.js';
import type { NeededSpec } from '../run/needed-specs.js';
import type { OpenedSpec } from '../run/run-job.js';
import { auraError } from '../util/errors.js';
import { packageRoot } from '../util/package-root.js';
import { fail, ok, type Result } from '../util/result.js';
import { loadConfig } from './config.js';
import { driveSpec, drivingActions } from './driven-spec.js';
import { openBridge } from './open-bridge.js';
import { openSpec } from './open-spec.js';
import type { Session } from './session.js';

export interface RunSpecOptions {
  readonly config?: string;
  readonly cache?: boolean;
  /** A spec that takes the place of those that scenarios name. */
  readonly spec?: string;
}

/** Opens what runs of the scenarios of `file` need. Errors: AUR003 for a spec that is not there, and those of opening it. */
export class RunSpecs {
  private readonly opened = new Map<string, Promise<Result<OpenedSpec>>>();

  constructor(
    private readonly session: Session,
    private readonly options: RunSpecOptions,
  ) {}

  open(need: NeededSpec, file: string): Promise<Result<OpenedSpec>> {
    const key = need.of === 'scenario' ? `${path.dirname(file)} ${need.key}` : need.key;
    const found = this.opened.get(key) ?? this.openNew(need, file);
    this.opened.set(key, found);
    return found;
  }

  /** The bridge to Quint, for a checker that asks it. */
  async bridge(): Promise<Result<Bridge>> {
    const config = await loadConfig(this.options.config);
    return config.ok ? openBridge(this.session, config.value, this.options) : config;
  }

  private async openNew(need: NeededSpec, file: string): Promise<Result<OpenedSpec>> {
    const spec = this.fileOf(need, file);
    if (spec === undefined)
      return fail(
        auraError('AUR003', `cannot read ${need.file}: no such file or folder`, {
          location: { file, line: 1, column: 1 },
          hint: 'the spec of a scenario is looked for beside its file and where aura runs; or give --spec',
        }),
      );
    const { config, cache } = this.options;
    const opened = await openSpec(this.session, {
      spec,
      ...(need.module !== undefined && { module: need.module }),
      ...(config !== undefined && { config }),
      ...(cache !== undefined && { cache }),
    });
    if (!opened.ok) return opened;
    const driven = await driveSpec(this.session, opened.value, { const: givenTo(opened.value.model, need) });
    if (!driven.ok) return driven;
    const { model, texts } = driven.value;
    const all = (properties: Model['invariants']) =>
      properties.map(({ name, reads }) => ({ name, text: name, reads }));
    return ok({
      model,
      ...drivingActions(driven.value),
      invariants: all(model.invariants),
      temporal: all(model.temporalProperties),
      ...(texts && { texts }),
    });
  }

  private fileOf(need: NeededSpec, file: string): string | undefined {
    if (need.of === 'protocol') return path.join(packageRoot(), 'specs', need.file);
    return this.options.spec ?? findSpecification(need.file, file);
  }
}

/** Only constants without a value take one: a module that is an instance has its own. */
function givenTo(model: Model, { constants }: NeededSpec): string[] {
  return model.constants.flatMap(({ name, declaredAs, value }) => {
    const given = constants[name];
    return declaredAs === 'const' && value === undefined && given !== undefined ? [`${name}=${given}`] : [];
  });
}
