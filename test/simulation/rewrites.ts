import type { Command } from '../support/dynamodb/memory-dynamodb';
import { rewriting, type Site } from './client';
import type { Rewrite } from './world';

/** One write as it is sent, by itself or in a transaction. */
export type Write = {
  readonly TableName?: string;
  readonly Key?: Readonly<Record<string, unknown>>;
  readonly Item?: Readonly<Record<string, unknown>>;
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
};

type Input = Write & { readonly TransactItems?: readonly Readonly<Record<string, Write>>[] };

const sameKind = (command: Command, input: object): Command =>
  Object.assign(Object.create(Object.getPrototypeOf(command)) as Command, command, { input });

/** Changes each write of a command, whether it is sent by itself or in a transaction. */
export const rewritingWrites =
  (change: (write: Write) => Write): Rewrite =>
  (command) => {
    const input = command.input as Input;
    if (input.TransactItems === undefined)
      return 'ConditionExpression' in input || 'UpdateExpression' in input ? sameKind(command, change(input)) : command;
    const TransactItems = input.TransactItems.map((action) =>
      Object.fromEntries(Object.entries(action).map(([verb, write]) => [verb, change(write)])),
    );
    return sameKind(command, { ...input, TransactItems });
  };

const isUsedIn = (texts: readonly (string | undefined)[]) => (name: string) =>
  texts.some((text) => text !== undefined && new RegExp(`${name}(?!\\w)`).test(text));

const kept = <Value>(given: Readonly<Record<string, Value>> | undefined, isKept: (name: string) => boolean) => {
  const entries = Object.entries(given ?? {}).filter(([name]) => isKept(name));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

/** The write with another condition; undefined for none. Placeholders that nothing uses any more go with it. */
export const withCondition = (write: Write, ConditionExpression: string | undefined): Write => {
  const isUsed = isUsedIn([ConditionExpression, write.UpdateExpression]);
  return {
    ...write,
    ConditionExpression,
    ExpressionAttributeNames: kept(write.ExpressionAttributeNames, isUsed),
    ExpressionAttributeValues: kept(write.ExpressionAttributeValues, isUsed),
  } as Write;
};

/** The same site, whose writes to such rows have no condition. */
export const withoutConditions = (site: Site, isMeant: (write: Write) => boolean): Site =>
  rewriting(
    site,
    rewritingWrites((write) => (isMeant(write) ? withCondition(write, undefined) : write)),
  );
