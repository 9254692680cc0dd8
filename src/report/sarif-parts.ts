// The parts of a SARIF 2.1.0 log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html) that are the same
// whatever it is about: one run for everything, because GitHub takes only one of a tool, its rules each once, files
// named from the root of the repository.
import { sha256 } from '../util/files.js';
import { type Folders, uriFromRoot } from './file-names.js';

export type Level = 'error' | 'warning' | 'note';

/** A result, and the rule that it is of. */
export interface SarifEntry {
  readonly rule: { readonly id: string };
  readonly result: { readonly ruleId: string };
}

/** What is about no line of a file. */
export interface SarifNotification {
  readonly level: Level;
  readonly message: { readonly text: string };
}

/** The whole log. A notification that is an error says that the run of the tool was no success. */
export function sarifText(
  entries: readonly SarifEntry[],
  notifications: readonly SarifNotification[],
  { version }: { readonly version: string },
): string {
  const rules = [...new Map(entries.map(({ rule }) => [rule.id, rule])).values()];
  const index = new Map(rules.map(({ id }, i) => [id, i]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'aura', version, rules } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
        invocations: [
          {
            executionSuccessful: notifications.every(({ level }) => level !== 'error'),
            ...(notifications.length > 0 && { toolExecutionNotifications: notifications }),
          },
        ],
        results: entries.map(({ result }) => ({ ...result, ruleIndex: index.get(result.ruleId) })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** The name itself, or for an expression of the command line, which may be long, its hash. */
export function idOfName(name: string): string {
  return /^[\w:]{1,200}$/.test(name) ? name : `expression-${digest([name]).slice(0, 16)}`;
}

export function artifact(file: string, folders: Folders) {
  const uri = uriFromRoot(file, folders);
  return uri.startsWith('file:') ? { uri } : { uri, uriBaseId: '%SRCROOT%' };
}

/** SARIF would take `{0}` for a placeholder (3.11.5). Braces of records need no escape, and few tools would undo it. */
export function literal(text: string): string {
  return text.replace(/\{(\d+)\}/g, '{{$1}}');
}

/** A fingerprint of `parts`. */
export function digest(parts: readonly string[]): string {
  return sha256(JSON.stringify(parts)).slice(0, 32);
}
