import * as z from 'zod';

/** The states of a return. In `COMPLETED` the goods have arrived. The last two are final. */
export const ReturnStatus = z.enum(['REQUESTED', 'APPROVED', 'REJECTED', 'COMPLETED']);
export type ReturnStatus = z.infer<typeof ReturnStatus>;

/** A readable code: `RET-000001-2` is the second return of `ORD-000001`. */
export const ReturnId = z.string().regex(/^RET-\d{6,12}-[1-9]\d{0,3}$/, 'must look like RET-000001-1');
