import type { Tables } from '../system/tables';
import type { Migration, Page, Position } from './migration';
import type { PersonalRows } from './personal-fields';
import { isPersonalRow, isPlainRow, type Sealer } from './sealer';
import { changeRow, type StoredRows, scanPage } from './stored-rows';

type Deps = { readonly tables: Pick<Tables, 'db' | 'called'>; readonly sealer: Sealer };

const pageOf = async (stored: StoredRows, sealer: Sealer, { cursor, dryRun }: Position): Promise<Page> => {
  const { rows } = stored;
  const { items, next } = await scanPage(stored, cursor);
  const personal = items.filter((row) => isPersonalRow(row, rows));
  const plain = personal.filter((row) => isPlainRow(row, rows));
  if (!dryRun) await Promise.all(plain.map((row) => changeRow(stored, row, (one) => sealer.row(one, rows))));
  return { seen: personal.length, found: plain.length, next };
};

/** Seals text about people in the rows of one table. */
export const sealRows = (rows: PersonalRows, { tables, sealer }: Deps): Migration => {
  const stored = { db: tables.db, table: tables.called(rows.table), rows };
  return {
    service: rows.service,
    number: 1,
    title: 'personal data sealed',
    of: `rows of ${rows.table}`,
    page: (at) => pageOf(stored, sealer, at),
  };
};
