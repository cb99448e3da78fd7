import * as z from 'zod';
import * as alertEvents from '../../../lambda/contracts/events/alert-events';
import * as catalogEvents from '../../../lambda/contracts/events/catalog-events';
import * as inventoryEvents from '../../../lambda/contracts/events/inventory-events';
import * as orderEvents from '../../../lambda/contracts/events/order-events';
import * as paymentEvents from '../../../lambda/contracts/events/payment-events';
import * as privacyEvents from '../../../lambda/contracts/events/privacy-events';
import * as returnEvents from '../../../lambda/contracts/events/return-events';
import * as tenantEvents from '../../../lambda/contracts/events/tenant-events';
import * as userEvents from '../../../lambda/contracts/events/user-events';
import { type Arguments, UsageError } from '../command';
import { whereOptions } from '../system/chosen-stage';
import { checkTenant } from './replay-arguments';

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
  'privacy-events': typesIn(privacyEvents),
};

export const options = {
  type: { type: 'string' },
  tenant: { type: 'string' },
  count: { type: 'string' },
  for: { type: 'string' },
  json: { type: 'boolean' },
  ...whereOptions,
} as const;

export type Values = Arguments<typeof options>['values'];

/** A topic, and which of its events are wanted. */
export type Wanted = { readonly topic: string; readonly types: readonly string[] | 'all' };

export type Listen = {
  readonly wanted: readonly Wanted[];
  /** @default events of every tenant */
  readonly tenant?: string | undefined;
  /** How many events end it. @default none does */
  readonly count?: number | undefined;
  /** For how long it listens, in seconds. @default until Ctrl-C */
  readonly seconds?: number | undefined;
};

const refuse = (problem: string): never => {
  throw new UsageError(`${problem}. See --help.`);
};

const knownTypes = (topic: string): readonly string[] =>
  (Object.hasOwn(eventTypes, topic) ? eventTypes[topic] : undefined) ??
  refuse(`"${topic}": no such topic; there are ${Object.keys(eventTypes).join(', ')}`);

const wholeNumber = (option: string, given: string | undefined, most: number): number | undefined => {
  if (given === undefined) return undefined;
  const number = /^\d{1,9}$/.test(given) ? Number(given) : 0;
  return number >= 1 && number <= most ? number : refuse(`${option} "${given}": a whole number from 1 to ${most}`);
};

const wantedOf = (topics: readonly string[], types: readonly string[] | undefined): Wanted[] => {
  const known = topics.flatMap(knownTypes);
  const wrong = types?.find((type) => !known.includes(type));
  if (wrong !== undefined)
    refuse(`--type "${wrong}": no such event on ${topics.join(', ')}; there are ${known.join(', ')}`);
  return topics.map((topic) => {
    const own = types?.filter((type) => knownTypes(topic).includes(type));
    if (own?.length === 0) refuse(`${topic}: has none of ${types?.join(', ')}; it has ${knownTypes(topic).join(', ')}`);
    return { topic, types: own ?? 'all' };
  });
};

/** What a command line asks for. Throws an error that names the wrong argument and says what exists. */
export const listenOf = (topics: readonly string[], { type, tenant, count, for: seconds }: Values): Listen => {
  if (topics.length === 0) refuse(`say which topic: ${Object.keys(eventTypes).join(', ')}`);
  const wanted = wantedOf(
    [...new Set(topics)],
    type?.split(',').map((one) => one.trim()),
  );
  checkTenant(tenant);
  return {
    wanted,
    tenant,
    count: wholeNumber('--count', count, 1_000_000),
    seconds: wholeNumber('--for', seconds, 86_400),
  };
};
