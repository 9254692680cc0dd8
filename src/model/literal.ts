// Reads a literal of Quint, the inverse of showValue: scenarios carry values as such texts. Only what denotes a
// value by itself is read; names of constants, operators and arithmetic need a spec, and belong to the engine. An
// identifier alone is a variant without payload. The grammar is Quint's own (its INT, STRING and IDENTIFIER).
import { auraError } from '../util/errors.js';
import { LIMITS } from '../util/limits.js';
import { fail, ok, type Result } from '../util/result.js';
import { listOf, mapOf, recordOf, setOf, tupleOf, type Value, variantOf } from './value.js';

/** Errors: AUR408, with the position in `text` counted from 1. */
export function parseQuintLiteral(text: string): Result<Value> {
  const reader = new LiteralReader(text);
  const value = reader.whole();
  if (value !== undefined) return ok(value);
  const shown = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  const message = `not a literal of Quint: ${reader.reason} at character ${reader.failedAt + 1} of ${JSON.stringify(shown)}`;
  return fail(
    auraError('AUR408', message, {
      hint: 'literals are 7, true, "text", (1, 2), [1, 2], Set(1), Map(1 -> 2), { a: 1 }, Tag and Tag(1)',
    }),
  );
}

const BLANK = /\s*/y;
const INTEGER = /-?\s*(0x[0-9a-fA-F](?:_?[0-9a-fA-F])*|0|[1-9][0-9]*(?:_[0-9]+)*)(?![0-9A-Za-z_])/y;
const TEXT = /"([^"]*)"/y;
const NAME = /(?:[A-Za-z][A-Za-z0-9_]*|_[A-Za-z0-9_]+)(?:::(?:[A-Za-z][A-Za-z0-9_]*|_[A-Za-z0-9_]+))*/y;

/** Names of Quint that no variant can bear; those of them that denote no finite value are not read. */
const RESERVED = new Set(['Bool', 'and', 'or', 'not', 'iff', 'implies', 'if', 'else', 'match', 'any', 'all']);

/** Every method that finds something else than it reads notes the first such place and gives undefined. */
class LiteralReader {
  reason = '';
  failedAt = 0;
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  whole(): Value | undefined {
    const value = this.value();
    if (value === undefined) return undefined;
    this.skipBlank();
    return this.at === this.text.length ? value : this.stop('unexpected text after the value');
  }

  private value(): Value | undefined {
    if (this.depth >= LIMITS.valueDepth) return this.stop(`more than ${LIMITS.valueDepth} levels`);
    this.depth += 1;
    const value = this.unboundedValue();
    this.depth -= 1;
    return value;
  }

  private unboundedValue(): Value | undefined {
    this.skipBlank();
    const first = this.text.charAt(this.at);
    if (first === '"') return this.match(TEXT)?.[1] ?? this.stop('text without its closing quote');
    if (first === '-' || (first >= '0' && first <= '9')) return this.integer();
    if (first === '(') return this.parenthesised();
    if (first === '[') return this.items('[', ']', listOf);
    if (first === '{') return this.record();
    const name = this.match(NAME)?.[0];
    return name === undefined ? this.stop('expected a value') : this.named(name);
  }

  private integer(): Value | undefined {
    const digits = this.match(INTEGER)?.[0].replace(/[\s_]/g, '');
    if (digits === undefined) return this.stop('expected an integer');
    if (digits.length > LIMITS.traceIntDigits) return this.stop('an integer with too many digits');
    return digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits);
  }

  /** `()` and `(a, b)` are tuples, `(a)` is a itself; a tuple of one is written `Tup(a)`. */
  private parenthesised(): Value | undefined {
    return this.items('(', ')', items =>
      items.length === 1 && items[0] !== undefined ? items[0] : tupleOf(items),
    );
  }

  private named(name: string): Value | undefined {
    switch (name) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'Int':
      case 'Nat':
        return { kind: 'unserializable', text: name };
      case 'Set':
        return this.items('(', ')', setOf);
      case 'List':
        return this.items('(', ')', listOf);
      case 'Tup':
        return this.items('(', ')', tupleOf);
      case 'Rec':
        return this.items('(', ')', items => this.recordOfItems(items));
      case 'Map':
        return this.map();
      default:
        return this.variant(name);
    }
  }

  private variant(tag: string): Value | undefined {
    if (RESERVED.has(tag)) return this.stop(`\`${tag}\` is not a value`);
    this.skipBlank();
    if (this.text.charAt(this.at) !== '(') return variantOf(tag);
    return this.items('(', ')', ([payload, ...more]) =>
      payload !== undefined && more.length === 0
        ? variantOf(tag, payload)
        : this.stop(`\`${tag}\` takes one value, a tuple for several`),
    );
  }

  /** Quint's own desugaring: alternating names and values. */
  private recordOfItems(items: readonly Value[]): Value | undefined {
    const fields: [string, Value][] = [];
    for (let i = 0; i < items.length; i += 2) {
      const [name, value] = [items[i], items[i + 1]];
      if (typeof name !== 'string' || value === undefined)
        return this.stop('expected `Rec("name", value, ...)`');
      fields.push([name, value]);
    }
    return this.recordOfFields(fields);
  }

  private record(): Value | undefined {
    const fields = this.separated('{', '}', () => this.field());
    return fields && this.recordOfFields(fields);
  }

  private field(): [string, Value] | undefined {
    this.skipBlank();
    const name = this.match(NAME)?.[0];
    if (name === undefined || name.includes('::')) return this.stop('expected the name of a field');
    if (!this.take(':')) return this.stop('expected `:`');
    const value = this.value();
    return value === undefined ? undefined : [name, value];
  }

  private recordOfFields(fields: readonly [string, Value][]): Value | undefined {
    const names = new Set(fields.map(([name]) => name));
    return names.size === fields.length ? recordOf(fields) : this.stop('a field stands twice in a record');
  }

  private map(): Value | undefined {
    const entries = this.separated('(', ')', () => this.entry());
    return entries && mapOf(entries);
  }

  /** `k -> v`, or the pair that it stands for. */
  private entry(): [Value, Value] | undefined {
    const key = this.value();
    if (key === undefined) return undefined;
    if (this.take('->')) {
      const value = this.value();
      return value === undefined ? undefined : [key, value];
    }
    const [first, second, third] = typeof key === 'object' && key.kind === 'tuple' ? key.items : [];
    const isPair = first !== undefined && second !== undefined && third === undefined;
    return isPair ? [first, second] : this.stop('expected `->`');
  }

  private items(
    open: string,
    close: string,
    make: (items: readonly Value[]) => Value | undefined,
  ): Value | undefined {
    const items = this.separated(open, close, () => this.value());
    return items && make(items);
  }

  /** Items with commas between them; one after the last is allowed, as in Quint. */
  private separated<T>(open: string, close: string, item: () => T | undefined): T[] | undefined {
    if (!this.take(open)) return this.stop(`expected \`${open}\``);
    const items: T[] = [];
    while (!this.take(close)) {
      const next = item();
      if (next === undefined) return undefined;
      items.push(next);
      if (this.take(',')) continue;
      return this.take(close) ? items : this.stop(`expected \`,\` or \`${close}\``);
    }
    return items;
  }

  private take(mark: string): boolean {
    this.skipBlank();
    if (!this.text.startsWith(mark, this.at)) return false;
    this.at += mark.length;
    return true;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at += found[0].length;
    return found;
  }

  private skipBlank(): void {
    this.match(BLANK);
  }

  private stop(reason: string): undefined {
    if (this.reason !== '') return;
    this.reason = reason;
    this.failedAt = this.at;
  }
}
