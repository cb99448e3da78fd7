import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { type KeyRef, type Sealed, sealedParts, sealedText } from '../../contracts/values/sealed';
import { decryptBytes, encryptBytes } from '../aes-gcm';
import { blockSupply } from '../block-supply';
import type { Tenant } from '../tenant';
import { ttlCache } from '../ttl-cache';
import type { KeyService } from './key-service';
import type { KeyRow, SubjectKeyStore } from './subject-key.store';

/** What a sealed text is about, such as an order, and the field that it stands in. It opens nowhere else. */
export type Place = { readonly tenant: Tenant; readonly subject: string; readonly field: string };

/** A key to seal with, and where it is stored. */
export type SealingKey = { readonly ref: KeyRef; readonly key: Buffer };

/** Seals text under a key, for one place. */
export const seal = ({ ref, key }: SealingKey, place: Place, text: string): Sealed =>
  sealedText(ref, encryptBytes(key, contextOf(place), Buffer.from(text)));

const contextOf = ({ tenant, subject, field }: Place): string => `${tenant}#${subject}#${field}`;

const tenantRow = 'tenant-key'; // the row with the key that wraps the tenant's others
const cacheMs = 60_000; // how long a destroyed key may still be used
const tenantCacheMs = 5 * 60_000; // it is never destroyed
const blockSizes = { first: 50, largest: 200 };
const maxRows = 1000;
const maxTenants = 100;

export type KeyRingDeps = {
  readonly store: SubjectKeyStore;
  readonly keyService: KeyService;
  readonly now: () => Date;
};

/** The keys that wrap the others of each tenant. */
const tenantKeys = ({ store, keyService, now }: KeyRingDeps) => {
  const cache = ttlCache<Buffer>({ entries: maxTenants, ageMs: tenantCacheMs }, () => now().getTime());

  const unwrap = (tenant: Tenant, { wrapped }: KeyRow): Promise<Buffer> => {
    const stored = wrapped.get(0);
    if (stored === undefined) throw new Error('the key of a tenant is missing');
    return keyService.unwrap(tenant, stored.toString('base64'));
  };

  const make = async (tenant: Tenant): Promise<Buffer> => {
    const { key, wrapped } = await keyService.generate(tenant);
    const first = await store.insert(tenant, tenantRow, [Buffer.from(wrapped, 'base64')], now());
    return first === undefined ? key : unwrap(tenant, first);
  };

  /** Returns undefined for a tenant of which nothing was sealed yet. */
  const find = (tenant: Tenant): Promise<Buffer | undefined> =>
    cache.read(tenant, async () => {
      const row = await store.find(tenant, tenantRow);
      return row && unwrap(tenant, row);
    });

  return {
    find,
    /** Returns the tenant's key. The first caller makes it. */
    ensure: async (tenant: Tenant): Promise<Buffer> => {
      const known = await find(tenant);
      if (known !== undefined) return known;
      const made = await make(tenant);
      cache.set(tenant, made);
      return made;
    },
  };
};

const wrapContext = (tenant: Tenant, { keys, number }: KeyRef): string => `${tenant}#${keys}#${number}`;

/** Makes and reads the keys of the table. */
const storedKeys = (deps: KeyRingDeps) => {
  const { store, now } = deps;
  const ofTenants = tenantKeys(deps);
  const rows = ttlCache<KeyRow>({ entries: maxRows, ageMs: cacheMs }, () => now().getTime());

  /** Returns the key of a row, undefined when it was destroyed. */
  const keyIn = async (tenant: Tenant, ref: KeyRef, row: KeyRow): Promise<SealingKey | undefined> => {
    const wrapped = row.wrapped.get(ref.number);
    if (wrapped === undefined) return undefined;
    const wrapping = await ofTenants.find(tenant);
    const key = wrapping && decryptBytes(wrapping, wrapContext(tenant, ref), wrapped);
    if (key === undefined) throw new Error('a subject key cannot be unwrapped: it belongs to another tenant or row');
    return { ref, key };
  };

  return {
    ofTenants,
    keyIn,

    /** Makes the keys of a new row. `existing` is the row that exists already, if any. */
    make: async (tenant: Tenant, keys: string, count: number) => {
      const wrapping = await ofTenants.ensure(tenant);
      const made = Array.from({ length: count }, (_, number) => ({ ref: { keys, number }, key: randomBytes(32) }));
      const wrapped = made.map(({ ref, key }) => encryptBytes(wrapping, wrapContext(tenant, ref), key));
      return { made, existing: await store.insert(tenant, keys, wrapped, now()) };
    },

    findRow: (tenant: Tenant, keys: string) => rows.read(`${tenant}#${keys}`, () => store.find(tenant, keys)),

    destroy: async (tenant: Tenant, ref: KeyRef): Promise<boolean> => {
      const existed = await store.destroy(tenant, ref, now());
      rows.forget(`${tenant}#${ref.keys}`);
      return existed;
    },
  };
};

