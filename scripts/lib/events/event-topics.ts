import * as z from 'zod';
import * as alertEvents from '../../../lambda/contracts/alert-events';
import * as catalogEvents from '../../../lambda/contracts/catalog-events';
import * as inventoryEvents from '../../../lambda/contracts/inventory-events';
import * as orderEvents from '../../../lambda/contracts/order-events';
import * as paymentEvents from '../../../lambda/contracts/payment-events';
import * as returnEvents from '../../../lambda/contracts/return-events';
import * as tenantEvents from '../../../lambda/contracts/tenant-events';
import * as userEvents from '../../../lambda/contracts/user-events';

const typesIn = (contracts: object): readonly string[] =>
  Object.values(contracts).flatMap((contract: unknown) => {
    const type = contract instanceof z.ZodObject ? contract.shape.type : undefined;
    return type instanceof z.ZodLiteral && /\.v\d+$/.test(String(type.value)) ? [String(type.value)] : [];
  });

/** The event types of each topic, as the contracts have them. */
export const eventTypes: Readonly<Record<string, readonly string[]>> = {
  'order-events': typesIn(orderEvents),
  'inventory-events': typesIn(inventoryEvents),
  'payment-events': typesIn(paymentEvents),
  'catalog-events': typesIn(catalogEvents),
  'tenant-events': typesIn(tenantEvents),
  'user-events': typesIn(userEvents),
  'return-events': typesIn(returnEvents),
  'alert-events': typesIn(alertEvents),
};
