import { type Item, invalid, lengthOf, order, same, typeOf, type Value } from './item';

/** What the placeholders of an expression stand for. */
export type Placeholders = {
  readonly names?: Readonly<Record<string, string>> | undefined;
  readonly values?: Readonly<Record<string, Value>> | undefined;
};

export type Step = string | number;

export type Operand =
  | { readonly kind: 'path'; readonly path: readonly Step[] }
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Operand[] }
  | { readonly kind: 'sum'; readonly sign: 1 | -1; readonly args: readonly [Operand, Operand] };

/** Whether an item meets a condition. */
export type Condition = (item: Item) => boolean;

export type Action =
  | { readonly verb: 'SET'; readonly path: readonly Step[]; readonly to: Operand }
  | { readonly verb: 'REMOVE'; readonly path: readonly Step[] }
  | { readonly verb: 'ADD' | 'DELETE'; readonly path: readonly Step[]; readonly by: Operand };

const tokens = /\s*(<>|<=|>=|[=<>(),+\-.[\]]|[:#]?[A-Za-z_0-9]+)/y;

const tokenized = new Map<string, readonly string[]>(); // stores send the same few texts again and again

const tokensOf = (text: string): readonly string[] => {
  const known = tokenized.get(text) ?? tokenize(text);
  tokenized.set(text, known);
  return known;
};

const tokenize = (text: string): readonly string[] => {
  const found: string[] = [];
  tokens.lastIndex = 0;
  while (tokens.lastIndex < text.trimEnd().length) {
    const at = tokens.lastIndex;
    const [, token] = tokens.exec(text) ?? [];
    if (token === undefined) return invalid(`Invalid expression: syntax error near "${text.slice(at, at + 20)}"`);
    found.push(token);
  }
  return found;
};

const comparisons: Readonly<Record<string, (one: Value, other: Value) => boolean>> = {
  '=': same,
  '<>': (one, other) => !same(one, other),
  '<': (one, other) => (order(one, other) ?? 0) < 0,
  '>': (one, other) => (order(one, other) ?? 0) > 0,
  '<=': (one, other) => (order(one, other) ?? 1) <= 0,
  '>=': (one, other) => (order(one, other) ?? -1) >= 0,
};

const contains = (whole: Value, part: Value): boolean => {
  if (whole instanceof Set) return whole.has(part);
  if (Array.isArray(whole)) return whole.some((one) => same(one, part));
  return typeof whole === 'string' && typeof part === 'string' && whole.includes(part);
};

const predicates: Readonly<Record<string, (...args: Value[]) => boolean>> = {
  attribute_exists: (value) => value !== undefined,
  attribute_not_exists: (value) => value === undefined,
  attribute_type: (value, type) => value !== undefined && typeOf(value) === type,
  begins_with: (value, prefix) => typeof value === 'string' && value.startsWith(String(prefix)),
  contains,
};

const valueAt = (item: Item, path: readonly Step[]): Value =>
  path.reduce<Value>((value, step) => (value as Record<Step, Value> | undefined | null)?.[step], item);

const listOf = (value: Value): Value[] => (Array.isArray(value) ? value : invalid('list_append takes lists'));

const calls: Readonly<Record<string, (item: Item, args: readonly Operand[]) => Value>> = {
  size: (item, [of]) => of && lengthOf(evaluate(item, of)),
  if_not_exists: (item, [path, otherwise]) => {
    const value = path && evaluate(item, path);
    return value === undefined ? otherwise && evaluate(item, otherwise) : value;
  },
  list_append: (item, args) => args.flatMap((arg) => listOf(evaluate(item, arg))),
};

const number = (value: Value): number =>
  typeof value === 'number' ? value : invalid('An operand in the update expression has an incorrect data type');

/** Returns the value of an operand in an item; undefined for an attribute that it lacks. */
export const evaluate = (item: Item, operand: Operand): Value => {
  switch (operand.kind) {
    case 'value':
      return operand.value;
    case 'path':
      return valueAt(item, operand.path);
    case 'call':
      return calls[operand.name]?.(item, operand.args) ?? undefined;
    case 'sum':
      return number(evaluate(item, operand.args[0])) + operand.sign * number(evaluate(item, operand.args[1]));
  }
};

/** Reads the tokens of one expression, with its placeholders. */
class Reader {
  private at = 0;
  private readonly tokens: readonly string[];

  constructor(
    private readonly text: string,
    private readonly placeholders: Placeholders,
    private readonly used: Set<string>,
  ) {
    this.tokens = tokensOf(text);
  }

  peek(): string {
    return this.tokens[this.at] ?? '';
  }

  isNext(...wanted: string[]): boolean {
    return wanted.includes(this.peek().toUpperCase());
  }

  next(): string {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  take(wanted: string): boolean {
    if (!this.isNext(wanted)) return false;
    this.at += 1;
    return true;
  }

  expect(wanted: string): void {
    if (!this.take(wanted))
      invalid(`Invalid expression: "${wanted}" is missing before "${this.peek()}" in ${this.text}`);
  }

  end(): void {
    if (this.at < this.tokens.length) invalid(`Invalid expression: unexpected "${this.peek()}" in ${this.text}`);
  }

  private name(): string {
    const token = this.next();
    if (/^[A-Za-z_]\w*$/.test(token)) return token;
    this.used.add(token);
    return this.placeholders.names?.[token] ?? invalid(`An expression attribute name is not defined: ${token}`);
  }

  path(): Step[] {
    const path: Step[] = [this.name()];
    for (;;) {
      if (this.take('.')) path.push(this.name());
      else if (this.take('[')) {
        path.push(Number(this.next()));
        this.expect(']');
      } else return path;
    }
  }

  private value(): Operand {
    const token = this.next();
    const { values = {} } = this.placeholders;
    const value = Object.hasOwn(values, token) ? values[token] : undefined;
    this.used.add(token);
    return value === undefined
      ? invalid(`An expression attribute value used in expression is not defined: ${token}`)
      : { kind: 'value', value };
  }

  private list(): Operand[] {
    this.expect('(');
    const args = [this.operand()];
    while (this.take(',')) args.push(this.operand());
    this.expect(')');
    return args;
  }

  operand(): Operand {
    if (this.peek().startsWith(':')) return this.value();
    const isCall = this.tokens[this.at + 1] === '(' && Object.hasOwn(calls, this.peek());
    return isCall ? { kind: 'call', name: this.next(), args: this.list() } : { kind: 'path', path: this.path() };
  }

  sum(): Operand {
    const left = this.operand();
    if (!this.isNext('+', '-')) return left;
    const sign = this.next() === '+' ? 1 : -1;
    return { kind: 'sum', sign, args: [left, this.operand()] };
  }

  condition(): Condition {
    const any = [this.conjunction()];
    while (this.take('OR')) any.push(this.conjunction());
    return (item) => any.some((one) => one(item));
  }

  private conjunction(): Condition {
    const all = [this.negation()];
    while (this.take('AND')) all.push(this.negation());
    return (item) => all.every((one) => one(item));
  }

  private negation(): Condition {
    if (!this.take('NOT')) return this.primary();
    const one = this.negation();
    return (item) => !one(item);
  }

  private primary(): Condition {
    if (this.take('(')) {
      const inner = this.condition();
      this.expect(')');
      return inner;
    }
    const name = this.peek();
    const predicate = Object.hasOwn(predicates, name) ? predicates[name] : undefined;
    return predicate !== undefined && this.tokens[this.at + 1] === '(' ? this.call(predicate) : this.comparison();
  }

  private call(predicate: (...args: Value[]) => boolean): Condition {
    this.next();
    const args = this.list();
    return (item) => predicate(...args.map((arg) => evaluate(item, arg)));
  }

  private comparison(): Condition {
    const left = this.operand();
    if (this.take('BETWEEN')) {
      const low = this.operand();
      this.expect('AND');
      const high = this.operand();
      return (item) => isBetween(evaluate(item, left), evaluate(item, low), evaluate(item, high));
    }
    if (this.take('IN')) {
      const members = this.list();
      return (item) => members.some((member) => same(evaluate(item, left), evaluate(item, member)));
    }
    const sign = this.next();
    const comparison = comparisons[sign] ?? invalid(`Invalid expression: no comparison in ${this.text}`);
    const right = this.operand();
    return (item) => comparison(evaluate(item, left), evaluate(item, right));
  }
}

const isBetween = (value: Value, low: Value, high: Value): boolean =>
  (order(value, low) ?? -1) >= 0 && (order(value, high) ?? 1) <= 0;

const verbs = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;

const action = (reader: Reader, verb: (typeof verbs)[number]): Action => {
  const path = reader.path();
  if (verb === 'REMOVE') return { verb, path };
  if (verb === 'SET') {
    reader.expect('=');
    return { verb, path, to: reader.sum() };
  }
  return { verb, path, by: reader.operand() };
};

const actions = (reader: Reader): Action[] => {
  const found: Action[] = [];
  for (let verb = reader.next().toUpperCase(); verb !== ''; verb = reader.next().toUpperCase()) {
    const known = verbs.find((one) => one === verb) ?? invalid(`Invalid UpdateExpression: unexpected "${verb}"`);
    do found.push(action(reader, known));
    while (reader.take(','));
  }
  return found;
};

/** Reads the expressions of one request, and knows which of its placeholders they use. */
export const expressions = (placeholders: Placeholders) => {
  const used = new Set<string>();
  const whole = <Result>(text: string, read: (reader: Reader) => Result): Result => {
    const reader = new Reader(text, placeholders, used);
    const result = read(reader);
    reader.end();
    return result;
  };
  return {
    condition: (text: string | undefined): Condition =>
      text === undefined ? () => true : whole(text, (reader) => reader.condition()),

    update: (text: string | undefined): Action[] => (text === undefined ? [] : whole(text, actions)),

    paths: (text: string): Step[][] =>
      whole(text, (reader) => {
        const paths = [reader.path()];
        while (reader.take(',')) paths.push(reader.path());
        return paths;
      }),

    /** Throws for a placeholder that no expression uses, as the real one does. */
    checkUsed: (): void => {
      const all = [...Object.keys(placeholders.names ?? {}), ...Object.keys(placeholders.values ?? {})];
      const unused = all.filter((name) => !used.has(name));
      if (unused.length > 0) invalid(`Value unused in expressions: keys: {${unused.join(', ')}}`);
    },
  };
};