type StoredKeys = ReturnType<typeof storedKeys>;

/** Makes rows of keys ahead of their use, so that most sealing needs no request. */
const preparedKeys = ({ make }: StoredKeys) =>
  blockSupply(async (tenant, size) => {
    for (;;) {
      const { made, existing } = await make(tenant, randomBytes(5).toString('base64url').slice(0, 6), size);
      if (existing === undefined) return made; // else the short name is taken
    }
  }, blockSizes);

const namedKey = async (stored: StoredKeys, tenant: Tenant, name: string): Promise<SealingKey | undefined> => {
  const ref = { keys: name, number: 0 };
  const known = await stored.findRow(tenant, name);
  if (known !== undefined) return stored.keyIn(tenant, ref, known);
  const { made, existing } = await stored.make(tenant, name, 1);
  return existing === undefined ? made[0] : stored.keyIn(tenant, ref, existing);
};

const open = async (stored: StoredKeys, text: Sealed, place: Place): Promise<string | undefined> => {
  const { ref, content } = sealedParts(text);
  if (ref === undefined) return content.toString('utf8');
  const [row] = await Promise.all([stored.findRow(place.tenant, ref.keys), stored.ofTenants.find(place.tenant)]);
  if (row === undefined) throw new Error('the row of a subject key is missing');
  const found = await stored.keyIn(place.tenant, ref, row);
  if (found === undefined) return undefined;
  const opened = decryptBytes(found.key, contextOf(place), content);
  if (opened === undefined) throw new Error(`sealed text cannot be opened as ${place.field} of ${place.subject}`);
  return opened.toString('utf8');
};

/**
 * The keys under which text about people is sealed. Each key is random and stored wrapped under a key of the tenant,
 * which KMS unwraps: a call of KMS serves all keys of a tenant for five minutes. Destroying a stored key makes all text
 * under it unreadable, within a minute also in running functions. Every method throws when the table or KMS fails:
 * nothing is stored unsealed, and nothing is handled half opened.
 */
export const keyRing = (deps: KeyRingDeps) => {
  const stored = storedKeys(deps);
  const { next, prepare } = preparedKeys(stored);
  return {
    /** Returns a key that nothing was sealed with before. Most calls need no request. */
    next,

    /** Makes a tenant's first keys ahead of their use. */
    prepare,

    /** Reads what all keys of a tenant are wrapped under, while something else is read. Opening reports an error. */
    prepareToOpen: async (tenant: Tenant): Promise<void> => {
      await stored.ofTenants.find(tenant).catch(() => undefined);
    },

    /**
     * Returns the key that has this name, such as `user~<ID>`; it is made when there was never one. Returns undefined
     * when it was destroyed.
     */
    named: (tenant: Tenant, name: string): Promise<SealingKey | undefined> => namedKey(stored, tenant, name),

    /**
     * Returns the sealed text, or undefined when its key was destroyed. Throws when it was sealed for another place or
     * changed.
     */
    open: (text: Sealed, place: Place): Promise<string | undefined> => open(stored, text, place),

    /**
     * Destroys a key for good. Returns whether it existed. Text under it is unreadable at once here, elsewhere within a
     * minute.
     */
    destroy: stored.destroy,

    /** Returns a keyed hash of a text, to find by what is sealed. It is the same for the same text of a tenant. */
    hash: async (tenant: Tenant, purpose: string, text: string): Promise<string> => {
      const key = Buffer.from(hkdfSync('sha256', await stored.ofTenants.ensure(tenant), '', `hash:${purpose}`, 32));
      return createHmac('sha256', key).update(text).digest('base64url');
    },
  };
};

export type KeyRing = ReturnType<typeof keyRing>;
