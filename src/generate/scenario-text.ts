// Any scenario as TOML: what a reader of scenario files reads back is the same data. Templates write the scenarios of
// generation, with comments on each number; this writes those that were made from other scenarios.
import type { Scenario } from '../../generated/scenario.js';
import { tomlKey, tomlText } from './toml-text.js';

/** A scenario file; `heading` becomes a comment on its first line. */
export function writeScenarioText(scenarios: readonly Scenario[], heading?: string): string {
  const comment = heading === undefined ? '' : `# ${heading.replace(/[\p{Cc}]+/gu, ' ')}\n`;
  const body = scenarios.map(scenario => `\n[[scenario]]\n${tableText(scenario, ['scenario'])}`).join('');
  return `${comment}format = "aura-scenario"\nversion = 1\n${body}`;
}

// What stands under a header of its own comes after all other keys of a table: TOML has no way back.
function tableText(table: object, path: readonly string[]): string {
  const lines: string[] = [];
  const parts: string[] = [];
  for (const [key, value] of Object.entries(table).map((entry): [string, unknown] => entry)) {
    const at = [...path, key];
    const header = at.map(tomlKey).join('.');
    const items = HEADERS.has(at.slice(1).join('.')) ? itemsOf(value) : [];
    if (items.length > 0) for (const item of items) parts.push(`\n[[${header}]]\n${tableText(item, at)}`);
    else if (HEADERS.has(at.slice(1).join('.')) && isTable(value))
      parts.push(`\n[${header}]\n${tableText(value, at)}`);
    else if (value !== undefined) lines.push(`${tomlKey(key)} = ${tomlText(value)}\n`);
  }
  return [...lines, ...parts].join('');
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function itemsOf(value: unknown): object[] {
  return Array.isArray(value) ? value.filter(isTable) : [];
}

/** Tables of the scenario and its phases get headers; what is deeper, such as a step's parameters, stays in line. */
const HEADERS = new Set([
  'quint_source',
  'setup',
  'setup.constants',
  'network',
  'byzantine',
  'byzantine.strategies',
  'timing',
  'protocols',
  'assertions',
  'phases',
  'phases.setup',
  'phases.protocols',
  'phases.assertions',
  'phases.simulate',
  'steps',
]);
