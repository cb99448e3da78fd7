import type { Examples } from './example-types';

const at = '2026-11-21T03:00:00.000Z';

const product = {
  productId: 'PROD-001',
  sku: 'PROD-001',
  name: 'ワイヤレスマウス',
  description: '静音、充電式。',
  price: 3000,
  currency: 'JPY',
  taxRate: 10,
  categories: ['mice'],
  images: [],
  status: true,
  availability: 'on-sale',
  version: 1,
  createdAt: at,
  updatedAt: at,
};

const category = { categoryId: 'mice', name: 'マウス', version: 1, createdAt: at, updatedAt: at };

const stock = {
  productId: 'PROD-001',
  productCode: 'PROD-001',
  productName: 'ワイヤレスマウス',
  quantity: 100,
  available: 98,
  reservedQuantity: 2,
  warehouseCode: 'MAIN',
  lastOrderId: 'ORD-000001',
  discontinued: false,
  updatedAt: at,
  version: 7,
};

const movement = {
  movementId: 'M-00000007',
  productId: 'PROD-001',
  type: 'receive',
  quantity: 50,
  change: 50,
  reservedChange: 0,
  reason: '入荷',
  by: 'u-0001',
  at,
  version: 7,
};

const alert = {
  alertId: 'double_payment.ORD-000001',
  type: 'double_payment',
  severity: 'P1',
  state: 'RAISED',
  orderId: 'ORD-000001',
  error: 'Paid 2 times, 13200 JPY for 6600 JPY',
  count: 1,
  firstAt: at,
  raisedAt: at,
  history: [{ what: 'raised', at, error: 'Paid 2 times, 13200 JPY for 6600 JPY' }],
  updatedAt: at,
  version: 1,
};

const acknowledgement = { by: 'u-0001', at, note: '二重決済を返金済み' };

const csv = `productId,name,price,currency,taxRate,categories
PROD-001,ワイヤレスマウス,3000,JPY,10,mice
PROD-002,"静音キーボード, 日本語配列",8000,JPY,10,keyboards
`;

/** Examples of the catalog, of stock and of alerts. */
export const shopExamples: Examples = {
  createProduct: {
    bodies: {
      'In yen': { productId: 'PROD-001', name: 'ワイヤレスマウス', price: 3000, taxRate: 10, categories: ['mice'] },
      'In dollars': { sku: 'PROD-USD-001', name: 'Wireless Mouse', price: 29.99, currency: 'USD' },
    },
    answer: product,
  },
  listProducts: { answer: { items: [product] } },
  getProduct: { answer: product },
  updateProduct: {
    bodies: { 'Another price': { price: 2800, expectedVersion: 1 } },
    answer: { ...product, price: 2800 },
  },
  importProducts: {
    bodies: { 'Two products': csv },
    answer: { dryRun: true, rows: 2, created: 2, updated: 0, unchanged: 0, errors: [] },
  },
  createProductImage: { bodies: { 'A photo': { contentType: 'image/jpeg' } } },
  createCategory: { bodies: { マウス: { categoryId: 'mice', name: 'マウス' } }, answer: category },
  listCategories: { answer: { items: [category] } },
  getCategory: { answer: category },
  updateCategory: { bodies: { 'Another name': { name: 'マウス・トラックボール' } } },
  listAlerts: { answer: { items: [alert] } },
  acknowledgeAlert: {
    bodies: { 'Seen to': { acknowledged: true, note: '二重決済を返金済み' } },
    answer: {
      ...alert,
      acknowledgement,
      history: [...alert.history, { what: 'acknowledged', ...acknowledgement }],
      version: 2,
    },
  },
  listStock: { answer: { items: [stock] } },
  getStock: { answer: stock },
  updateStock: {
    bodies: {
      'Goods came in': { type: 'receive', quantity: 50, reason: '入荷' },
      'Counted again': { type: 'adjust', quantity: -2, reason: '棚卸', expectedVersion: 7 },
    },
    answer: { ...stock, movement },
  },
  listStockMovements: { answer: { items: [movement] } },
};
