import * as z from 'zod';
import { recordedLine, TenantId } from './text';

/**
 * CloudEvents 1.0, structured JSON. `id` is `<tenant>/<aggregate id>:<version>`: the same change always has the same
 * `source` and `id`, however often it is published.
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
  /** Who did it: a user's ID, `guest`, or what acts by itself (`sweep`, `stripe`). */
  actor: recordedLine(128).optional(),
  /** Where they did it from: an IPv4 /24 or IPv6 /48, never a whole address. */
  network: z
    .string()
    .regex(/^[0-9a-f.:]{2,39}\/\d{1,3}$/)
    .optional(),
});

/** Declares one event: its wire shape, its validator and its TypeScript type come from this call alone. */
export const defineEvent = <Type extends `${string}.v${number}`, Data extends z.ZodType>(type: Type, data: Data) =>
  envelope.extend({ type: z.literal(type), data });

/** An event of any type and version, known or not. Parsing it loses nothing of it. */
export const AnyEvent = envelope
  .extend({
    type: z.string().regex(/^[A-Z][A-Za-z]*\.v[1-9]\d*$/),
    data: z.looseObject({}),
  })
  .loose();
export type AnyEvent = z.infer<typeof AnyEvent>;

/** SNS and SQS limit that we keep to, in bytes of the JSON body. */
export const maxEventBytes = 64 * 1024;
