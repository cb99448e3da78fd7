import type * as z from 'zod';
import { issueWords } from '../../lambda/contracts/api/issue-words';
import { StorefrontKey } from '../../lambda/contracts/api/request-headers';
import { formatMoney } from '../../lambda/contracts/values/money';
import { TenantId } from '../../lambda/contracts/values/text';
import { command, UsageError } from '../lib/command';
import { openPayShop, payShop } from '../lib/demo/pay-shop';
import { readStock, type StockRow } from '../lib/demo/stock';
import { findAccounts } from '../lib/people/accounts';
import { type Product, starterProducts } from '../lib/seed/product';
import { readProductFile } from '../lib/seed/product-file';
import { hasCatalog } from '../lib/seed/seed-core';
import { seedProducts } from '../lib/seed/seed-products';
import { openStorefront } from '../lib/seed/seed-storefront';
import { whereOptions } from '../lib/system/chosen-stage';
import { findSystem, type System } from '../lib/system/system';
import { type Tables, tablesOf } from '../lib/system/tables';
import { fail, ok, print, printLongTable, step, title } from '../lib/terminal';
import { verifySender } from '../local/deployment/emulator-patch';

const help = `
bash scripts/seed-data.sh [--file FILE] [--tenant TENANT [--storefront-key KEY]] [--dry-run] [--aws [--stage STAGE]]

Loads products and their stock. Without --file, the four of the seed document:
  PROD-001 ノートPC ¥150,000, 10    PROD-002 ワイヤレスマウス ¥3,000, 50
  PROD-003 メカニカルキーボード ¥12,000, 25    PROD-004 人気商品（在庫切れ） ¥5,000, 0
On the local stage it then opens pay-shop, a shop whose orders are paid online: see scripts/test-saga.sh.

It may be run again at any time: what is available becomes these numbers again. What earlier orders have reserved
stays reserved on top of it, so they can still be shipped or cancelled. Products that are not named stay as they are.
New products can be ordered at once; a changed price, name or tax rate counts within 30 seconds.

  --file FILE           products from a .json or .csv file (UTF-8) with the columns productId, name, price, currency,
                        and as you like stock, taxRate, status (TRUE or FALSE: on sale) and description;
                        price in major units (59.98), taxRate in percent (10 means 10 %). A missing column or an empty
                        cell leaves what is there; a new product has the shop's tax rate, is on sale, and has no stock.
                        The rules are those of POST /products/import, and stock goes through the ledger; what is sold out
                        is off sale until there is stock again, unless the status says TRUE. Every row is checked before
                        any is written
  --tenant TENANT       whose products they are (default: default)
  --storefront-key KEY  lets requests with the header "X-Storefront-Key: KEY" buy from TENANT
  --dry-run             checks and shows the products, writes nothing
  --aws                 works on the stack on AWS, with the credentials of the environment
  --stage dev|prod      which of them, with --aws (default: the only one that is deployed)
  --help                this text
`;

const options = {
  file: { type: 'string' },
  tenant: { type: 'string' },
  'storefront-key': { type: 'string' },
  'dry-run': { type: 'boolean' },
  ...whereOptions,
} as const;

