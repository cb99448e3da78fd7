import { authorizerContext, type Caller, callerFrom } from '../../lambda/kernel/http/caller';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { openCatalog } from './shop';

/** Staff of a tenant that sells in dollars, at 7.25 % or 4 %. */
const staff: Caller = {
  tenant: trustedTenant('shop-us'),
  userId: 'user-1',
  roles: ['staff'],
  selling: { currency: 'USD', standardTaxBps: 725, reducedTaxBps: 400 },
};
const mouse = { productId: 'MOUSE', name: 'Wireless Mouse', price: 29.99 };

describe('a product of which nobody said otherwise', () => {
  test('S4-05 is sold in the currency and at the standard rate of its tenant', async () => {
    const { body } = await openCatalog().ask('createProduct', { caller: staff, body: mouse });
    expect(body).toMatchObject({ price: 29.99, currency: 'USD', taxRate: 7.25 });
  });

  test('is sold at the reduced rate of its tenant when its own is called reduced, also later', async () => {
    const { ask } = openCatalog();
    const { body } = await ask('createProduct', { caller: staff, body: { ...mouse, taxRate: 'reduced' } });
    expect(body.taxRate).toBe(4);
    const path = { productId: 'MOUSE' };
    const changed = await ask('updateProduct', { caller: staff, path, body: { taxRate: 'standard' } });
    expect(changed.body.taxRate).toBe(7.25);
  });

  test('has the reduced rate of its tenant from a file, too', async () => {
    const { ask, deps } = openCatalog();
    const body = 'productId,name,price,currency,taxRate\nTEA,Tea,4.50,USD,reduced\nCUP,Cup,9.00,USD,';
    const headers = { 'content-type': 'text/csv' };
    expect((await ask('importProducts', { caller: staff, body, headers })).status).toBe(200);
    const taxOf = async (productId: string) =>
      (await deps.products.get({ tenant: staff.tenant, productId }))?.taxRateBps;
    expect([await taxOf('TEA'), await taxOf('CUP')]).toEqual([400, 725]);
  });

  test('is refused with a rate that no tenant has', async () => {
    const { status, body } = await openCatalog().ask('createProduct', { body: { ...mouse, taxRate: 'zero' } });
    expect([status, body.errors[0].pointer]).toEqual([400, '/taxRate']);
  });
});

test('how a tenant sells comes with its callers', () => {
  expect(callerFrom(authorizerContext(staff)).selling).toEqual(staff.selling);
  expect(callerFrom(authorizerContext({ ...staff, selling: undefined })).selling).toBeUndefined();
});
