import { faultsOf, leavingOut } from './conditions';
import type { Favour } from './faults';
import { type Parts, soundParts } from './parts';
import type { PlantedBug } from './planted-bug';

/** Every condition that a write to orders, stock and payments is sent with, and whether it takes a payment. */
export const conditions: Readonly<Record<string, 'online' | 'any'>> = {
  'inventory: reservedQuantity >= :taken': 'any',
  'inventory: stock >= :taken': 'any',
  'inventory: version = :before': 'any',
  'orders IDEMPOTENCY: attribute_not_exists(orderId)': 'any',
  'orders: attribute_not_exists(orderId)': 'any',
  'orders: attribute_not_exists(version) OR version < :version': 'any',
  'orders: dueAt = :before': 'any',
  'orders: version = :previous': 'any',
  'orders: version = :version AND dueAt = :before': 'any',
  'payments IDEMPOTENCY: attribute_not_exists(paymentId)': 'online',
  'payments WEBHOOK: attribute_not_exists(paymentId)': 'online',
  'payments: attribute_not_exists(paymentId)': 'online',
  'payments: version = :previous': 'online',
  'payments: version = :version AND dueAt = :before': 'online',
  'reservations: attribute_exists(orderId)': 'any',
  'reservations: attribute_not_exists(orderId)': 'any',
  'reservations: attribute_not_exists(orderId) OR state = :backordered': 'any',
  'reservations: attribute_not_exists(orderId) OR state = :backordered OR state = :released': 'any',
  'reservations: state = :reserved': 'any',
  'stock-movements KEY: attribute_not_exists(productId)': 'any',
  'stock-movements: attribute_not_exists(productId)': 'any',
};

/** The conditions of the audit's own notes, of which two audits at once write the same. */
export const auditNotes = /^stock-movements (CHECKPOINT|PROGRESS): /;

const neverMet = 'a sound system never meets it; the suites of the stores do';
const twice = 'every change of the version changes the due time, so that either part holds the other';

const shippedUnreserved = 'only what is shipped without ever being reserved is written so; the suites of the stores do';
const unreserved = 'reservations: attribute_not_exists(orderId) OR state = :backordered OR state = :released';

const movedOnce = 'the version of the stock refuses the second movement, too';

/** Faults of conditions that no run shows, by name, and why. */
const unseen: Readonly<Record<string, string>> = {
  [`without ${unreserved}`]: shippedUnreserved,
  [`without part 1 of ${unreserved}`]: shippedUnreserved,
  [`without part 2 of ${unreserved}`]: shippedUnreserved,
  [`without part 3 of ${unreserved}`]: shippedUnreserved,
  'without stock-movements KEY: attribute_not_exists(productId)': movedOnce,
  'without stock-movements: attribute_not_exists(productId)': movedOnce,
  'without inventory: reservedQuantity >= :taken': neverMet,
  'without reservations: attribute_exists(orderId)': neverMet,
  'without orders: dueAt = :before': 'only rows that cannot be read are written so; the suites of the stores hold it',
  'without part 1 of orders: version = :version AND dueAt = :before': twice,
  'without payments IDEMPOTENCY: attribute_not_exists(paymentId)':
    'two payments are seldom refunded under one key at once; the suites of the stores hold it',
  'without part 1 of payments: version = :version AND dueAt = :before': twice,
  'without part 2 of payments: version = :version AND dueAt = :before': twice,
};

const often: Favour = { 'sent again': 5, conflict: 3 };
const oftenAgain: Favour = { 'sent again': 15 };

/** Conditions that only messages that are often sent again meet within a hundred seeds. */
const metSeldom: readonly string[] = ['reservations: attribute_not_exists(orderId)'];

const nameOf = (condition: string, part: number | 'all') =>
  part === 'all' ? `without ${condition}` : `without part ${part + 1} of ${condition}`;

/** Each condition left out, and each of its parts, by name. */
export const plantedConditions: Readonly<Record<string, PlantedBug>> = Object.fromEntries(
  Object.entries(conditions).flatMap(([condition, shop]) =>
    faultsOf(condition)
      .map((part) => [nameOf(condition, part), part] as const)
      .filter(([name]) => !(name in unseen))
      .map(([name, part]) => {
        const parts: Parts = { ...soundParts, rewrite: leavingOut(condition, part) };
        const online = shop === 'online' ? ({ online: true } as const) : {};
        return [name, { parts, favour: metSeldom.includes(condition) ? oftenAgain : often, ...online }];
      }),
  ),
);
