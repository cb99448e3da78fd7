import { ImportReport, ProductView } from '../../lambda/contracts/api/product-api';
import { checklist } from '../lib/checklist';
import { CommandError, command } from '../lib/command';
import {
  ask,
  asStaff,
  problemOf,
  readProduct,
  readStockOf,
  showing,
  type Walk,
  waitFor,
  withBody,
} from '../lib/demo/catalog-walk';
import { tokenFor } from '../lib/people/sign-in';
import { whereOptions } from '../lib/system/chosen-stage';
import { call, orderRequest } from '../lib/system/order-api';
import { findSystem } from '../lib/system/system';
import { ok, print, title } from '../lib/terminal';

const help = `
bash scripts/test-catalog.sh [--aws [--stage STAGE]]

Walks through the catalog as staff of the default shop do, showing each request as a curl line and its answer: a category,
a product, its image, an import with a dry run; then 5 in stock, an order of 5, stock 0 and off sale, on sale again after a
restock; and at the end the product retired, for it was ordered. Ends with 1 when an answer is not as it must be.

  --aws             works on the stack on AWS, with the credentials of the environment and a staff token as TOKEN
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --help            this text
`;

const adding = async (walk: Walk): Promise<void> => {
  const { checks, categoryId, productId } = walk;
  const category = { categoryId, name: `Walk ${categoryId}` };
  const made = await ask(walk, 'A category', withBody(walk, { method: 'POST', path: '/categories' }, category));
  checks.check('S3-09', 'POST /categories answers 201', made.status === 201, made.status);

  const post = { method: 'POST', path: '/products' } as const;
  const product = { productId, name: 'ランニングシューズ', price: 59.98, currency: 'USD', categories: [categoryId] };
  const lost = await ask(
    walk,
    'A product in a category that does not exist',
    withBody(walk, post, { ...product, categories: ['nowhere'] }),
  );
  checks.check('S1-08', 'an unknown category: 400', problemOf(lost.body) === 'ValidationFailed', lost.status);
  const added = await ask(walk, 'A product', withBody(walk, post, product));
  const { data: view } = ProductView.safeParse(added.body);
  if (view === undefined) throw new CommandError('The product was not added, so there is nothing more to check.');
  checks.check('S4-39', 'POST /products answers 201', added.status === 201, added.status);
  checks.check('S1-10', 'it is on sale: status true', view.status, view.status);
  const again = await ask(walk, 'The same product again', withBody(walk, post, product));
  checks.check('', 'the same ID again: 409', problemOf(again.body) === 'ProductExists', again.status);

  const list = await ask(walk, 'The list of the category', { method: 'GET', path: `/products?category=${categoryId}` });
  checks.check('S4-40', 'guests find it by its category', JSON.stringify(list.body).includes(productId), list.status);
};

const importing = async (walk: Walk): Promise<void> => {
  const { checks, categoryId, productId } = walk;
  const header = 'productId,name,price,currency,taxRate,categories,status';
  const post = (path: string, rows: readonly string[]) =>
    asStaff(walk, {
      method: 'POST',
      path,
      headers: { 'Content-Type': 'text/csv' },
      body: [header, ...rows].join('\n'),
    });
  const good = `${productId}-SOCKS,Socks,9.5,USD,8.25,${categoryId},true`;
  const dry = await ask(
    walk,
    'A dry run of an import',
    post('/products/import?dryRun=true', [good, `${productId}-HAT,Hat,1.234,USD,,,`]),
  );
  const { errors = [] } = ImportReport.safeParse(dry.body).data ?? {};
  checks.check(
    '',
    'it names the row and column of a wrong cell',
    errors[0]?.row === 2 && errors[0].column === 'price',
    errors,
  );
  const refused = await ask(
    walk,
    'The same file imported',
    post('/products/import', [good, `${productId}-HAT,Hat,1.234,USD,,,`]),
  );
  const half = await readProduct(walk, `${productId}-SOCKS`);
  checks.check('', 'a wrong cell: nothing is imported', refused.status === 400 && half === undefined, refused.status);
  const done = await ask(walk, 'The import', post('/products/import', [good]));
  checks.check('', 'the import makes one product', ImportReport.safeParse(done.body).data?.created === 1, done.body);
};

