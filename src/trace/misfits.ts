// What does not fit when plain JSON becomes values of a spec, each with the path to it as a JSON Pointer. Paths are
// put together from the inside out, so that what fits pays nothing for them. A collector takes one misfit for reading
// and many for checking.
import type { Json } from '../util/json.js';

export interface PlainMisfit {
  /** Keys and indices, innermost first. */
  readonly path: string[];
  readonly reason: string;
}

export class Misfits {
  readonly found: PlainMisfit[] = [];

  constructor(private readonly most = 1) {}

  /** Whether to look no further. */
  get full(): boolean {
    return this.found.length >= this.most;
  }

  add(reason: string): undefined {
    this.found.push({ path: [], reason });
    return undefined;
  }

  expected(type: string, got: Json): undefined {
    return this.add(`expected ${type}, got ${previewJson(got)}`);
  }

  /** Adds a part in front of the paths of the misfits from `from` on. */
  under(from: number, part: string | number): undefined {
    for (let i = from; i < this.found.length; i++) this.found[i]?.path.push(`${part}`);
    return undefined;
  }
}

/** `/state/signatures/p1` (RFC 6901). */
export function pointerTo(path: readonly string[]): string {
  return path.map(part => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The pointer to a misfit below `root`. */
export function misfitPointer(root: readonly string[], { path }: PlainMisfit): string {
  return pointerTo([...root, ...[...path].reverse()]);
}

/** Characters of a value shown in an error. */
const SHOWN = 80;

/** The beginning of a value as JSON; takes no longer for a large one. */
export function previewJson(json: Json): string {
  let text = '';
  const write = (piece: string): void => {
    text += piece;
  };
  const show = (value: Json): void => {
    if (text.length > SHOWN) return;
    if (typeof value === 'bigint') write(value.toString());
    else if (typeof value === 'string') write(JSON.stringify(value.slice(0, SHOWN)));
    else if (value === null || typeof value !== 'object') write(JSON.stringify(value));
    else if (Array.isArray(value)) {
      write('[');
      for (let i = 0; i < value.length && text.length <= SHOWN; i++) {
        if (i > 0) write(',');
        show(value[i] ?? null);
      }
      write(']');
    } else {
      write('{');
      for (const key in value) {
        if (text.length > SHOWN) break;
        if (!text.endsWith('{')) write(',');
        write(`${JSON.stringify(key)}:`);
        show(value[key] ?? null);
      }
      write('}');
    }
  };
  show(json);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
}
