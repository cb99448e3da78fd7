import * as z from 'zod';
import { jitteredBackoff, retry } from '../../../lambda/kernel/retry';
import { nameIn } from '../system/stage';
import { type System, stageOf } from '../system/system';
import { awsApi } from './aws-api';
import type { Migration } from './migration';

const Count = { seen: z.int(), found: z.int() };

/** What is known of a migration that was begun: counted before, how far it is, counted after. */
export const MigrationRecord = z.object({
  state: z.enum(['running', 'ended']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  before: z.object(Count),
  after: z.object(Count).optional(),
  /** The newest time through everything, with what it has counted so far. */
  pass: z.object({
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().optional(),
    cursor: z.string().optional(),
    /** When the pass before it began. */
    unchangedSince: z.iso.datetime().optional(),
    ...Count,
  }),
});
export type MigrationRecord = z.infer<typeof MigrationRecord>;

type Name = Pick<Migration, 'service' | 'number'>;

/** Where the records of migrations are kept. */
export type Records = {
  readonly read: (name: Name) => Promise<MigrationRecord | undefined>;
  readonly write: (name: Name, record: MigrationRecord) => Promise<void>;
};

const Stored = z.object({ Parameter: z.object({ Value: z.string() }) });

const isBusy = (error: unknown): boolean =>
  error instanceof Error && /^(Throttl|TooManyUpdates|InternalServer|HTTP 5)/.test(error.name);

/** The records of a system, as parameters of Systems Manager: `/order-system/migrations/order/1`. */
export const parameterRecords = (system: Pick<System, 'endpoint' | 'region' | 'stage'>): Records => {
  const call = awsApi(system, { service: 'ssm', target: 'AmazonSSM' });
  const persistent = (action: string, input: object): Promise<unknown> =>
    retry(() => call(action, input), isBusy, { ...jitteredBackoff, baseMs: 200 });
  const folder = nameIn(stageOf(system), 'order-system');
  const pathOf = ({ service, number }: Name) => `/${folder}/migrations/${service}/${number}`;
  return {
    read: async (name) => {
      try {
        const { Parameter } = Stored.parse(await persistent('GetParameter', { Name: pathOf(name) }));
        return MigrationRecord.parse(JSON.parse(Parameter.Value));
      } catch (error) {
        if (error instanceof Error && error.name === 'ParameterNotFound') return undefined;
        throw error;
      }
    },

    write: async (name, record) => {
      const Value = JSON.stringify(record);
      await persistent('PutParameter', { Name: pathOf(name), Value, Type: 'String', Overwrite: true });
    },
  };
};
