import { gunzipSync } from 'node:zlib';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListBucketsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { readMessages } from '../../scripts/lib/dead-letters/dead-letter-queue';
import { findSystem } from '../../scripts/lib/system/system';
import { db, queueUrl, sqs } from './flow';
import { allLogLines } from './flow-logs';

type Stored = { readonly where: string; readonly bytes: Buffer };

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

const escaped = (text: string): string =>
  [...text].map((one) => (one < '\u0080' ? one : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)).join('');

/** The part of a base64 text that is the same whatever stands around it, at each of the three places it may begin. */
const inBase64 = (text: string): string[] =>
  [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const whole = bytes.toString('base64').replace(/=+$/, '');
    const inner = whole.slice(Math.ceil((before * 8) / 6) + (before === 0 ? 0 : 1), -2);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });

const half: Readonly<Record<string, string>> = { シ: 'ｼ', ョ: 'ｮ', ウ: 'ｳ', キ: 'ｷ', ハ: 'ﾊ', ナ: 'ﾅ', コ: 'ｺ' };
const inHalfWidth = (text: string): string => [...text].map((one) => half[one] ?? one).join('');
const inFullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));

/** How text may be spelled where it is stored: plain, escaped as in JSON, in a URL, base64, UTF-16, other widths. */
export const spellings = (text: string): Readonly<Record<string, readonly Buffer[]>> => ({
  plain: [Buffer.from(text)],
  'JSON-escaped': [Buffer.from(escaped(text)), Buffer.from(escaped(text).toUpperCase().replaceAll('\\U', '\\u'))],
  'percent-encoded': [Buffer.from(encodeURIComponent(text))],
  base64: inBase64(text).map((one) => Buffer.from(one)),
  'UTF-16': [Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()],
  'other widths': [Buffer.from(inHalfWidth(text)), Buffer.from(inFullWidth(text))],
});

/** Returns where texts are found, and in which spelling. */
export const findTexts = async (texts: readonly string[], stored: AsyncIterable<Stored>): Promise<string[]> => {
  const wanted = texts.flatMap((text) =>
    Object.entries(spellings(text)).flatMap(([spelling, all]) => all.map((bytes) => ({ text, spelling, bytes }))),
  );
  const found: string[] = [];
  for await (const { where, bytes } of stored)
    for (const { text, spelling, bytes: one } of wanted)
      if (bytes.includes(one)) found.push(`${where}: ${text}, ${spelling}`);
  return [...new Set(found)];
};
