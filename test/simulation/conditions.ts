import type { KeySchema } from '../support/dynamodb/table';
import { tables } from '../support/dynamodb/tables';
import { rewritingWrites, type Write, withCondition } from './rewrites';
import type { Rewrite } from './world';

const keyNames = (table: string): string[] => {
  const { partition, sort }: KeySchema = tables[table as keyof typeof tables];
  return [partition, sort].flatMap((part) => part?.[0] ?? []);
};

/** Which rows of its table a write is about: claims, receipts and the like have a word in capitals in their keys. */
const kindOf = ({ TableName = '', Item, Key }: Write): string => {
  const key = keyNames(TableName).map((name) => String((Key ?? Item)?.[name]));
  const [, word] = /#([A-Z]{3,})(?=#|$)/.exec(key.join(' ')) ?? [];
  return word === undefined ? TableName : `${TableName} ${word}`;
};

/** A condition of a write, as it is sent: the rows that it is about, and what must hold of them. */
const nameOf = (write: Write): string => {
  const { ConditionExpression = '', ExpressionAttributeNames = {} } = write;
  const condition = ConditionExpression.replace(/#\w+/g, (name) => ExpressionAttributeNames[name] ?? name);
  return `${kindOf(write)}: ${condition}`;
};

const joints = [' AND ', ' OR '] as const;

/** The parts of a condition that is one conjunction or one disjunction. */
const partsOf = (condition: string): { readonly joint: string; readonly parts: readonly string[] } => {
  const joint = joints.find((one) => condition.includes(one)) ?? ' AND ';
  return { joint, parts: condition.split(joint) };
};

/** Hears of each condition that is sent. */
export const noting = (seen: Set<string>): Rewrite =>
  rewritingWrites((write) => {
    if (write.ConditionExpression !== undefined) seen.add(nameOf(write));
    return write;
  });

/** The faults that a condition may have: it is left out, or one part of it is. */
export const faultsOf = (name: string): (number | 'all')[] => {
  const { parts } = partsOf(name.slice(name.indexOf(': ') + 2));
  return parts.length === 1 ? ['all'] : ['all', ...parts.keys()];
};

/** Leaves a condition or one of its parts out, wherever it is sent. */
export const leavingOut = (name: string, part: number | 'all'): Rewrite =>
  rewritingWrites((write) => {
    if (write.ConditionExpression === undefined || nameOf(write) !== name) return write;
    if (part === 'all') return withCondition(write, undefined);
    const { joint, parts } = partsOf(write.ConditionExpression);
    return withCondition(write, parts.filter((_, at) => at !== part).join(joint));
  });
