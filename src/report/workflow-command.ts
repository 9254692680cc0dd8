// Workflow commands of GitHub Actions (https://docs.github.com/actions/reference/workflow-commands-for-github-actions)
// with the escapes that the runner undoes, so that foreign text can neither end a command nor start one.
import { visible } from './text.js';

export type AnnotationKind = 'error' | 'warning' | 'notice';

/** One line, without its line break. Properties are foreign text, lines of the message are already fit to be shown. */
export function workflowCommand(
  name: AnnotationKind,
  properties: Record<string, string | number>,
  message: readonly string[],
): string {
  const list = Object.entries(properties)
    .map(([key, value]) => `${key}=${escapeProperty(visible(String(value)))}`)
    .join(',');
  return `::${name} ${list}::${escapeData(message.join('\n'))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
