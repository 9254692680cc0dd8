// XML in lines: elements, attributes and text with their escapes, for the reports that are JUnit's. What XML forbids
// altogether is written as `\x1b` before it gets here or, in attributes, here.
import { indent, visible } from './text.js';

/** The document with `lines` as its root element. */
export function xmlDocument(lines: readonly string[]): string {
  return `${['<?xml version="1.0" encoding="UTF-8"?>', ...lines].join('\n')}\n`;
}

/** An element in lines; attributes are foreign text, children lines of XML. */
export function element(
  name: string,
  attributes: Record<string, string | number>,
  children: readonly string[] = [],
): string[] {
  const open = `<${name}${attributesText(attributes)}`;
  return children.length === 0 ? [`${open}/>`] : [`${open}>`, ...indent(children, 2), `</${name}>`];
}

/** Text in lines that start at the margin: white space in it is kept by readers. */
export function textElement(
  name: string,
  attributes: Record<string, string>,
  lines: readonly string[],
): string[] {
  return [`<${name}${attributesText(attributes)}>${lines.map(escapeXml).join('\n')}</${name}>`];
}

function attributesText(attributes: Record<string, string | number>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(visible(String(value)))}"`)
    .join('');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, char => ENTITIES[char] ?? char);
}

/** Seconds as `xs:decimal`, which knows no exponents. */
export function decimal(seconds: number): string {
  return Number.isFinite(seconds) ? Math.max(0, seconds).toFixed(3) : '0.000';
}
