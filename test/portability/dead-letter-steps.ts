import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { until } from '../../scripts/lib/wait';
import { clientConfig } from '../../scripts/local/emulator/endpoint';
import type { Shell } from './shell';

const Letters = z.array(
  z.object({ messageId: z.string(), consumer: z.string(), eventId: z.string(), errorMessage: z.string() }),
);

const manage = async (shell: Shell, ...words: string[]): Promise<string> => {
  const { code, stdout, output } = await shell('bash', 'scripts/manage-dlq.sh', ...words);
  assert.equal(code, 0, output);
  return stdout;
};

const list = async (shell: Shell) => Letters.parse(JSON.parse(await manage(shell, 'list', '--json')));

const restock = async (shell: Shell): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'restock-'));
  const file = join(folder, 'products.json');
  const soldOut = { productId: 'PROD-004', name: '人気商品（在庫切れ）', price: 5000, currency: 'JPY', stock: 10 };
  writeFileSync(file, JSON.stringify([soldOut]));
  const { code, output } = await shell('bash', 'scripts/seed-data.sh', '--file', file);
  rmSync(folder, { recursive: true });
  assert.equal(code, 0, output);
};

/** Waits until inventory holds the goods of an order. */
const reserved = async (endpoint: string, orderId: string): Promise<boolean> => {
  const db = new DynamoDBClient(clientConfig(endpoint));
  const command = new GetItemCommand({
    TableName: 'reservations',
    Key: { orderId: { S: orderId } },
    ConsistentRead: true,
  });
  const look = async () => (await db.send(command)).Item?.state?.S === 'RESERVED' || undefined;
  return (await until(look, { timeoutMs: 60_000, everyMs: 500 })) === true;
};

/** Redrives what the walk through short stock has left, after a delivery. */
export const redriveAfterRestock = async ({ shell, endpoint }: { shell: Shell; endpoint: string }): Promise<string> => {
  const [letter] = await list(shell);
  assert.ok(letter !== undefined, 'a message is parked');
  assert.match(letter.errorMessage, /^Insufficient stock for 人気商品（在庫切れ）. Available: 0, Requested: 1$/);
  assert.match(await manage(shell, 'show', letter.messageId), new RegExp(letter.eventId));
  await restock(shell);
  await manage(shell, 'redrive', '--all', '--yes');
  const orderId = letter.eventId.replace('/', '#').replace(/:\d+$/, '');
  assert.ok(await reserved(endpoint, orderId), `${orderId} is reserved`);
  assert.deepEqual(await list(shell), []);
  return `${orderId} is reserved`;
};

/** Deletes what the summary has left. */
export const deleteDeadLettered = async ({ shell }: { shell: Shell }): Promise<string> => {
  const parked = await list(shell);
  assert.ok(parked.length >= 4, `${parked.length} messages are parked`);
  await manage(shell, 'delete', '--all', '--reason', 'sold out for good', '--yes');
  assert.deepEqual(await list(shell), []);
  return `${parked.length} messages`;
};