const receive = (walk: Walk, quantity: number) =>
  ask(
    walk,
    `${quantity} pieces are received`,
    withBody(
      walk,
      { method: 'PATCH', path: `/inventory/${walk.productId}` },
      { type: 'receive', quantity, reason: 'delivery' },
    ),
  );

const selling = async (walk: Walk): Promise<void> => {
  const { checks, productId } = walk;
  await waitFor('inventory knows the product', () => readStockOf(walk));
  const received = await receive(walk, 5);
  checks.check('S1-28', 'stock 5', (await readStockOf(walk))?.available === 5, received.status);

  const order = orderRequest([{ productId, quantity: 5, price: 59.98 }]);
  const placed = await waitFor('the product can be ordered', async () => {
    const answer = await call(walk.system, order);
    return answer.status === 404 ? undefined : answer;
  });
  title('A guest orders all five');
  print(`${placed.status} ${JSON.stringify(placed.body)}`);
  checks.check('S1-28', 'an order of 5 answers 201', placed.status === 201, placed.status);
  const empty = await waitFor('nothing is left', async () => {
    const stock = await readStockOf(walk);
    return stock?.available === 0 ? stock : undefined;
  });
  checks.check('S1-28', 'stock 5 → 0', empty.available === 0, empty.available);
  const off = await waitFor('it is off sale', async () => {
    const product = await readProduct(walk);
    return product?.status === false ? product : undefined;
  });
  checks.check('S1-28', 'status true → false', off.availability === 'sold-out', off.availability);

  await receive(walk, 3);
  const on = await waitFor('it is on sale again', async () => {
    const product = await readProduct(walk);
    return product?.status === true ? product : undefined;
  });
  checks.check('S1-28', 'a restock puts it back on sale', on.availability === 'on-sale', on.availability);
};

const removing = async (walk: Walk): Promise<void> => {
  const { checks, productId, categoryId } = walk;
  const path = `/products/${productId}`;
  const category = asStaff(walk, { method: 'DELETE', path: `/categories/${categoryId}` });
  const inUse = await ask(walk, 'A category with products is not deleted', category);
  checks.check('S1-08', 'a category in use: 409', problemOf(inUse.body) === 'CategoryInUse', inUse.status);
  const retired = await ask(walk, 'The product is deleted', asStaff(walk, { method: 'DELETE', path }));
  const { availability = '' } = ProductView.safeParse(retired.body).data ?? {};
  checks.check('S1-07', 'it was ordered, so it is retired', availability === 'retired', retired.status);
  const gone = await ask(walk, 'Customers do not see it any more', { method: 'GET', path });
  checks.check('S1-21', 'for them it is 404', problemOf(gone.body) === 'ProductNotFound', gone.status);
  const socks = asStaff(walk, { method: 'DELETE', path: `/products/${productId}-SOCKS` });
  const deleted = await ask(walk, 'One that nobody ordered is deleted', socks);
  checks.check('S1-07', 'one that nobody ordered: 204', deleted.status === 204, deleted.status);
  const empty = await ask(walk, 'The empty category is deleted', category);
  checks.check('S3-09', 'an empty category: 204', empty.status === 204, empty.status);
};

command({ help, options: whereOptions }, async (given) => {
  const system = await findSystem(given);
  ok(`the catalog is at ${system.apiUrl}/products`);
  const token = await tokenFor(system, 'default', 'staff');
  print('$ TOKEN=$(npm run --silent token -- --role staff)');
  const id = Date.now().toString(36).toUpperCase();
  const walk: Walk = {
    system,
    token,
    checks: checklist(),
    productId: `SHOE-${id}`,
    categoryId: `walk-${id.toLowerCase()}`,
  };
  await adding(walk);
  await showing(walk);
  await importing(walk);
  await selling(walk);
  await removing(walk);
  return walk.checks.conclude();
});
