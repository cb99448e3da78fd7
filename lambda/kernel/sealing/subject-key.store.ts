import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { KeyRef } from '../../contracts/values/sealed';
import { putNew } from '../dynamodb/dynamodb';
import { type Tenant, tenantKey } from '../tenant';

/** A row of wrapped keys, by their numbers. A destroyed key is missing. */
export type KeyRow = { readonly wrapped: ReadonlyMap<number, Buffer> };

const keyName = (number: number): string => `k${number}`;

const rowFrom = (item: Record<string, unknown>): KeyRow => ({
  wrapped: new Map(
    Object.entries(item).flatMap(([name, value]) =>
      /^k\d+$/.test(name) && value instanceof Uint8Array ? [[Number(name.slice(1)), Buffer.from(value)]] : [],
    ),
  ),
});

/** The table of subject keys: each row has one or several, wrapped under the tenant's key. */
export const subjectKeyStore = (table: string, db: DynamoDBDocumentClient) => ({
  /** Reads a row, also one that was written a moment ago. Returns undefined when there was never one. */
  find: async (tenant: Tenant, keys: string): Promise<KeyRow | undefined> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: table, Key: { keyId: tenantKey(tenant, keys) }, ConsistentRead: true }),
    );
    return Item && rowFrom(Item);
  },

  /** Stores a new row. Returns the row that exists already, if any. */
  insert: async (tenant: Tenant, keys: string, wrapped: readonly Buffer[], at: Date): Promise<KeyRow | undefined> => {
    const named = Object.fromEntries(wrapped.map((one, number) => [keyName(number), one]));
    const row = { keyId: tenantKey(tenant, keys), createdAt: at.toISOString(), ...named };
    try {
      await db.send(new PutCommand(putNew(table, 'keyId', row)));
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
      return rowFrom(unmarshall(error.Item));
    }
  },

  /**
   * Destroys a key for good. A row that does not exist is written without it, so that no key can be made in its place.
   * Returns whether the key existed.
   */
  destroy: async (tenant: Tenant, { keys, number }: KeyRef, at: Date): Promise<boolean> => {
    const { Attributes = {} } = await db.send(
      new UpdateCommand({
        TableName: table,
        Key: { keyId: tenantKey(tenant, keys) },
        UpdateExpression: 'SET destroyedAt = :at REMOVE #key',
        ExpressionAttributeNames: { '#key': keyName(number) },
        ExpressionAttributeValues: { ':at': at.toISOString() },
        ReturnValues: 'ALL_OLD',
      }),
    );
    return Attributes[keyName(number)] !== undefined;
  },
});

export type SubjectKeyStore = ReturnType<typeof subjectKeyStore>;
