import { comparableEmail } from '../../../lambda/contracts/values/email';
import type { KeyRing } from '../../../lambda/kernel/sealing/key-ring';
import { PackedSealed } from '../../../lambda/kernel/sealing/packed-text';
import { parseTenantKey, tenantKey } from '../../../lambda/kernel/tenant';
import type { Tables } from '../system/tables';
import type { Migration, Page, Position } from './migration';
import { ordersRows, type Row } from './personal-fields';
import { changeRow, type StoredRows, scanPage } from './stored-rows';

type Keys = Pick<KeyRing, 'open' | 'hash'>;
type Deps = { readonly tables: Pick<Tables, 'db' | 'called'>; readonly keys: Keys };

const tenantOf = ({ orderId }: Row) => parseTenantKey(String(orderId)).tenant;

const isOfGuest = ({ customerEmail, ownerId }: Row): boolean =>
  PackedSealed.safeParse(customerEmail).success && ownerId === undefined;

/** Returns the address of a guest's order that has no contact yet. Undefined when it has, or when the order is erased. */
const addressOf = async (row: Row, keys: Keys): Promise<string | undefined> => {
  if (!isOfGuest(row) || row.contactKey !== undefined) return undefined;
  const place = { tenant: tenantOf(row), subject: ordersRows.subject(row), field: 'customerEmail' };
  return keys.open(PackedSealed.parse(row.customerEmail), place);
};

const contactOf = async (row: Row, keys: Keys): Promise<Row> => {
  const address = await addressOf(row, keys);
  if (address === undefined) return {};
  const tenant = tenantOf(row);
  return { contactKey: tenantKey(tenant, await keys.hash(tenant, 'contact', comparableEmail(address))) };
};

const pageOf = async (stored: StoredRows, keys: Keys, { cursor, dryRun }: Position): Promise<Page> => {
  const { items, next } = await scanPage(stored, cursor);
  const guests = items.filter(isOfGuest);
  const addresses = await Promise.all(guests.map((row) => addressOf(row, keys)));
  const lost = guests.filter((_row, n) => addresses[n] !== undefined);
  if (!dryRun) await Promise.all(lost.map((row) => changeRow(stored, row, (one) => contactOf(one, keys))));
  return { seen: guests.length, found: lost.length, next };
};

/** Gives guests' orders the keyed hash of their address, by which they are found when the guest asks to be erased. */
export const findGuests = ({ tables, keys }: Deps): Migration => {
  const stored = { db: tables.db, table: tables.called(ordersRows.table), rows: ordersRows };
  return {
    service: ordersRows.service,
    number: 2,
    title: 'orders of guests found by address',
    of: 'orders of guests',
    page: (at) => pageOf(stored, keys, at),
  };
};
