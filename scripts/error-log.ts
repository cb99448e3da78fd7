import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CommandError } from './command';
import { clientOptions, resourcesOf, type System } from './system';

const readGroup = async (client: CloudWatchLogsClient, group: string, text: string, since: Date): Promise<string[]> => {
  const lines: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new FilterLogEventsCommand({
        logGroupName: group,
        startTime: since.getTime(),
        filterPattern: `"${text}"`,
        ...(nextToken ? { nextToken } : {}),
      }),
    );
    lines.push(...(page.events ?? []).map(({ message = '' }) => message.trim()).filter((line) => line.includes(text)));
    nextToken = page.nextToken;
  } while (nextToken);
  return lines;
};

/** The log lines of the inventory service that name `text`. Throws when it is deployed without a log group. */
export const readStockLog = async (
  system: Pick<System, 'endpoint' | 'region' | 'stage'>,
  text: string,
  since: Date,
): Promise<string[]> => {
  const resources = await resourcesOf(system);
  const group = resources.find(
    ({ type, logicalId }) => type === 'AWS::Logs::LogGroup' && /^InventoryLogs[0-9A-F]{8}$/.test(logicalId),
  );
  if (group === undefined) throw new CommandError('The inventory service has no log group: deploy the stack again.');
  return readGroup(new CloudWatchLogsClient(clientOptions(system)), group.id, text, since);
};
