import type * as z from 'zod';
import { Problem } from '../../../lambda/contracts/api/problem';
import { ImageUpload, ProductView } from '../../../lambda/contracts/api/product-api';
import { StockView } from '../../../lambda/contracts/api/stock-api';
import type { Checklist } from '../checklist';
import { type ApiAnswer, type ApiRequest, asCurl, call } from '../system/order-api';
import type { System } from '../system/system';
import { print, title } from '../terminal';
import { stepUntil } from '../wait';

/** One run of the walk: whose catalog it is, and names that no earlier run has used. */
export type Walk = {
  readonly system: System;
  readonly token: string;
  readonly checks: Checklist;
  readonly productId: string;
  readonly categoryId: string;
};

const json = { 'Content-Type': 'application/json' };
const timeoutMs = 60_000;

/** A request of staff. */
export const asStaff = ({ token }: Walk, request: ApiRequest): ApiRequest => ({
  ...request,
  headers: { ...request.headers, Authorization: `Bearer ${token}` },
});

/** The same with a JSON body. */
export const withBody = (walk: Walk, request: ApiRequest, body: unknown): ApiRequest =>
  asStaff(walk, { ...request, headers: { ...request.headers, ...json }, body: JSON.stringify(body) });

const bearer = /'Authorization: Bearer [^']+'/;

/** Sends a request, and shows it as a curl line with its answer. The token is in the shell's TOKEN. */
export const ask = async ({ system }: Walk, what: string, request: ApiRequest): Promise<ApiAnswer> => {
  title(what);
  print(`$ ${asCurl(system, request).replace(bearer, '"Authorization: Bearer $TOKEN"')}`);
  const answer = await call(system, request);
  const text = answer.body === '' ? '' : ` ${JSON.stringify(answer.body)}`;
  print(`${answer.status}${text}`);
  return answer;
};

/** The name of a problem. */
export const problemOf = (body: unknown): string => Problem.safeParse(body).data?.title ?? '';

const readAs = async <Schema extends z.ZodType>(walk: Walk, path: string, schema: Schema) => {
  const { status, body } = await call(walk.system, asStaff(walk, { method: 'GET', path }));
  return status === 200 ? schema.parse(body) : undefined;
};

export const readProduct = (walk: Walk, productId = walk.productId) =>
  readAs(walk, `/products/${productId}`, ProductView);

export const readStockOf = (walk: Walk) => readAs(walk, `/inventory/${walk.productId}`, StockView);

/** Waits for something that other services do; throws when it does not come. */
export const waitFor = <Answer>(what: string, look: () => Promise<Answer | undefined>): Promise<Answer> =>
  stepUntil(what, look, { timeoutMs, everyMs: 200 });

/** The smallest PNG there is: one pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const upload = async ({ url, fields }: ImageUpload, content: Uint8Array): Promise<number> => {
  print(
    `$ curl -s ${url} ${Object.keys(fields)
      .map((name) => `-F '${name}=…'`)
      .join(' ')} -F file=@pixel.png`,
  );
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([Uint8Array.from(content)]), 'pixel.png');
  const { status } = await fetch(url, { method: 'POST', body: form, signal: AbortSignal.timeout(30_000) });
  print(String(status));
  return status;
};

/** Uploads an image, tries what is none, and looks at it where the product says. */
export const showing = async (walk: Walk): Promise<void> => {
  const { checks, productId } = walk;
  const path = `/products/${productId}/images`;
  const asked = await ask(
    walk,
    'Where to upload an image',
    withBody(walk, { method: 'POST', path }, { contentType: 'image/png' }),
  );
  const target = ImageUpload.parse(asked.body);
  const refused = await upload(target, Buffer.alloc(target.maxBytes + 1));
  checks.check('S2-38', 'more than five megabytes are refused', refused >= 400, refused);
  const put = asStaff(walk, { method: 'PUT', path: `${path}/${target.imageId}` });
  await upload(target, Buffer.from('<svg onload="alert(1)"/>'));
  const wrong = await ask(walk, 'What is no image is not attached', put);
  checks.check('S2-38', 'a file that is no PNG: 400', problemOf(wrong.body) === 'ImageRefused', wrong.status);
  await upload(target, pixel);
  const attached = await ask(walk, 'The image is attached', put);
  const [image] = ProductView.parse(attached.body).images;
  const shown = image === undefined ? undefined : await fetch(image.url, { signal: AbortSignal.timeout(30_000) });
  const bytes = Buffer.from((await shown?.arrayBuffer()) ?? new ArrayBuffer(0));
  checks.check('S3-11', 'and can be seen where the product says', bytes.equals(pixel), shown?.status ?? 'no image');
};
