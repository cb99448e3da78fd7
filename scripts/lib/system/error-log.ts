import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CommandError } from '../command';
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

const isMissing = (error: unknown) => error instanceof Error && error.name === 'ResourceNotFoundException';

/**
 * The log lines of the function that takes stock which name `text`. They are in the log group of the inventory service, or,
 * on a local AWS that does not know log groups of functions' own, in the function's. Throws when there is neither.
 */
export const readStockLog = async (
  system: Pick<System, 'endpoint' | 'region' | 'stage'>,
  text: string,
  since: Date,
): Promise<string[]> => {
  const groups = (await resourcesOf(system)).flatMap(({ type, logicalId, id }) => {
    if (type === 'AWS::Logs::LogGroup' && /^InventoryLogs[0-9A-F]{8}$/.test(logicalId)) return [id];
    return type === 'AWS::Lambda::Function' && logicalId.startsWith('InventoryTakeStock') ? [`/aws/lambda/${id}`] : [];
  });
  const logs = new CloudWatchLogsClient(clientOptions(system));
  const read = groups.map((group) =>
    readGroup(logs, group, text, since).catch((error) => {
      if (isMissing(error)) return undefined;
      throw error;
    }),
  );
  const found = (await Promise.all(read)).filter((lines) => lines !== undefined);
  if (found.length === 0) throw new CommandError('The inventory service has no log: deploy the stack again.');
  return found.flat();
};
