// The little language of `@assume`: comparisons of integer expressions over the spec's constants, such as
// `byzantine < THRESHOLD` or `3 * BYZANTINE.size() < PARTICIPANTS.size()`. It tells up to how many byzantine
// participants a property is claimed. A quotient rounds down.

/** Integers by name; `byzantine` is the number of byzantine participants, `NAME.size()` the size of a set. */
export interface AssumptionScope {
  integer(name: string): number | undefined;
  sizeOf(name: string): number | undefined;
}

/** Whether the assumption holds; undefined when it is not in the language or names something unknown. */
export function holdsAssumption(text: string, scope: AssumptionScope): boolean | undefined {
  const tokens = text.match(/\d+|[A-Za-z_][\w:]*|<=|>=|==|!=|[-+*/%().,<>]|\S/g) ?? [];
  const parser = new AssumptionParser(tokens, scope);
  try {
    return parser.conjunction();
  } catch (error) {
    if (error instanceof NotInTheLanguage) return undefined;
    throw error;
  }
}

/** The largest number of byzantine participants, at most `most`, for which the assumption holds; -1 when for none. */
export function faultBound(
  text: string,
  most: number,
  scopeFor: (byzantine: number) => AssumptionScope,
): number | undefined {
  let bound = -1;
  for (let byzantine = 0; byzantine <= most; byzantine++) {
    const holds = holdsAssumption(text, scopeFor(byzantine));
    if (holds === undefined) return undefined;
    if (holds) bound = byzantine;
  }
  return bound;
}

class NotInTheLanguage extends Error {}

const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

class AssumptionParser {
  private position = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly scope: AssumptionScope,
  ) {}

  conjunction(): boolean {
    let holds = this.comparison();
    while (this.accept('and')) {
      const next = this.comparison();
      holds = holds && next;
    }
    if (this.position < this.tokens.length) throw new NotInTheLanguage();
    return holds;
  }

  private comparison(): boolean {
    const left = this.sum();
    const compare = COMPARE[this.take()];
    if (compare === undefined) throw new NotInTheLanguage();
    return compare(left, this.sum());
  }

  private sum(): number {
    let value = this.product();
    for (;;) {
      if (this.accept('+')) value += this.product();
      else if (this.accept('-')) value -= this.product();
      else return value;
    }
  }

  private product(): number {
    let value = this.atom();
    for (;;) {
      if (this.accept('*')) value *= this.atom();
      else if (this.accept('/')) value = this.known(Math.floor(value / this.atom()));
      else return value;
    }
  }

  private atom(): number {
    if (this.accept('(')) {
      const value = this.sum();
      this.expect(')');
      return value;
    }
    const token = this.take();
    if (/^\d+$/.test(token)) return Number(token);
    if (token === 'size' && this.accept('(')) {
      const name = this.take();
      this.expect(')');
      return this.known(this.scope.sizeOf(name));
    }
    if (this.accept('.')) {
      for (const expected of ['size', '(', ')']) this.expect(expected);
      return this.known(this.scope.sizeOf(token));
    }
    return this.known(this.scope.integer(token));
  }

  private known(value: number | undefined): number {
    if (value === undefined || !Number.isFinite(value)) throw new NotInTheLanguage();
    return value;
  }

  private accept(token: string): boolean {
    if (this.tokens[this.position] !== token) return false;
    this.position++;
    return true;
  }

  private expect(token: string): void {
    if (!this.accept(token)) throw new NotInTheLanguage();
  }

  private take(): string {
    return this.tokens[this.position++] ?? '';
  }
}
