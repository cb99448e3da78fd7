import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deadLetterQueue } from '../../lambda/kernel/events/dead-letter';
import { atEndpoint } from '../support/aws-endpoint';

const letter = {
  body: '{}',
  consumer: 'billing',
  sourceQueue: 'billing-queue',
  eventType: 'OrderPlaced.v2',
  error: new Error('no'),
  receiveCount: 3,
  failedAt: new Date('2026-11-21T08:00:00.000Z'),
  attributes: {},
};

test('P20 a dead letter goes where the function’s own AWS answers, whatever host its queue’s URL names', async () => {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push(JSON.parse(Buffer.concat(chunks).toString('utf8')).QueueUrl);
    const answer = { MessageId: 'm-1', MD5OfMessageBody: createHash('md5').update(letter.body).digest('hex') };
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  const elsewhere = 'http://127.0.0.1:1/000000000000/order-processing-dlq'; // as whoever deployed it reaches the local AWS
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await atEndpoint(endpoint, () => deadLetterQueue(elsewhere)(letter));
    expect(asked).toEqual([elsewhere]);
  } finally {
    server.close();
  }
});
