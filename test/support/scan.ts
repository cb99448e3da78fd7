import { gunzipSync } from 'node:zlib';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListBucketsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { readMessages } from '../../scripts/lib/dead-letters/dead-letter-queue';
import { findSystem } from '../../scripts/lib/system/system';
import { db, queueUrl, sqs } from './flow';
import { allLogLines } from './flow-logs';
import type { Stored } from './spellings';

/** Every value of an item, bytes as they are. */
const bytesOf = (value: unknown): Buffer => {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value !== 'object' || value === null) return Buffer.from(`${value}\n`);
  return Buffer.concat(Object.entries(value).flatMap(([name, one]) => [Buffer.from(`${name}=`), bytesOf(one)]));
};

async function* tableItems(): AsyncGenerator<Stored> {
  for await (const { TableNames = [] } of paginateListTables({ client: new DynamoDBClient({}) }, {}))
    for (const TableName of TableNames)
      for await (const { Items = [] } of paginateScan({ client: db }, { TableName, ConsistentRead: true }))
        for (const item of Items) yield { where: `table ${TableName}`, bytes: bytesOf(item) };
}

async function* objectsIn(s3: S3Client, Bucket: string): AsyncGenerator<Stored> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket }))
    for (const { Key = '' } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      yield { where: `object ${Bucket}/${Key}`, bytes: Key.endsWith('.gz') ? gunzipSync(bytes) : bytes };
    }
}

async function* objects(): AsyncGenerator<Stored> {
  const s3 = new S3Client({ forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  for (const { Name = '' } of Buckets) if (!/^cdk-.*-assets/.test(Name)) yield* objectsIn(s3, Name);
}

async function* deadLetters(): AsyncGenerator<Stored> {
  const { queueUrls } = await findSystem();
  for (const name of Object.keys(queueUrls).filter((one) => one.endsWith('-dlq'))) {
    const found: Stored[] = [];
    const take = async (held: readonly { readonly message: object }[]) => {
      found.push(
        ...held.map(({ message }) => ({ where: `queue ${name}`, bytes: Buffer.from(JSON.stringify(message)) })),
      );
      return [];
    };
    await readMessages({ sqs, queueUrl: await queueUrl(name) }, { take });
    yield* found;
  }
}

/** All that the system has stored: items of tables, objects of buckets, dead letters, lines of logs. */
export async function* everythingStored(): AsyncGenerator<Stored> {
  yield* tableItems();
  yield* objects();
  yield* deadLetters();
  for (const line of await allLogLines()) yield { where: 'a log line', bytes: Buffer.from(line) };
}
