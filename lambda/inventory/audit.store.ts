import { type DynamoDBDocumentClient, paginateScan, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Reservation } from './inventory';
import type { Movement } from './movement';
import { reservationFromRow } from './reservation-row';
import type { StockItem } from './stock-item';
import { movementFromRow, stockFromRow } from './stock-row';

async function* scan(client: DynamoDBDocumentClient, input: ScanCommandInput): AsyncGenerator<Record<string, unknown>> {
  for await (const { Items = [] } of paginateScan({ client }, { ...input, ConsistentRead: true })) yield* Items;
}

/** Reads whole tables, those of all tenants: for the audit, never for a request. */
export const auditStore = (
  tables: { readonly inventory: string; readonly reservations: string; readonly movements: string },
  db: DynamoDBDocumentClient,
) => ({
  async *items(): AsyncGenerator<StockItem> {
    for await (const row of scan(db, { TableName: tables.inventory })) yield stockFromRow(row);
  },

  /** The reservations that hold stock, and those that took it away. */
  async *reservations(): AsyncGenerator<Reservation> {
    const rows = scan(db, {
      TableName: tables.reservations,
      FilterExpression: '#state IN (:reserved, :deducted)',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':reserved': 'RESERVED', ':deducted': 'DEDUCTED' },
    });
    for await (const row of rows) yield reservationFromRow(row);
  },

  async *movements(): AsyncGenerator<Movement> {
    const rows = scan(db, { TableName: tables.movements, FilterExpression: 'attribute_not_exists(requestHash)' });
    for await (const row of rows) yield movementFromRow(row);
  },
});

export type AuditStore = ReturnType<typeof auditStore>;