const check = (name: string, schema: z.ZodType<string>, value: string): string => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${name} "${value}": ${parsed.error.issues.map(issueWords).join('; ')}. See --help.`);
};

const storefrontKey = (given: { tenant?: string; 'storefront-key'?: string }): string | undefined => {
  const key = given['storefront-key'];
  if (key === undefined) return undefined;
  if (given.tenant === undefined) throw new UsageError('--storefront-key: needs --tenant. See --help.');
  return check('--storefront-key', StorefrontKey, key);
};

const counted = (count: number) => `${count} product${count === 1 ? '' : 's'}`;

const rateWords = (rate: Product['taxRateBps']): string => {
  if (rate === undefined) return 'as it is';
  return typeof rate === 'number' ? `${rate / 100} %` : rate;
};

const showProducts = (products: readonly Product[]) =>
  printLongTable(
    [
      { title: 'product' },
      { title: 'name' },
      { title: 'price', align: 'right' },
      { title: 'tax', align: 'right' },
      { title: 'stock', align: 'right' },
    ],
    products.map(({ productId, name, price, currency, taxRateBps, stock }) => [
      productId,
      name,
      formatMoney(price, currency, 'ja'),
      rateWords(taxRateBps),
      stock ?? 'as it is',
    ]),
  );

const showStock = (products: readonly Product[], rows: ReadonlyMap<string, StockRow>): number => {
  title('Stock now');
  printLongTable(
    [
      { title: 'product' },
      { title: 'name' },
      { title: 'available', align: 'right' },
      { title: 'reserved', align: 'right' },
      { title: 'on hand', align: 'right' },
    ],
    products.map(({ productId, name }) => {
      const { stock = 0, reservedQuantity = 0 } = rows.get(productId) ?? {};
      return [productId, name, stock, reservedQuantity, stock + reservedQuantity];
    }),
  );
  const wrong = products.filter(({ productId, stock }) => stock !== undefined && rows.get(productId)?.stock !== stock);
  for (const { productId, stock } of wrong)
    fail(
      `${productId}: ${rows.get(productId)?.stock ?? 'nothing'} available instead of ${stock}: is somebody ordering?`,
    );
  if (wrong.length === 0) ok(`${counted(products.length)} loaded, every stock as given`);
  return wrong.length === 0 ? 0 : 1;
};

const tryItOut = ({ apiUrl }: System, key: string, productId = 'PROD-001') => {
  ok('X-Storefront-Key opens the shop. Try:');
  const body = JSON.stringify({ customerEmail: 'guest@example.com', items: [{ productId, quantity: 1 }] });
  print(`  curl -s ${apiUrl}/orders -H 'Content-Type: application/json' -H 'X-Storefront-Key: ${key}' -d '${body}'`);
};

/** On the local stage, with accounts of its own: somebody must be there who may open a shop. */
const seedPayShop = async (system: System): Promise<void> => {
  if (system.endpoint === undefined || (await findAccounts(system)) === undefined) return;
  await step({ doing: `opening ${payShop.tenant}`, done: `${payShop.tenant} is open, and paid online` }, () =>
    openPayShop(system),
  );
};

const requireShops = async (tables: Tables): Promise<void> => {
  if (await hasCatalog(tables)) return;
  throw new UsageError('--storefront-key: the core alone (-c services=core) knows one shop, which needs no key');
};

command({ help, options }, async (given) => {
  const tenant = check('--tenant', TenantId, given.tenant ?? 'default');
  const key = storefrontKey(given);
  const products = given.file === undefined ? starterProducts : readProductFile(given.file);
  title(`${counted(products.length)} for tenant ${tenant}${given.file === undefined ? '' : ` from ${given.file}`}`);
  showProducts(products);
  if (given['dry-run']) return ok('every row is fine; nothing was written (--dry-run)');
  const system = await findSystem(given);
  if (system.endpoint !== undefined) await verifySender(system.endpoint); // for who deployed without this project's cdklocal
  const tables = tablesOf(system);
  if (key !== undefined) await requireShops(tables);
  await step({ doing: 'loading', done: 'loaded' }, (report) =>
    seedProducts(tables, products, { tenant, onProgress: (done, of) => report(`${done} of ${of}`) }),
  );
  if (key !== undefined) await openStorefront(tables, tenant, key);
  if (given.file === undefined && given.tenant === undefined) await seedPayShop(system);
  const rows = await readStock(
    tables,
    tenant,
    products.map(({ productId }) => productId),
  );
  const exitCode = showStock(products, rows);
  if (key !== undefined) tryItOut(system, key, products[0]?.productId);
  return exitCode;
});
