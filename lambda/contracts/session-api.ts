import * as z from 'zod';
import { Email } from './email';
import type { OperationContract } from './operation';
import { type Operation, roles } from './routes';
import { SignInEmail, TotpCode } from './sign-in-api';
import { opaqueText, TenantId, UserId } from './text';

const either = { message: 'must have an e-mail address and a password, or an ID token, and not both' };

/** Either what the accounts of this system are opened with, or a token of the identity provider that keeps them. */
export const CreateSessionRequest = z
  .strictObject({
    email: SignInEmail.optional(),
    password: opaqueText(256).optional(),
    totpCode: TotpCode.optional(),
    idToken: opaqueText(8192).optional(),
  })
  .refine(({ email, password, totpCode, idToken }) => {
    const withPassword = email !== undefined && password !== undefined;
    const nothingElse = email === undefined && password === undefined && totpCode === undefined;
    return idToken === undefined ? withPassword : nothingElse;
  }, either);

/** Who is logged in. No token is in it: the cookie `sid` stands for it, and no script can read that. */
export const SessionView = z.object({
  user: z.object({
    userId: UserId,
    tenantId: TenantId,
    email: Email.optional(),
    roles: z.array(z.enum(roles)),
  }),
  /** What unsafe requests send back as `X-CSRF-Token`. It is the same for as long as the session lasts. */
  csrfToken: z.string().length(43),
  /** When the session ends at the latest. */
  expiresAt: z.iso.datetime(),
});
export type SessionView = z.infer<typeof SessionView>;

const csrf = z.object({ 'X-CSRF-Token': z.string().max(256).optional() });

const everywhere =
  'Each operation of the API is at `/api/…` too, for pages: `GET /api/orders` is `GET /orders` as whoever has the ' +
  'session of the cookie `sid`, or as a guest without one. What changes something must send `X-CSRF-Token`.';

/** What the operations of a browser’s session take and answer. */
export const sessionOperations = {
  createSession: {
    summary: 'Log in from a browser',
    description: `The cookie \`sid\` stands for the session from then on; a session before it ends. ${everywhere}`,
    tag: 'Sign-in',
    body: CreateSessionRequest,
    answers: { 201: SessionView },
    sends: ['Set-Cookie'],
    problems: ['InvalidCredentials', 'TotpCodeRequired', 'TotpSetupRequired', 'NotFound', 'SessionStoreUnavailable'],
  },
  getSession: {
    summary: 'Tell who is logged in',
    description: `By the cookie \`sid\`. ${everywhere}`,
    tag: 'Sign-in',
    answers: { 200: SessionView },
    sends: ['Set-Cookie'],
    problems: ['SessionRequired', 'SessionStoreUnavailable'],
  },
  deleteSession: {
    summary: 'Log out from a browser',
    description:
      'Ends the session of the cookie `sid`, and the log-in that it comes from. Without one, nothing happens.',
    tag: 'Sign-in',
    headers: csrf,
    answers: { 204: null },
    sends: ['Set-Cookie'],
    problems: ['CsrfTokenInvalid', 'SessionStoreUnavailable'],
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
