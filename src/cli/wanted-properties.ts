// The properties that a user asks for, as those who verify want them.
import { buildModel } from '../model/build-model.js';
import type { Model } from '../model/model.js';
import { ok, type Result } from '../util/result.js';
import type { WantedProperty } from '../verify/property.js';
import { classificationOf, type LoadedConfig } from './config.js';
import { definitionsFor, type OpenSpec } from './open-spec.js';

interface Wanted {
  readonly model: Model;
  readonly invariants: readonly WantedProperty[];
  readonly temporal: readonly WantedProperty[];
}

/** Names and expressions as properties of the model; all of the model's where neither kind is asked for. */
export async function wantedProperties(
  opened: OpenSpec,
  config: LoadedConfig,
  invariants: readonly string[] | undefined,
  temporal: readonly string[] | undefined,
): Promise<Result<Wanted>> {
  if (invariants === undefined && temporal === undefined) {
    const all = (properties: Model['invariants']) =>
      properties.map(({ name, reads }) => ({ name, text: name, reads }));
    const { model } = opened;
    return ok({ model, invariants: all(model.invariants), temporal: all(model.temporalProperties) });
  }
  const definitions = await definitionsFor(opened, invariants ?? [], temporal ?? []);
  if (!definitions.ok) return definitions;
  const { spec, names, formulas, textOf } = definitions.value;
  const model = buildModel(spec, classificationOf(config), opened.model.entry);
  const known = [...model.invariants, ...model.candidates, ...model.temporalProperties];
  const wanted = (name: string): WantedProperty => {
    const reads = known.find(property => property.name === name)?.reads;
    return { name, text: textOf.get(name) ?? name, ...(reads && { reads }) };
  };
  return ok({ model, invariants: names.map(wanted), temporal: formulas.map(wanted) });
}
