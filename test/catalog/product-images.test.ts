import type { Uploaded } from '../../lambda/catalog/products/image.gateway';
import { attachImage, detachImage, imageTypeOf } from '../../lambda/catalog/products/product-image';
import { aProduct } from '../support/products';
import { customer, openCatalog, otherStaff } from './shop';

const imageId = 'b7e23ec2-9af9-4b4a-8c0e-0d4f4c9d1a11';
const path = { productId: 'PROD-002', imageId };
const name = `default/PROD-002/${imageId}`;
const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 73, 72, 68, 82]);
const uploaded: Uploaded = { start: png, bytes: 1234, contentType: 'image/png', etag: '"e1"' };

const opened = async (change: Parameters<typeof aProduct>[0] = {}) => {
  const catalog = openCatalog();
  await catalog.put(change);
  return catalog;
};

describe('what a file is by its first bytes', () => {
  test.each([
    ['image/jpeg', [0xff, 0xd8, 0xff, 0xe0]],
    ['image/png', [...png]],
    ['image/gif', [...'GIF87a'].map((letter) => letter.charCodeAt(0))],
    ['image/gif', [...'GIF89a'].map((letter) => letter.charCodeAt(0))],
    ['image/webp', [...'RIFF\u0001\u0002\u0003\u0004WEBP'].map((letter) => letter.charCodeAt(0))],
    [undefined, [...'<svg onload='].map((letter) => letter.charCodeAt(0))],
    [undefined, [...'RIFF1234WAVE'].map((letter) => letter.charCodeAt(0))],
    [undefined, [...'GIF88a'].map((letter) => letter.charCodeAt(0))],
    [undefined, []],
  ])('%s', (type, bytes) => expect(imageTypeOf(Uint8Array.from(bytes))).toBe(type));
});

test('S2-38 S3-11 an upload is attached to its product, shown with it, and deleted', async () => {
  const { ask, uploads, images } = await opened();
  const upload = await ask('createProductImage', { path, body: { contentType: 'image/png' } });
  expect(upload).toMatchObject({
    status: 201,
    body: { imageId, url: 'https://images.example.com', fields: { key: name }, maxBytes: 5_242_880 },
  });
  uploads.set(name, uploaded);
  const attached = await ask('attachProductImage', { path });
  expect(attached).toMatchObject({ status: 200, headers: { etag: '"2"' } });
  const shown = [{ imageId, url: `https://images.example.com/${name}`, contentType: 'image/png', bytes: 1234 }];
  expect(attached.body.images).toEqual(shown);
  expect((await ask('getProduct', { path, caller: customer })).body.images).toEqual(shown);
  expect((await ask('attachProductImage', { path })).body).toMatchObject({ version: 2 });
  const deleted = await ask('deleteProductImage', { path });
  expect(deleted).toMatchObject({ status: 200, body: { images: [], version: 3 } });
  expect(images.size).toBe(0);
  expect((await ask('deleteProductImage', { path })).status).toBe(404);
});

test('a product with images is never answered 304, since their addresses grow old', async () => {
  const image = { imageId, contentType: 'image/png', bytes: 1 } as const;
  const { ask } = await opened({ images: [image] });
  expect((await ask('getProduct', { path, headers: { 'if-none-match': '"1"' } })).status).toBe(200);
});

test.each([
  ['nothing', undefined, 404, 'ImageNotFound'],
  ['another type than the file has', { ...uploaded, contentType: 'image/jpeg' }, 400, 'ImageRefused'],
  ['what is no image', { ...uploaded, start: Uint8Array.from([60, 115, 118, 103]) }, 400, 'ImageRefused'],
  ['more than an image may have', { ...uploaded, bytes: 5_242_881 }, 400, 'ImageRefused'],
] as const)('attaches not when the upload is %s', async (_what, upload, status, title) => {
  const { ask, uploads, images } = await opened();
  if (upload !== undefined) uploads.set(name, upload);
  expect(await ask('attachProductImage', { path })).toMatchObject({ status, body: { title } });
  expect(images.size).toBe(0);
});

test('attaches not what was changed while it was checked', async () => {
  const { ask, deps, uploads } = await opened();
  uploads.set(name, uploaded);
  Object.assign(deps.images, { inspect: async () => ({ ...uploaded, etag: '"older"' }) });
  expect(await ask('attachProductImage', { path })).toMatchObject({ status: 400, body: { title: 'ImageRefused' } });
});

test('a product has ten images at most', () => {
  const cause = { at: '2026-11-21T09:00:00.000Z', correlationId: 'c' };
  const image = (id: number) => ({ imageId: String(id), contentType: 'image/png', bytes: 1 }) as const;
  const images = Array.from({ length: 10 }, (_, id) => image(id));
  expect(attachImage(aProduct({ images: images.slice(1) }), image(0), cause)).toMatchObject({ accepted: true });
  expect(attachImage(aProduct({ images }), image(10), cause)).toEqual({ accepted: false, reason: 'too-many-images' });
  expect(detachImage(aProduct({ images, life: 'retired' }), '1', cause)).toMatchObject({ accepted: false });
});

test('asks for no upload of what cannot be attached', async () => {
  const body = { contentType: 'image/png' };
  const full = Array.from(
    { length: 10 },
    (_, id) => ({ imageId: String(id), contentType: 'image/png', bytes: 1 }) as const,
  );
  const statusOf = async (change: Parameters<typeof aProduct>[0]) =>
    (await (await opened(change)).ask('createProductImage', { path, body })).status;
  expect(await statusOf({ images: full })).toBe(409);
  expect(await statusOf({ life: 'retired', status: false })).toBe(409);
  expect(await statusOf({ life: 'deleted', status: false })).toBe(404);
  const { ask } = await opened();
  for (const contentType of ['image/svg+xml', 'text/html', 'image/PNG'])
    expect((await ask('createProductImage', { path, body: { contentType } })).status).toBe(400);
});

test("P8 another tenant's product and images are unknown", async () => {
  const { ask, uploads } = await opened();
  uploads.set(name, uploaded);
  for (const operation of ['createProductImage', 'attachProductImage', 'deleteProductImage'] as const) {
    const asked = { path, body: { contentType: 'image/png' } };
    expect((await ask(operation, { ...asked, caller: otherStaff })).status).toBe(404);
    expect((await ask(operation, { ...asked, caller: customer })).status).toBe(403);
  }
});

test.each([['../../images/shop-b/P/1'], ['x'], ['']])('an image ID that we never gave is unknown: %s', async (id) => {
  const { ask } = await opened();
  expect((await ask('attachProductImage', { path: { ...path, imageId: id } })).status).toBe(404);
});

test('an image that cannot be deleted is no part of the product any more all the same', async () => {
  const { ask, deps } = await opened({ images: [{ imageId, contentType: 'image/png', bytes: 1 }] });
  Object.assign(deps.images, { remove: () => Promise.reject(new Error('S3 is away')) });
  expect(await ask('deleteProductImage', { path })).toMatchObject({ status: 200, body: { images: [] } });
});
