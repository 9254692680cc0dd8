// The part of the configuration that says how the words of a log become those of the spec, as the readers of traces
// take it.
import type { ActionMapping, StateMapping } from '../../generated/aura-config.js';
import type { ActionRule, MappedValue, StateRule, TraceMapping } from '../trace/trace-mapping.js';
import { type AuraError, auraError } from '../util/errors.js';
import type { Json } from '../util/json.js';
import { collect, fail, ok, type Result } from '../util/result.js';
import type { LoadedConfig } from './config.js';

/** Error AUR317 for a mapping that contradicts itself. */
export function traceMappingOf(config: LoadedConfig): Result<TraceMapping> {
  const { mapping = {} } = config.data.quint ?? {};
  const actions = collect((mapping.action_mappings ?? []).map(actionRule));
  const states = collect((mapping.state_mappings ?? []).map(stateRule));
  if (!actions.ok) return states.ok ? actions : fail(...actions.errors, ...states.errors);
  if (!states.ok) return states;
  const { hidden_actions: hidden, hidden_most: most = 1, state_mode: stateMode } = mapping;
  return ok({
    actions: actions.value,
    states: states.value,
    ignoredEvents: mapping.ignored_events ?? [],
    ignoredState: mapping.ignored_state ?? [],
    nodes: mapping.nodes ?? [],
    ...(hidden && { hidden: { actions: hidden, most } }),
    ...(stateMode && { stateMode }),
  });
}

function actionRule({ quint, protocol, params }: ActionMapping): Result<ActionRule> {
  const rule = { protocol, quint: [quint].flat() };
  if (params === undefined) return ok(rule);
  const sources = Object.entries(params).map(([name, source]): Result<[string, MappedValue]> => {
    if (typeof source === 'string') return ok([name, { path: source }]);
    const value = jsonOf(source.const);
    return value === undefined
      ? fail(refuse(`action_mappings for ${protocol}: the constant for ${name} is no JSON`))
      : ok([name, { const: value }]);
  });
  const all = collect(sources);
  return all.ok ? ok({ ...rule, params: new Map(all.value) }) : all;
}

function stateRule({
  variable,
  path,
  per_node: perNode = false,
  const: constant,
}: StateMapping): Result<StateRule> {
  const where = `state_mappings for ${variable}`;
  if ((path === undefined) === (constant === undefined))
    return fail(refuse(`${where}: it needs either a path or a const`));
  if (path !== undefined) return ok({ variable, value: { path }, perNode });
  if (perNode) return fail(refuse(`${where}: per_node needs a path`));
  const value = jsonOf(constant);
  return value === undefined
    ? fail(refuse(`${where}: the constant is no JSON`))
    : ok({ variable, value: { const: value }, perNode });
}

function refuse(message: string): AuraError {
  return auraError('AUR317', message);
}

/** Plain JSON from what TOML has; undefined for a date or what is no number. */
function jsonOf(value: unknown): Json | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (Array.isArray(value)) {
    const items = value.map(jsonOf).filter(item => item !== undefined);
    return items.length === value.length ? items : undefined;
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return undefined;
  // Without a prototype, `__proto__` is a key like any other.
  const object: { [key: string]: Json } = Object.create(null);
  for (const [key, content] of Object.entries(value)) {
    const json = jsonOf(content);
    if (json === undefined) return undefined;
    object[key] = json;
  }
  return object;
}
