import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchExecuteStatementCommand,
  BatchGetCommand,
  type DynamoDBDocumentClient,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Io } from '../stores/io';
import { type Command, clientSending } from '../support/dynamodb/memory-dynamodb';
import type { Rewrite, World } from './world';

/** Where the stores of one process are: its client, and what it talks through. */
export type Site = { readonly world: World; readonly io: Io; readonly db: DynamoDBDocumentClient };

type Action = Readonly<Record<string, { readonly TableName?: string } | undefined>>;

type Input = {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly TransactItems?: readonly Action[];
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly Statements?: readonly { readonly Statement?: string }[];
};

const tablesOf = ({ input }: Command): readonly (string | undefined)[] => {
  const { TableName, TransactItems = [], RequestItems = {}, Statements = [] } = input as Input;
  if (TableName !== undefined) return [TableName];
  const ofActions = TransactItems.map((action) => Object.values(action)[0]?.TableName);
  const inserted = Statements.map(({ Statement = '' }) => Statement.split('"')[1]);
  return [...new Set([...ofActions, ...inserted, ...Object.keys(RequestItems)])];
};

/** What is done to which tables: `Put orders`. Faults happen at such places. */
const placeOf = (command: Command): string => {
  const verb = command.constructor.name.replace(/Command$/, '');
  return `${verb} ${tablesOf(command).join(' and ')}`;
};

const conflicting = ({ input }: TransactWriteCommand) => {
  const reasons = (input.TransactItems ?? []).map((_, at) => ({ Code: at === 0 ? 'TransactionConflict' : 'None' }));
  return new TransactionCanceledException({
    message: 'Transaction cancelled [TransactionConflict]',
    CancellationReasons: reasons,
    $metadata: {},
  });
};

/** A statement of a batch that the table does not take at present. */
const throttled = { Error: { Code: 'ThrottlingError', Message: 'a row was refused' } };

const insertSome = ({ dynamodb, faults }: World, { input }: BatchExecuteStatementCommand) => {
  const isTaken = () => faults.at('row of a batch', { throttled: 0.01 }) === undefined;
  const marked = (input.Statements ?? []).map((statement) => ({ statement, isTaken: isTaken() }));
  const taken = marked.filter((one) => one.isTaken).map(({ statement }) => statement);
  const answer = taken.length === 0 ? {} : dynamodb.answer(new BatchExecuteStatementCommand({ Statements: taken }));
  const { Responses = [] } = answer as { Responses?: unknown[] };
  return { Responses: marked.map((one) => (one.isTaken ? Responses.shift() : throttled)) };
};

type Keys = Readonly<Record<string, { readonly Keys: readonly Record<string, unknown>[] }>>;

/** A batch of which the last key may be left for the next call. */
const readSome = ({ dynamodb, faults }: World, { input }: BatchGetCommand) => {
  const [[table, wanted] = ['', { Keys: [] }]] = Object.entries(input.RequestItems as Keys);
  const isWhole = wanted.Keys.length < 2 || faults.at('key of a batch', { unprocessed: 0.01 }) === undefined;
  if (isWhole) return dynamodb.answer(new BatchGetCommand(input));
  const answer = dynamodb.answer(
    new BatchGetCommand({ RequestItems: { [table]: { ...wanted, Keys: wanted.Keys.slice(0, -1) } } }),
  );
  return { ...answer, UnprocessedKeys: { [table]: { ...wanted, Keys: wanted.Keys.slice(-1) } } };
};

const answerOf = (world: World, command: Command): object => {
  if (command instanceof BatchExecuteStatementCommand) return insertSome(world, command);
  if (command instanceof BatchGetCommand) return readSome(world, command);
  return world.dynamodb.answer(command);
};

/** The SDK sends a transaction again under the same token, which makes it once. */
const once = <Answer>(effect: () => Answer): (() => Answer) => {
  let made: { readonly answer: Answer } | undefined;
  return () => {
    made ??= { answer: effect() };
    return made.answer;
  };
};

type Group = { readonly commands: Command[]; readonly answers: Promise<readonly object[]> };

/** What one process sends, command by command. */
const sending = (world: World, io: Io) => {
  const groups = new Map<string, Group>();
  const stuck = new WeakSet<Command>();

  const transact = (command: TransactWriteCommand): Promise<object> => {
    if (stuck.has(command)) return Promise.reject(conflicting(command));
    const refuse = () => {
      if (world.faults.at('conflict', { 'to the end': 0.5 }) !== undefined) stuck.add(command);
      throw conflicting(command);
    };
    return io(
      placeOf(command),
      once(() => answerOf(world, command)),
      refuse,
    );
  };

  /** The queries that a process sends at once to the partitions of an index are one moment. */
  const queryIndex = (command: QueryCommand): Promise<object> => {
    const place = `${placeOf(command)} ${command.input.IndexName}`;
    const open = groups.get(place);
    const commands = open?.commands ?? [];
    const at = commands.push(command) - 1;
    const answers =
      open?.answers ??
      io(place, () => {
        groups.delete(place);
        return commands.map((one) => answerOf(world, one));
      });
    groups.set(place, { commands, answers });
    return answers.then((all) => all[at] ?? {});
  };

  return (command: Command): Promise<object> => {
    if (command instanceof TransactWriteCommand) return transact(command);
    if (command instanceof QueryCommand && command.input.IndexName !== undefined) return queryIndex(command);
    return io(placeOf(command), () => answerOf(world, command));
  };
};

/** Returns the site of one process, which talks through `io`. */
export const siteOf = (world: World, io: Io): Site => {
  const send = sending(world, io);
  return { world, io, db: clientSending((command) => rewritten(world.rewrite, command, send)) };
};

const rewritten = async (rewrite: Rewrite, command: Command, send: (command: Command) => Promise<object>) => {
  const sent = rewrite(command);
  return sent === undefined ? {} : send(sent);
};

/** The same site, where other commands are sent than the stores think. */
export const rewriting = (site: Site, rewrite: Rewrite): Site => ({
  ...site,
  db: clientSending((command) => rewritten(rewrite, command, (sent) => site.db.send(sent as never))),
});
