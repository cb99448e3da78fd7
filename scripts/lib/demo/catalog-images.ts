import { ImageUpload, ProductView } from '../../../lambda/contracts/product-api';
import { print } from '../terminal';
import { ask, asStaff, problemOf, type Walk, withBody } from './catalog-walk';

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
