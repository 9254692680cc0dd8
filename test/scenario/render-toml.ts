// A small TOML writer for tests, in two styles that must read alike: tables under headers, or all in line.
import type { Scenario } from '../../generated/scenario.js';

type Data = string | number | boolean | readonly Data[] | Table;

interface Table {
  readonly [key: string]: Data;
}

export type Style = 'headers' | 'inline';

export function renderToml(scenarios: readonly Scenario[], style: Style): string {
  const data: Table = JSON.parse(JSON.stringify({ scenario: scenarios }));
  return style === 'inline'
    ? Object.entries(data)
        .map(([key, value]) => `${text(key)} = ${inline(value)}\n`)
        .join('')
    : withHeaders(data, []);
}

function withHeaders(table: Table, path: readonly string[]): string {
  const entries = Object.entries(table);
  const own = entries.filter(([, value]) => !isTable(value) && !isTableList(value));
  const tables = entries.flatMap(([key, value]) => {
    const header = [...path, key].map(text).join('.');
    if (isTable(value)) return [`\n[${header}]\n${withHeaders(value, [...path, key])}`];
    if (!isTableList(value)) return [];
    return value.map(item => `\n[[${header}]]\n${withHeaders(item, [...path, key])}`);
  });
  return [...own.map(([key, value]) => `${text(key)} = ${inline(value)}\n`), ...tables].join('');
}

function isTable(value: Data): value is Table {
  return typeof value === 'object' && !Array.isArray(value);
}

function isTableList(value: Data): value is readonly Table[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}

function inline(value: Data): string {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (isTable(value))
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${text(key)} = ${inline(item)}`)
      .join(', ')} }`;
  return String(value);
}

/** JSON's escapes are TOML's; only DEL is allowed bare in the one and not in the other. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll('\x7f', '\\u007f');
}
