import { randomBytes } from 'node:crypto';
import { asNewestVersion } from '../../../lambda/contracts/events/earlier-versions';
import { type Sealed, StoredSealed, sealedParts } from '../../../lambda/contracts/values/sealed';
import { type KeyRing, type SealingKey, seal } from '../../../lambda/kernel/sealing/key-ring';
import { PackedSealed } from '../../../lambda/kernel/sealing/packed-text';
import { parseTenantKey, trustedTenant } from '../../../lambda/kernel/tenant';
import { type PersonalRows, personalOf, type Row } from './personal-fields';

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the text of a field that is not sealed, undefined when it is, or when there is nothing in it. */
const plainText = (value: unknown, packed = false): string | undefined => {
  if (value instanceof Uint8Array) return undefined;
  if (isObject(value)) return JSON.stringify(value);
  if (typeof value !== 'string' || value === '') return undefined;
  const { ref, content } = sealedParts((packed ? PackedSealed : StoredSealed).parse(value));
  return ref === undefined ? content.toString('utf8') : undefined;
};

/** What is sealed in one object: the names of its fields, each with the field as which it is sealed, and for whom. */
type Sealing = {
  readonly tenant: string;
  readonly subject: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly packed?: true | undefined;
};

const plainFields = (
  object: Row,
  { fields, packed }: Pick<Sealing, 'fields' | 'packed'>,
): [name: string, field: string, text: string][] =>
  Object.entries(fields).flatMap(([name, field]): [string, string, string][] => {
    const text = plainText(object[name], packed);
    return text === undefined ? [] : [[name, field, text]];
  });

/** Returns a key that is stored nowhere, in the place of one that was destroyed: nobody can open what is sealed under it. */
const lostKey = (keys: string): SealingKey => ({ ref: { keys, number: 0 }, key: randomBytes(32) });

/** Seals what is plain of a row, an event or an image of a row, under the key of whom it is about. */
export const sealer = (keys: Pick<KeyRing, 'named'>) => {
  /** Returns the sealed fields of an object by their names: those that were plain. */
  const sealedFields = async (object: Row, sealing: Sealing): Promise<Readonly<Record<string, Sealed>>> => {
    const plain = plainFields(object, sealing);
    if (plain.length === 0) return {};
    const { subject } = sealing;
    const tenant = trustedTenant(sealing.tenant);
    const key = (await keys.named(tenant, subject)) ?? lostKey(subject);
    return Object.fromEntries(plain.map(([name, field, text]) => [name, seal(key, { tenant, subject, field }, text)]));
  };

  return {
    /** Returns the attributes of a row that were plain, sealed. */
    row: (row: Row, rows: PersonalRows) => sealedFields(row, rowSealing(row, rows)),

    /** Returns an event as its newest version states it, with what was plain sealed. Returns undefined when all was. */
    event: async (event: unknown): Promise<Row | undefined> => {
      const sealing = eventSealing(event);
      if (sealing === undefined) return undefined;
      const { newest, data, ...given } = sealing;
      const changed = await sealedFields(data, given);
      if (Object.keys(changed).length === 0 && newest.type === Object(event).type) return undefined;
      return { ...newest, data: { ...data, ...changed } };
    },
  };
};

export type Sealer = ReturnType<typeof sealer>;

const rowSealing = (row: Row, { key, subject, fields, packed }: PersonalRows): Sealing => {
  const { tenant } = parseTenantKey(String(row[key[0]]));
  return { tenant, subject: subject(row), fields, packed };
};

const eventSealing = (event: unknown) => {
  const newest = asNewestVersion(event);
  if (!isObject(newest) || typeof newest.type !== 'string' || typeof newest.tenantid !== 'string') return undefined;
  const { data } = newest;
  const found = isObject(data) ? personalOf(newest.type, data) : undefined;
  if (!isObject(data) || found === undefined) return undefined;
  const fields = Object.fromEntries(found.fields.map((name) => [name, name]));
  return { newest, data, tenant: newest.tenantid, subject: found.subject, fields };
};

/** Whether a row has text about people that is not sealed. */
export const isPlainRow = (row: Row, rows: PersonalRows): boolean =>
  isPersonalRow(row, rows) && plainFields(row, rows).length > 0;

/** Whether a row of a tenant has text about people, sealed or not. */
export const isPersonalRow = (row: Row, { key, fields }: PersonalRows): boolean =>
  String(row[key[0]]).includes('#') && Object.keys(fields).some((name) => row[name] !== undefined);

/** Whether an event is of an earlier version, or has text about people that is not sealed. */
export const isPlainEvent = (event: unknown): boolean => {
  const sealing = eventSealing(event);
  return (
    sealing !== undefined &&
    (sealing.newest.type !== Object(event).type || plainFields(sealing.data, sealing).length > 0)
  );
};
