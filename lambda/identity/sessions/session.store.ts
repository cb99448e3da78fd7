import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { trustedTenant } from '../../kernel/tenant';
import { endOf, type Session } from './session';

/** The sessions cannot be read or written, so the caller is unknown. */
export class SessionStoreError extends Error {
  override readonly name = 'SessionStoreError';
}

const Row = z.object({
  sessionId: z.string(),
  tenant: z.string().transform(trustedTenant),
  userId: z.string(),
  loginId: z.string().optional(),
  secretHash: z.string(),
  previousHash: z.string().optional(),
  sealed: z.string(),
  tokenExpiresAt: z.string(),
  rotatedAt: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  version: z.int().positive(),
});

/** Returns the row of a session. `forgetAt` is its expiry for TTL, in epoch seconds. */
const sessionRow = (session: Session) => ({
  ...session,
  forgetAt: Math.ceil(endOf(session).getTime() / 1000),
});

const sessionFromRow = (row: unknown): Session => Row.parse(row);

/** Throws `SessionStoreError` for any failure, so that a store failure never makes the caller a guest. */
const orFail = async <Value>(call: () => Promise<Value>): Promise<Value> => {
  try {
    return await call();
  } catch (cause) {
    throw new SessionStoreError('the sessions cannot be read or written', { cause });
  }
};

/** The table of sessions, by the hash of the cookie's name part. Throws `SessionStoreError` when a call fails. */
export const sessionStore = (table: string, db: DynamoDBDocumentClient) => {
  const put = async (session: Session): Promise<boolean> => {
    const condition =
      session.version === 1
        ? { ConditionExpression: 'attribute_not_exists(sessionId)' }
        : {
            ConditionExpression: 'version = :previous',
            ExpressionAttributeValues: { ':previous': session.version - 1 },
          };
    try {
      await db.send(new PutCommand({ TableName: table, Item: sessionRow(session), ...condition }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return {
    get: (sessionId: string): Promise<Session | undefined> =>
      orFail(async () => {
        const command = new GetCommand({ TableName: table, Key: { sessionId }, ConsistentRead: true });
        const { Item } = await db.send(command);
        return Item === undefined ? undefined : sessionFromRow(Item);
      }),

    /** Returns false when the session was changed or ended in the meantime. */
    save: (session: Session): Promise<boolean> => orFail(() => put(session)),

    remove: (sessionId: string): Promise<void> =>
      orFail(async () => {
        await db.send(new DeleteCommand({ TableName: table, Key: { sessionId } }));
      }),
  };
};

export type SessionStore = ReturnType<typeof sessionStore>;
