// What serde's attributes say about the written form of a type, by the names and rules of serde's documentation
// (https://serde.rs/attributes.html; the cases are those of serde_derive's case.rs). Only writing counts: traces are
// what the program writes, so of a name that differs for reading and writing the written one is taken.
import { type AuraError, auraError } from '../util/errors.js';
import { nearest } from '../util/nearest.js';
import type { Attribute } from './attributes.js';

export interface StructSerde {
  readonly transparent: boolean;
  /** Text of the type that is written instead. */
  readonly into?: string;
}

export interface EnumSerde {
  /** How a variant and its payload stand together; what the file does not say is `external`. */
  readonly tagging: Tagging;
  readonly into?: string;
}

export type Tagging =
  | { readonly kind: 'external' }
  | { readonly kind: 'untagged' }
  | { readonly kind: 'internal'; readonly tag: string }
  | { readonly kind: 'adjacent'; readonly tag: string; readonly content: string };

export interface FieldSerde {
  /** As written; absent in a tuple. */
  readonly serialName?: string;
  readonly skip: boolean;
  readonly flatten: boolean;
  /** Whether the field is left out for some values. */
  readonly mayBeAbsent: boolean;
  /** Why the written form is unknown. */
  readonly foreign?: string;
}

const RENAME_CASES = [
  'lowercase',
  'UPPERCASE',
  'PascalCase',
  'camelCase',
  'snake_case',
  'SCREAMING_SNAKE_CASE',
  'kebab-case',
  'SCREAMING-KEBAB-CASE',
] as const;

type RenameCase = (typeof RENAME_CASES)[number];

/** A reader of the serde attributes of one item; what serde would not accept goes to `errors`. */
export class SerdeReader {
  constructor(
    private readonly attributes: readonly Attribute[],
    private readonly errors: AuraError[],
  ) {}

  struct(): StructSerde {
    return { transparent: this.has('transparent'), ...this.into() };
  }

  enum(): EnumSerde {
    const [tag, content] = [this.text('tag'), this.text('content')];
    const tagging: Tagging = this.has('untagged')
      ? { kind: 'untagged' }
      : tag === undefined
        ? { kind: 'external' }
        : content === undefined
          ? { kind: 'internal', tag }
          : { kind: 'adjacent', tag, content };
    return { tagging, ...this.into() };
  }

  field(name: string | undefined, fieldCase: RenameCase | undefined): FieldSerde {
    const foreign = this.foreign();
    return {
      ...(name !== undefined && { serialName: this.text('rename') ?? fieldName(name, fieldCase) }),
      skip: this.isSkipped(),
      flatten: this.has('flatten'),
      mayBeAbsent: this.has('skip_serializing_if'),
      ...(foreign !== undefined && { foreign }),
    };
  }

  variantName(name: string, variantCase: RenameCase | undefined): string {
    return this.text('rename') ?? variantName(name, variantCase);
  }

  isSkipped(): boolean {
    return this.has('skip') || this.has('skip_serializing');
  }

  /** Why a function of the program decides the written form, where one does. */
  foreign(): string | undefined {
    const withModule = this.text('with') ?? this.text('serialize_with');
    if (withModule !== undefined) return `\`${withModule}\` writes it`;
    return this.attributes.some(({ name }) => name === 'serde_as') ? 'serde_as writes it' : undefined;
  }

  /** The case of `rename_all`, or of `rename_all_fields`. */
  renameCase(key: 'rename_all' | 'rename_all_fields'): RenameCase | undefined {
    const [attribute, value] = this.find(key) ?? [];
    if (attribute === undefined || value === undefined) return undefined;
    const known = RENAME_CASES.find(each => each === value);
    if (known === undefined) this.errors.push(unknownCase(attribute, value));
    return known;
  }

  private into(): { into?: string } {
    const into = this.text('into');
    return into === undefined ? {} : { into };
  }

  private has(key: string): boolean {
    return this.find(key) !== undefined;
  }

  private text(key: string): string | undefined {
    return this.find(key)?.[1];
  }

  private find(key: string): readonly [Attribute, string | undefined] | undefined {
    const found = this.attributes
      .filter(({ name }) => name === 'serde')
      .flatMap(({ inner }) => inner)
      .find(({ name }) => name === key);
    return found && [found, found.value ?? found.inner.find(({ name }) => name === 'serialize')?.value];
  }
}

function unknownCase({ location }: Attribute, value: string): AuraError {
  const near = nearest(value, RENAME_CASES);
  return auraError('AUR724', `serde knows no case \`${value}\``, {
    location,
    hint: near === undefined ? `its cases are ${RENAME_CASES.join(', ')}` : `did you mean \`${near}\`?`,
  });
}

function fieldName(name: string, to: RenameCase | undefined): string {
  const pascal = () =>
    name
      .split('_')
      .map(part => part.slice(0, 1).toUpperCase() + part.slice(1))
      .join('');
  switch (to) {
    case undefined:
    case 'lowercase':
    case 'snake_case':
      return name;
    case 'UPPERCASE':
    case 'SCREAMING_SNAKE_CASE':
      return name.toUpperCase();
    case 'PascalCase':
      return pascal();
    case 'camelCase':
      return firstLower(pascal());
    case 'kebab-case':
      return name.replaceAll('_', '-');
    case 'SCREAMING-KEBAB-CASE':
      return name.toUpperCase().replaceAll('_', '-');
  }
}

function variantName(name: string, to: RenameCase | undefined): string {
  const snake = () => name.replace(/(?<!^)\p{Lu}/gu, letter => `_${letter}`).toLowerCase();
  switch (to) {
    case undefined:
    case 'PascalCase':
      return name;
    case 'lowercase':
      return name.toLowerCase();
    case 'UPPERCASE':
      return name.toUpperCase();
    case 'camelCase':
      return firstLower(name);
    case 'snake_case':
      return snake();
    case 'SCREAMING_SNAKE_CASE':
      return snake().toUpperCase();
    case 'kebab-case':
      return snake().replaceAll('_', '-');
    case 'SCREAMING-KEBAB-CASE':
      return snake().toUpperCase().replaceAll('_', '-');
  }
}

function firstLower(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
