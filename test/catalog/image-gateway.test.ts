import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { imageGateway } from '../../lambda/catalog/products/image.gateway';
import { bucketAddress } from '../../lambda/kernel/aws/bucket';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { atEndpoint } from '../support/aws-endpoint';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };
const key = { tenant: defaultTenant, productId: 'PROD-002', imageId: 'b7e23ec2-9af9-4b4a-8c0e-0d4f4c9d1a11' };
const at = new Date('2026-11-21T08:00:00.000Z');

const hmac = (secret: Buffer, text: string) => createHmac('sha256', secret).update(text).digest();

type Given = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

/** An S3 that answers as it is told, and tells what it was asked. */
const startS3 = async (answers: Given[]) => {
  const asked: Pick<IncomingMessage, 'method' | 'url' | 'headers'>[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    asked.push({ method, url, headers });
    const { status, headers: given = {}, body = '' } = answers[asked.length - 1] ?? { status: 500 };
    response.writeHead(status, given).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/images`;
  const gateway = imageGateway(
    { name: 'images', url, region: 'us-east-1' },
    () => at,
    async () => credentials,
  );
  return { gateway, asked, stop: () => new Promise((resolve) => server.close(resolve)) };
};

const open = imageGateway(
  { name: 'images', url: 'https://images.s3.us-east-1.amazonaws.com', region: 'us-east-1' },
  () => at,
  async () => credentials,
);

describe('an upload', () => {
  test('S2-38 is signed as AWS signs it, for one key, one type, five megabytes and ten minutes', async () => {
    jest.useFakeTimers({ now: at, doNotFake: ['nextTick', 'setImmediate'] });
    const { url, fields, expiresAt } = await open.upload(key, 'image/png');
    const theirs = await createPresignedPost(new S3Client({ region: 'us-east-1', credentials }), {
      Bucket: 'images',
      Key: `uploads/default/PROD-002/${key.imageId}`,
      Expires: 600,
      Fields: { 'Content-Type': 'image/png' },
      Conditions: [['content-length-range', 1, 5_242_880]],
    });
    jest.useRealTimers();
    expect(new URL(url).host).toBe(new URL(theirs.url).host);
    expect(expiresAt).toBe('2026-11-21T08:10:00.000Z');
    const { Policy: policy = '', 'X-Amz-Signature': signature, ...rest } = fields;
    const { Policy: theirPolicy = '', 'X-Amz-Signature': _, ...theirRest } = theirs.fields;
    expect(rest).toEqual(theirRest);
    const read = (text: string) => JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    expect(read(policy).conditions).toEqual(expect.arrayContaining(read(theirPolicy).conditions));
    expect(read(policy).conditions).toHaveLength(read(theirPolicy).conditions.length);
    expect(Date.parse(read(policy).expiration)).toBe(Date.parse(read(theirPolicy).expiration));
    const signingKey = ['20261121', 'us-east-1', 's3', 'aws4_request'].reduce(hmac, Buffer.from('AWS4secret'));
    expect(signature).toBe(hmac(signingKey, policy).toString('hex'));
  });
});

test('P20 S2-38 browsers upload to the bucket’s own host on AWS, and below the endpoint of a local one', async () => {
  const urlOf = async () => {
    const bucket = { name: 'shop-images', ...bucketAddress('shop-images') };
    const { upload } = imageGateway(
      bucket,
      () => at,
      async () => credentials,
    );
    return (await upload(key, 'image/png')).url;
  };
  expect(await urlOf()).toBe('https://shop-images.s3.us-east-1.amazonaws.com');
  expect(await atEndpoint('http://127.0.0.1:4566', urlOf)).toBe('http://127.0.0.1:4566/shop-images');
});

describe('an address to read an image by', () => {
  test('is good for fifteen minutes and for that image alone', async () => {
    const url = new URL(await open.readUrl(key));
    expect(url.pathname).toBe(`/images/default/PROD-002/${key.imageId}`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      'X-Amz-Expires': '900',
      'X-Amz-Date': '20261121T080000Z',
      'X-Amz-Security-Token': 'session',
      'X-Amz-SignedHeaders': 'host',
    });
  });

  test('has the signature that S3 works out for it', async () => {
    const url = new URL(await open.readUrl(key));
    const signature = url.searchParams.get('X-Amz-Signature');
    url.searchParams.delete('X-Amz-Signature');
    url.searchParams.sort();
    const query = url.search.slice(1);
    const canonical = ['GET', url.pathname, query, `host:${url.host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n');
    const hash = createHash('sha256').update(canonical).digest('hex');
    const scope = '20261121/us-east-1/s3/aws4_request';
    const signingKey = scope.split('/').reduce(hmac, Buffer.from('AWS4secret'));
    const text = ['AWS4-HMAC-SHA256', '20261121T080000Z', scope, hash].join('\n');
    expect(signature).toBe(hmac(signingKey, text).toString('hex'));
  });
});

describe('S3', () => {
  test('recognizes what was uploaded by its first bytes', async () => {
    const headers = { 'content-range': 'bytes 0-15/1234', 'content-type': 'image/png', etag: '"e1"' };
    const { gateway, asked, stop } = await startS3([{ status: 206, headers, body: 'PNG' }]);
    expect(await gateway.inspect(key)).toEqual({
      start: Uint8Array.from([80, 78, 71]),
      bytes: 1234,
      contentType: 'image/png',
      etag: '"e1"',
    });
    expect(asked[0]).toMatchObject({
      method: 'GET',
      url: `/images/uploads/default/PROD-002/${key.imageId}`,
      headers: { range: 'bytes=0-15', authorization: expect.stringContaining('/us-east-1/s3/aws4_request') },
    });
    await stop();
  });

  test('has nothing that was not uploaded, and is not trusted when it fails', async () => {
    const { gateway, stop } = await startS3([{ status: 404 }, { status: 403 }, { status: 500 }]);
    expect(await gateway.inspect(key)).toBeUndefined();
    await expect(gateway.inspect(key)).rejects.toThrow('403');
    await expect(gateway.inspect(key)).rejects.toThrow('500');
    await stop();
  });

  test('copies the upload that was checked, and no other', async () => {
    const answers = [{ status: 200, body: '<CopyObjectResult/>' }, { status: 412 }, { status: 404 }];
    const { gateway, asked, stop } = await startS3([...answers, { status: 200, body: '<Error>x</Error>' }]);
    const checked = { etag: '"e1"', type: 'image/png' } as const;
    expect(await gateway.publish(key, checked)).toBe(true);
    expect(asked[0]).toMatchObject({
      method: 'PUT',
      url: `/images/images/default/PROD-002/${key.imageId}`,
      headers: {
        'x-amz-copy-source': `/images/uploads/default/PROD-002/${key.imageId}`,
        'x-amz-copy-source-if-match': '"e1"',
        'x-amz-metadata-directive': 'REPLACE',
        'content-type': 'image/png',
      },
    });
    expect(await gateway.publish(key, checked)).toBe(false);
    expect(await gateway.publish(key, checked)).toBe(false);
    await expect(gateway.publish(key, checked)).rejects.toThrow('a copy');
    await stop();
  });

  test('deletes an image; one that is not there is as good as deleted', async () => {
    const { gateway, asked, stop } = await startS3([{ status: 204 }, { status: 404 }, { status: 500 }]);
    await gateway.remove(key);
    await gateway.remove(key);
    await expect(gateway.remove(key)).rejects.toThrow('500');
    expect(asked[0]).toMatchObject({ method: 'DELETE', url: `/images/images/default/PROD-002/${key.imageId}` });
    await stop();
  });
});
