import type * as z from 'zod';
import { api } from '../../lambda/contracts/api/api';
import { LogInRequest } from '../../lambda/contracts/api/sign-in-api';
import { UpdateStockRequest } from '../../lambda/contracts/api/stock-api';
import { fieldErrors } from '../../lambda/kernel/http/input';

const told = (schema: z.ZodType, value: unknown) => {
  const { error } = schema.safeParse(value);
  return fieldErrors(error?.issues ?? []).map(({ pointer, detail }) => `${pointer}: ${detail}`);
};

describe('what is wrong with a field is said in plain words', () => {
  test.each([
    ['a missing field', LogInRequest, { password: 'x' }, ['/email: is required']],
    ['another kind', LogInRequest, { email: 1, password: 'x' }, ['/email: must be text']],
    ['an empty text', LogInRequest, { email: 'a@example.com', password: '' }, ['/password: must not be empty']],
    ['no object', LogInRequest, [], [': must be an object']],
    [
      'a field that is not known',
      LogInRequest,
      { email: 'a@example.com', password: 'x', pin: 1 },
      ['/pin: unknown field'],
    ],
    [
      'a type that is not known',
      UpdateStockRequest,
      { type: 'steal' },
      ['/type: must be one of receive, reserve, release, deduct, adjust'],
    ],
    [
      'a quantity of 0',
      api.requestReturn.body,
      { items: [{ productId: 'P', quantity: 0 }], reason: 'x' },
      ['/items/0/quantity: must be at least 1'],
    ],
    [
      'half a piece',
      api.requestReturn.body,
      { items: [{ productId: 'P', quantity: 1.5 }], reason: 'x' },
      ['/items/0/quantity: must be a whole number'],
    ],
    ['no items', api.requestReturn.body, { items: [], reason: 'x' }, ['/items: must have at least 1 item']],
    [
      'a text that is too long',
      api.createCategory.body,
      { categoryId: 'c', name: 'x'.repeat(101) },
      ['/name: must have at most 100 characters'],
    ],
    ['a number for a switch', api.updateProduct.body, { status: 1 }, ['/status: must be true or false']],
    [
      'one of two kinds',
      api.updateProduct.body,
      { taxRate: 'high' },
      ['/taxRate: must be a number, or must be one of standard, reduced'],
    ],
    ['an amount of 0', api.requestRefund.body, { amount: 0, reason: 'x' }, ['/amount: must be more than 0']],
    [
      'a name that is reserved',
      api.updateMe.body,
      { preferences: { constructor: 1 } },
      [
        '/preferences/constructor: has a name that cannot be used: it must not be a name such as constructor or toString',
      ],
    ],
  ])('%s', (_what, schema, value, expected) => expect(told(schema as z.ZodType, value)).toEqual(expected));
});
