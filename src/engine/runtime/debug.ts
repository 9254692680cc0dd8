// Where `q::debug` of a spec goes: to a listener that the caller sets, and nowhere otherwise. The engine prints nothing.
import { showRt } from './show.js';
import type { RtValue } from './values.js';

const sink: { listener: ((label: string, value: string) => void) | undefined } = { listener: undefined };

/** Sets who hears what `q::debug` says; undefined for nobody. */
export function onDebug(listener: ((label: string, value: string) => void) | undefined): void {
  sink.listener = listener;
}

export function debug(label: string, value: RtValue): RtValue {
  sink.listener?.(label, showRt(value));
  return value;
}
