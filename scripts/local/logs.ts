import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { CommandError, command, UsageError } from '../lib/command';
import { stackName } from '../lib/system/apps';
import { allResources } from '../lib/system/stack-resources';
import { paint, print } from '../lib/terminal';
import { cloudFormationAt, describeStack } from './deployment/stack';
import { clientConfig } from './emulator/endpoint';
import { requireLocalAws } from './emulator/local-aws';
import { formatLogEvent, type LogEvent } from './log-lines';

const help = `
npm run logs [-- --service NAME] [-- --since MINUTES] [-- --no-follow]

Shows what the functions on the local AWS log from now on, until Ctrl-C.

  --service NAME   only the functions of one service: order, billing, inventory …
  --since MINUTES  begins so many minutes ago, oldest first (default: now; with --no-follow 10)
  --no-follow      ends after what is there already
  --help           this text
`;

const options = {
  service: { type: 'string' },
  since: { type: 'string' },
  'no-follow': { type: 'boolean' },
} as const;

type Group = { readonly source: string; readonly name: string };

const findGroups = async (endpoint: string, filter: string | undefined): Promise<Group[]> => {
  if ((await describeStack(endpoint)) === undefined) {
    throw new CommandError(`${stackName} is not deployed. Deploy it with: npm start`);
  }
  const resources = await allResources(cloudFormationAt(endpoint));
  const all = resources
    .filter(({ type, logicalId }) => type === 'AWS::Logs::LogGroup' && !/AccessLogs/.test(logicalId))
    .map(({ logicalId, id }) => ({ source: logicalId.replace(/Logs[0-9A-F]{8}$/, '').toLowerCase(), name: id }));
  const groups = all.filter(({ source }) => filter === undefined || source === filter.toLowerCase());
  if (groups.length > 0) return groups;
  throw new UsageError(`--service: there is no "${filter}"; there are ${all.map(({ source }) => source).join(', ')}`);
};

const overlapMs = 5_000; // a line may appear after a later one

const readSince = async (logs: CloudWatchLogsClient, { source, name }: Group, startTime: number) => {
  const found: (LogEvent & { readonly key: string })[] = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, { logGroupName: name, startTime })) {
    for (const { logStreamName, timestamp = 0, message = '' } of events) {
      found.push({ key: `${logStreamName}\0${timestamp}\0${message}`, source, timestamp, message });
    }
  }
  return found;
};

/** Reads what is new since the last call. */
const reader = (logs: CloudWatchLogsClient, group: Group, since: number) => {
  const seen = new Map<string, number>();
  let newest = since;

  return async (): Promise<LogEvent[]> => {
    const from = Math.max(since, newest - overlapMs);
    const fresh = (await readSince(logs, group, from)).filter(({ key }) => !seen.has(key));
    for (const { key, timestamp } of fresh) seen.set(key, timestamp);
    for (const [key, timestamp] of seen) if (timestamp < from) seen.delete(key);
    newest = fresh.reduce((latest, { timestamp }) => Math.max(latest, timestamp), newest);
    return fresh;
  };
};

const minutes = (text: string | undefined, follow: boolean): number => {
  const value = Number(text ?? (follow ? 0 : 10));
  if (Number.isFinite(value) && value >= 0) return value;
  throw new UsageError(`--since: "${text}" is not a number of minutes. See --help.`);
};

const headingOf = (groups: readonly Group[], since: string | undefined): string => {
  const from = since === undefined ? 'from now on; --since 10 begins ten minutes ago' : `of the last ${since} minutes`;
  return `Logs of ${groups.map(({ source }) => source).join(', ')}, ${from}. Ctrl-C ends.`;
};

command({ help, options }, async (given) => {
  const follow = !given['no-follow'];
  const since = Date.now() - minutes(given.since, follow) * 60_000;
  const { endpoint } = await requireLocalAws();
  const groups = await findGroups(endpoint, given.service);
  const logs = new CloudWatchLogsClient(clientConfig(endpoint));
  const readers = groups.map((group) => reader(logs, group, since));
  process.once('SIGINT', () => process.exit(0));
  if (follow) print(paint('dim', headingOf(groups, given.since)));
  do {
    const events = (await Promise.all(readers.map((read) => read()))).flat();
    const lines = events.sort((one, other) => one.timestamp - other.timestamp).map(formatLogEvent);
    for (const line of lines) if (line !== undefined) print(line);
    if (follow) await sleep(500);
  } while (follow);
});
