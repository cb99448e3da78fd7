import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { allResources } from './stack-resources';
import { clientOptions, type System } from './system';

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

const hasNoLogs = (error: unknown) => error instanceof Error && error.name === 'ResourceNotFoundException';

/** The log lines of the function that takes stock which name `text`; nothing when its logs cannot be read. */
export const readStockLog = async (system: System, text: string, since: Date): Promise<string[] | undefined> => {
  const resources = await allResources(new CloudFormationClient(clientOptions(system)));
  const ours = resources.filter(({ logicalId }) => logicalId.startsWith('InventoryTakeStock'));
  const groups = ours.flatMap(({ type, id }) => {
    if (type === 'AWS::Logs::LogGroup') return [id];
    return type === 'AWS::Lambda::Function' ? [`/aws/lambda/${id}`] : []; // where the local AWS writes
  });
  const logs = new CloudWatchLogsClient(clientOptions(system));
  const read = groups.map((group) =>
    readGroup(logs, group, text, since).catch((error) => {
      if (hasNoLogs(error)) return undefined;
      throw error;
    }),
  );
  const found = (await Promise.all(read)).filter((lines) => lines !== undefined);
  return found.length === 0 ? undefined : found.flat();
};
