import type { PlaceOrderRequest } from '../contracts/order-api';
import type { ProblemAnswer } from '../kernel/answer';
import { isGuest } from '../kernel/caller';
import type { Request } from '../kernel/http';
import { refuse } from './order.http';
import type { Placement } from './place-order';

/** Whose order it becomes. */
export type Customer = Pick<Placement, 'customerId' | 'ownerId' | 'customerEmail'>;

const wrong = (field: keyof PlaceOrderRequest, detail: string): ProblemAnswer => ({
  ...refuse(400, 'ValidationFailed', 'The body has wrong fields.'),
  errors: [{ pointer: `/${field}`, detail }],
});

/** Whose order is placed: a guest's, the customer's own, or that of the customer whom staff names. */
const ownerOf = ({ caller, reach }: Request, { customerId }: PlaceOrderRequest): Partial<Customer> => {
  if (isGuest(caller)) return { customerId };
  return reach === 'own' ? { customerId: caller.userId, ownerId: caller.userId } : { customerId, ownerId: customerId };
};

/** The customer of a new order, by the caller's token and what the body adds to it. */
export const customerOf = (request: Request, body: PlaceOrderRequest): Customer | ProblemAnswer => {
  const { caller, reach } = request;
  const isCustomer = !isGuest(caller) && reach === 'own';
  if (isCustomer && body.customerId !== undefined && body.customerId !== caller.userId)
    return wrong('customerId', 'must be your own customer ID, or left out');
  const customerEmail = body.customerEmail ?? caller.email;
  if (customerEmail === undefined) return wrong('customerEmail', 'is required, or a token that has an e-mail address');
  return { ...ownerOf(request, body), customerEmail };
};
