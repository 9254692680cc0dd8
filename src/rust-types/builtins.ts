// Types that Rust's standard library and the crates in common use bring, by the last segment of their paths: what
// their values are to a spec. A type that is not here and not defined in the given files is external: it is compared
// by its mapping only.

/** What a builtin type is; the arguments that matter are the first ones unless it says otherwise. */
export type Builtin =
  | { readonly kind: 'int'; readonly bounds: 'none' | 'fixed' | 'natural' }
  | { readonly kind: 'bool' | 'str' | 'char' | 'float' }
  | { readonly kind: 'list' | 'set' | 'map' | 'option' | 'result' }
  /** Its value is that of its last argument. */
  | { readonly kind: 'wrapper' }
  /** It has no value. */
  | { readonly kind: 'phantom' };

const WIDTHS = ['8', '16', '32', '64', '128', 'size'];

const NAMES: readonly (readonly [Builtin, string])[] = [
  [
    { kind: 'int', bounds: 'fixed' },
    WIDTHS.flatMap(width => [`i${width}`, `u${width}`])
      .flatMap(name => [name, `NonZero${capital(name)}`, `Atomic${capital(name)}`])
      .join(' '),
  ],
  [{ kind: 'int', bounds: 'none' }, 'BigInt'],
  [{ kind: 'int', bounds: 'natural' }, 'BigUint'],
  [{ kind: 'bool' }, 'bool AtomicBool'],
  [{ kind: 'float' }, 'f32 f64 OrderedFloat NotNan'],
  [{ kind: 'char' }, 'char'],
  [{ kind: 'str' }, 'str String SmolStr CompactString SmartString ArrayString ByteString'],
  [{ kind: 'list' }, 'Vec VecDeque LinkedList ArrayVec SmallVec TinyVec'],
  [{ kind: 'set' }, 'HashSet BTreeSet IndexSet FxHashSet AHashSet DashSet'],
  [{ kind: 'map' }, 'HashMap BTreeMap IndexMap FxHashMap AHashMap DashMap'],
  [{ kind: 'option' }, 'Option'],
  [{ kind: 'result' }, 'Result'],
  [
    { kind: 'wrapper' },
    'Box Rc Arc Cow Ref RefMut Cell RefCell OnceCell OnceLock Mutex RwLock Pin ManuallyDrop Wrapping Saturating Reverse NonZero',
  ],
  [{ kind: 'phantom' }, 'PhantomData PhantomPinned'],
];

const BUILTINS = new Map(
  NAMES.flatMap(([kind, names]) => names.split(' ').map(name => [name, kind] as const)),
);

export function builtinOf(name: string): Builtin | undefined {
  return BUILTINS.get(name);
}

/** Names that every module sees without `use`. */
export const PRELUDE: ReadonlySet<string> = new Set([
  ...WIDTHS.flatMap(width => [`i${width}`, `u${width}`]),
  ...'bool char f32 f64 str String Vec Option Result Box'.split(' '),
]);

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
