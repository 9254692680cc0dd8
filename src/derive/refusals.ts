// What stops a derivation, as errors that say where and what to do. Decides nothing: derive-spec.ts does.
import type { Spec } from '../model/spec.js';
import { typeText } from '../model/type-text.js';
import { type AuraError, auraError } from '../util/errors.js';
import type { VariableName } from './sights.js';
import type { Calls } from './step-text.js';
import type { Named } from './text-edits.js';
import { errorAt } from './text-edits.js';

export function isInfinite(text: string): boolean {
  return /\b(Int|Nat)\b(?!\s*::)/.test(text.replace(/"[^"]*"/g, ''));
}

export function tooLarge(given: Named): AuraError {
  const set = /\bInt\b/.test(given.text) ? 'Int' : 'Nat';
  return errorAt(
    given,
    `${set} has no end, so nothing can be drawn from it`,
    'AUR207',
    undefined,
    'give a finite set, such as `0.to(5)`',
  );
}

export function withoutState(spec: Spec): AuraError {
  const main = spec.ir.modules.find(({ name }) => name === spec.main);
  const isPure = main?.declarations.some(({ kind }) => kind === 'def') === true;
  const others = spec.ir.modules.filter(
    ({ name, declarations }) => name !== spec.main && declarations.some(({ kind }) => kind === 'var'),
  );
  const [other] = others;
  return auraError(
    'AUR203',
    `module ${spec.main} declares no state variables${isPure ? ': it has only pure definitions' : ''}`,
    {
      location: { file: spec.file, line: 1, column: 1 },
      hint:
        other === undefined
          ? 'a module with `var` can be driven; this one can be used by `aura quint eval`'
          : `${other.name} declares some: choose it with --module`,
    },
  );
}

export function cannotAssign(spec: Spec, module: string, variable: string): AuraError {
  return auraError('AUR209', `${module} has no init, and cannot assign ${variable}, which it does not see`, {
    location: { file: spec.file, line: 1, column: 1 },
    hint: 'import the module of the variable into it, or add `action init`',
  });
}

export function noInitialValue(spec: Spec, { name, type, id }: VariableName): AuraError {
  const location = spec.ir.spans.get(id);
  return auraError(
    'AUR216',
    `there is no init, and aura knows no value of type ${typeText(type)} for ${name}`,
    {
      ...(location && { location }),
      hint: 'add `action init`',
    },
  );
}

export function nothingDriven(spec: Spec, { undriven }: Calls): AuraError {
  const [first] = undriven;
  const named = undriven.map(({ action, parameter, type }) => `${action} (${parameter}: ${type})`).join(', ');
  return auraError(
    'AUR220',
    first === undefined
      ? `module ${spec.main} has no step and no action that changes the state`
      : `module ${spec.main} has no step, and no action can be driven: ${named}`,
    {
      location: { file: spec.file, line: 1, column: 1 },
      hint: first === undefined ? 'add `action step`' : `add to aura-config.toml: ${first.help}`,
    },
  );
}
