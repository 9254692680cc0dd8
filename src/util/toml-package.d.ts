// The two halves of the `toml` package, which has types only for its whole: the parser, whose nodes carry offsets
// into the text, and the compiler, which makes plain data of them and refuses what TOML forbids to repeat.

declare module 'toml/lib/parser.js' {
  export type TomlValueNode =
    | { readonly type: 'Array'; readonly value: readonly TomlValueNode[]; readonly offset: number }
    | { readonly type: 'InlineTable'; readonly value: readonly TomlKeyNode[]; readonly offset: number }
    | {
        readonly type:
          | 'String'
          | 'Integer'
          | 'Float'
          | 'Boolean'
          | 'Date'
          | 'LocalDateTime'
          | 'LocalDate'
          | 'LocalTime';
        readonly offset: number;
      };

  /** `key.key = value`, at the top or in an inline table. */
  export interface TomlKeyNode {
    readonly type: 'Assign' | 'InlineTableValue';
    readonly key: readonly string[];
    readonly value: TomlValueNode;
    readonly offset: number;
  }

  /** `[key.key]` or `[[key.key]]`. */
  export interface TomlHeaderNode {
    readonly type: 'ObjectPath' | 'ArrayPath';
    readonly value: readonly string[];
    readonly offset: number;
  }

  export type TomlNode = TomlKeyNode | TomlHeaderNode;

  const parser: { parse(text: string, options?: { readonly maxDepth?: number }): TomlNode[] };
  export default parser;
}

declare module 'toml/lib/compiler.js' {
  import type { TomlNode } from 'toml/lib/parser.js';

  export type RawToml = string | number | bigint | boolean | Date | RawToml[] | { [key: string]: RawToml };

  const compiler: {
    compile(
      nodes: readonly TomlNode[],
      text: string,
      options: { readonly bigint: true },
    ): { [key: string]: RawToml };
  };
  export default compiler;
}
