import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Inserted, insertEach } from '../kernel/dynamodb/insert-once';
import { asError } from '../kernel/error';
import { type Tenant, tenantKey } from '../kernel/tenant';
import { type Bill, billingIdOf, type Receipt, type Settlement } from './bill';

type BillKey = Pick<Bill, 'tenant' | 'billingId' | 'orderId'>;

const keyOf = ({ tenant, billingId, orderId }: BillKey) => ({
  billingId: tenantKey(tenant, billingId),
  orderId: tenantKey(tenant, orderId),
});

/** Returns the attributes of a bill without its key, status and version. */
const detailsOf = ({ tenant: _t, billingId: _b, orderId: _o, status: _s, version: _v, ...details }: Bill) => details;

type Change = {
  /** Attributes that are overwritten. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Attributes that are written only if they are missing. @default none */
  readonly add?: Readonly<Record<string, unknown>>;
  /** The condition of the write. It may use `#status`. */
  readonly condition: string;
  /** The value of `:state` in the condition. @default none */
  readonly state?: Bill['status'];
};

const update = ({ set, add = {}, condition, state }: Change) => {
  const fields = Object.entries({ ...set, ...add }).filter(([, value]) => value !== undefined);
  const value = (name: string) => (name in add ? `if_not_exists(#${name}, :${name})` : `:${name}`);
  return {
    UpdateExpression: `SET ${fields.map(([name]) => `#${name} = ${value(name)}`).join(', ')} ADD #version :one`,
    ConditionExpression: condition,
    ExpressionAttributeNames: {
      '#version': 'version',
      '#status': 'status',
      ...Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ':one': 1,
      ...(state === undefined ? {} : { ':state': state }),
      ...Object.fromEntries(fields.map(([name, given]) => [`:${name}`, given])),
    },
  };
};

const writes = (table: string, db: DynamoDBDocumentClient) => {
  /** Updates a bill. Returns whether the condition held. */
  const change = async (key: BillKey, wanted: Change): Promise<boolean> => {
    try {
      await db.send(new UpdateCommand({ TableName: table, Key: keyOf(key), ...update(wanted) }));
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return false;
    }
  };

  /** Adds the items and amounts to a bill that was paid before its order arrived. */
  const complete = (bill: Bill): Promise<Error | undefined> => {
    const { updatedAt: _, ...set } = detailsOf(bill);
    const condition = 'attribute_exists(#status) AND attribute_not_exists(#items)';
    return change(bill, { set, condition }).then(() => undefined, asError);
  };

  /**
   * Records that a bill was refunded in full or paid again in a version of its order; an older version changes nothing.
   * A missing bill is created.
   */
  const settle = async (settlement: Settlement): Promise<void> => {
    const { status, orderVersion } = settlement;
    const set = { ...detailsOf(settlement), status, orderVersion };
    await change(settlement, {
      set,
      condition: 'attribute_not_exists(#orderVersion) OR #orderVersion < :orderVersion',
    });
  };

  return { change, complete, settle };
};

const outcomeOf = async (outcome: Inserted, complete: () => Promise<Error | undefined>): Promise<Error | undefined> => {
  if (outcome === 'existed') return complete();
  return outcome instanceof Error ? outcome : undefined;
};

/** Stores bills. */
export const billStore = (table: string, db: DynamoDBDocumentClient) => {
  const { change, complete, settle } = writes(table, db);

  return {
    /** Returns the bill of an order, or undefined when none was opened, paid or voided. */
    ofOrder: async (tenant: Tenant, orderId: string): Promise<Bill | undefined> => {
      const billingId = billingIdOf(orderId);
      const { Item } = await db.send(
        new GetCommand({ TableName: table, Key: keyOf({ tenant, billingId, orderId }), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : ({ ...Item, tenant, billingId, orderId } as Bill);
    },

    /**
     * Writes new bills. Returns one outcome per bill, in the same order. An existing bill stays as it is; one that was
     * paid before its order arrived is completed.
     */
    open: async (bills: readonly Bill[]): Promise<(Error | undefined)[]> => {
      const rows = bills.map((bill) => ({ ...bill, tenant: undefined, ...keyOf(bill) }));
      const outcomes = await insertEach(db, table, rows);
      return Promise.all(outcomes.map((outcome, index) => outcomeOf(outcome, () => complete(bills[index] as Bill))));
    },

    /** Records a payment. A void bill stays void; a missing one is created and completed when its order arrives. */
    pay: async ({ paymentId, paidAt, amount, currency, ...key }: Receipt): Promise<void> => {
      const payment = { paymentId, paidAt, updatedAt: paidAt };
      const paid = await change(key, {
        set: { ...payment, status: 'paid' },
        add: { amount, currency, createdAt: paidAt },
        condition: 'attribute_not_exists(#status) OR #status = :state',
        state: 'pending',
      });
      if (paid) return;
      await change(key, {
        set: payment,
        condition: '#status <> :state AND attribute_not_exists(#paidAt)',
        state: 'pending',
      });
    },

    settle,

    /** Voids a bill. A missing one is created as void, so that opening it later changes nothing. */
    void: async (bill: Bill): Promise<void> => {
      const set = { ...detailsOf(bill), status: 'void' };
      await change(bill, { set, condition: 'attribute_not_exists(#status) OR #status <> :state', state: 'void' });
    },
  };
};

export type BillStore = ReturnType<typeof billStore>;
