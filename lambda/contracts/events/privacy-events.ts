import * as z from 'zod';
import { ErasureId, SubjectKind, SubjectName } from '../values/erasure';
import { defineEvent } from './event';

/** A person is to be erased. Nothing in it says who. */
export const ErasureRequested = defineEvent(
  'ErasureRequested.v1',
  z.object({ erasureId: ErasureId, subjectKind: SubjectKind }),
);
export type ErasureRequested = z.infer<typeof ErasureRequested>;

/**
 * The keys of an order or a user are destroyed: what was sealed under them is unreadable. Services must drop what they
 * hold about the subject besides.
 */
export const SubjectErased = defineEvent('SubjectErased.v1', z.object({ erasureId: ErasureId, subject: SubjectName }));
export type SubjectErased = z.infer<typeof SubjectErased>;

export type PrivacyEvent = ErasureRequested | SubjectErased;
