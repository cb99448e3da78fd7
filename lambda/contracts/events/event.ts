import * as z from 'zod';
import { personal } from '../values/personal';
import { recordedLine, TenantId } from '../values/text';

/**
 * CloudEvents 1.0 as structured JSON. `id` is `<tenant>/<aggregate id>:<version>`, so that a repeated publication of
 * the same change has the same `source` and `id`.
 */
const envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().regex(/^[a-z0-9-]+\/[A-Za-z0-9._-]+:\d+$/),
  source: z.string().startsWith('/'),
  subject: z.string().min(1),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  tenantid: TenantId,
  correlationid: z.string().min(1).max(128),
  causationid: z.string().min(1).optional(),
  traceparent: z.string().optional(),
  /** The actor: a user's ID, `guest`, or a process such as `sweep` or `stripe`. */
  actor: personal('origin', recordedLine(128)).optional(),
  /** The actor's network: an IPv4 /24 or IPv6 /48, never a whole address. */
  network: personal('origin', z.string().regex(/^[0-9a-f.:]{2,39}\/\d{1,3}$/)).optional(),
});

/** Declares an event: the single source of its wire shape, validator and TypeScript type. */
export const defineEvent = <Type extends `${string}.v${number}`, Data extends z.ZodType>(type: Type, data: Data) =>
  envelope.extend({ type: z.literal(type), data });

/** An event of any type and version, even an unknown one. Parsing keeps all fields. */
export const AnyEvent = envelope
  .extend({
    type: z.string().regex(/^[A-Z][A-Za-z]*\.v[1-9]\d*$/),
    data: z.looseObject({}),
  })
  .loose();
export type AnyEvent = z.infer<typeof AnyEvent>;

/** The largest size of an event's JSON body in bytes, below the limits of SNS and SQS. */
export const maxEventBytes = 64 * 1024;
