import type { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { notificationStore } from '../../lambda/notification/notification.store';

test('P2 a record that DynamoDB did not read at once is asked for again, so that nothing is mailed twice', async () => {
  const send = async ({ input }: BatchGetCommand) => {
    const [first, ...unread] = input.RequestItems?.notifications?.Keys ?? [];
    return { Responses: { notifications: [first] }, UnprocessedKeys: { notifications: { Keys: unread } } };
  };
  const store = notificationStore('notifications', { send } as unknown as DynamoDBDocumentClient);
  const keys = ['ORD-000001:1.email', 'ORD-000002:1.email', 'ORD-000003:1.email'].map((notificationId) => ({
    tenant: defaultTenant,
    notificationId,
    createdAt: '2026-11-21T08:00:00.000Z',
  }));
  expect(await store.wereSent(keys)).toEqual([true, true, true]);
});
