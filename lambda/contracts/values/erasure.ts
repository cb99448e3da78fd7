import * as z from 'zod';

/** The states of an erasure. It is `WAITING` while an order or a return of the person is open. */
export const ErasureState = z.enum(['REQUESTED', 'WAITING', 'ERASED']);
export type ErasureState = z.infer<typeof ErasureState>;

/** Whom an erasure is about: a user with an account, or a guest with an address. */
export const SubjectKind = z.enum(['user', 'guest']);
export type SubjectKind = z.infer<typeof SubjectKind>;

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

export const ErasureId = z.string().regex(new RegExp(`^ERA-${uuid}$`), `must look like ERA-${'0'.repeat(8)}-…`);
export type ErasureId = z.infer<typeof ErasureId>;

/** The name of what was erased, as it names keys: `order~ORD-000001` or `user~<user ID>`. */
export const SubjectName = z.string().regex(/^(?:order~ORD-\d{6,12}|user~[A-Za-z0-9][A-Za-z0-9._-]{0,63})$/);
export type SubjectName = z.infer<typeof SubjectName>;

/** Returns the ID in a subject's name: `ORD-000001`. */
export const idOfSubject = (name: SubjectName): string => name.slice(name.indexOf('~') + 1);
