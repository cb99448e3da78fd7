import type { Item } from '../support/dynamodb/item';
import type { MemoryTable } from '../support/dynamodb/table';

type Reading<Value> = {
  /** Which rows of the table are such values. @default all */
  readonly isOne?: (row: Item) => boolean;
  readonly fromRow: (row: Item) => Value;
};

/** The rows of a table as what they stand for, by partition key. As long as a row stays, its value is the same object. */
export class Rows<Value> implements Iterable<readonly [string, Value]> {
  private readonly read = new WeakMap<Item, Value>();

  constructor(
    private readonly table: MemoryTable,
    private readonly reading: Reading<Value>,
  ) {}

  private valueOf(row: Item): Value {
    const known = this.read.get(row);
    if (known !== undefined) return known;
    const value = this.reading.fromRow(row);
    this.read.set(row, value);
    return value;
  }

  private isOne(row: Item): boolean {
    return this.reading.isOne?.(row) ?? true;
  }

  /** The values with this partition key, in the order of their sort keys. */
  all(key: string): Value[] {
    const rows = this.table.partition(undefined, key).filter((row) => this.isOne(row));
    if (rows.length > 1) rows.sort(this.table.order(undefined, 1).rank);
    return rows.map((row) => this.valueOf(row));
  }

  get(key: string): Value | undefined {
    return this.all(key)[0];
  }

  has(key: string): boolean {
    return this.table.partition(undefined, key).some((row) => this.isOne(row));
  }

  values(): Value[] {
    const values: Value[] = [];
    for (const row of this.table.all()) if (this.isOne(row)) values.push(this.valueOf(row));
    return values;
  }

  *[Symbol.iterator](): Iterator<readonly [string, Value]> {
    const [name] = this.table.schema.partition;
    for (const row of this.table.all()) if (this.isOne(row)) yield [String(row[name]), this.valueOf(row)];
  }

  get size(): number {
    return this.values().length;
  }
}
