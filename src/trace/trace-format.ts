// Which kind of trace some bytes are, told by the top-level keys at their beginning: file names say little about
// traces. Nothing is decoded: the reader of that kind finds what is wrong with it.
import { BYTE } from './json-cursor.js';

/** An execution trace is one JSON document or JSON Lines with a header as the first line. */
export type TraceFormat = 'itf' | 'document' | 'lines';

export const EXECUTION_TRACE = 'aura-execution-trace';

const ITF_KEYS = new Set(['#meta', 'vars', 'states']);

/** 'unclear' asks for more bytes; undefined means that this is no object, so no trace. */
export function traceFormat(bytes: Buffer): TraceFormat | 'unclear' | undefined {
  let i = bytes[0] === 0xef ? 3 : 0;
  while (isSpace(bytes[i])) i++;
  if (i >= bytes.length) return 'unclear';
  if (bytes[i] !== BYTE.openBrace) return undefined;
  let depth = 0;
  let isExecution = false;
  let key: string | undefined;
  for (; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === BYTE.quote) {
      const end = endOfText(bytes, i + 1);
      if (end === undefined) return 'unclear';
      const text = depth === 1 ? bytes.toString('latin1', i + 1, end) : '';
      if (depth === 1 && key === undefined) {
        key = text;
        if (key === 'events') return 'document';
        if (ITF_KEYS.has(key) && !isExecution) return 'itf';
      } else if (depth === 1 && key === 'format') isExecution ||= text === EXECUTION_TRACE;
      i = end;
    } else if (byte === BYTE.openBrace || byte === BYTE.openBracket) depth++;
    else if (byte === BYTE.closeBrace || byte === BYTE.closeBracket) {
      if (--depth === 0) return 'lines';
    } else if (byte === BYTE.comma && depth === 1) key = undefined;
  }
  return 'unclear';
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The index of the closing quote. */
function endOfText(bytes: Buffer, from: number): number | undefined {
  for (let i = from; i < bytes.length; i++) {
    if (bytes[i] === BYTE.quote) return i;
    if (bytes[i] === BYTE.backslash) i++;
  }
  return undefined;
}
