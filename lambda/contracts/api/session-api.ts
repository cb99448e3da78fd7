import * as z from 'zod';
import { Email } from '../values/email';
import { personal } from '../values/personal';
import { opaqueText, TenantId, UserId } from '../values/text';
import type { OperationContract } from './operation';
import { type Operation, roles } from './routes';
import { SignInEmail, TotpCode } from './sign-in-api';

const either = { message: 'must have an e-mail address and a password, or an ID token, and not both' };

/** Either an e-mail address and password of this system, or an ID token of an external identity provider. */
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

/** The logged-in user. It has no token: the cookie `sid`, which scripts cannot read, identifies the session. */
export const SessionView = z.object({
  user: z.object({
    userId: UserId,
    tenantId: TenantId,
    email: personal('account', Email).optional(),
    roles: z.array(z.enum(roles)),
  }),
  /** The value of `X-CSRF-Token` for unsafe requests. It stays the same during the session. */
  csrfToken: z.string().length(43),
  /** The latest end of the session. */
  expiresAt: z.iso.datetime(),
});
export type SessionView = z.infer<typeof SessionView>;

const csrf = z.object({ 'X-CSRF-Token': z.string().optional() });

const everywhere =
  'Each operation of the API is at `/api/…` too, for pages: `GET /api/orders` is `GET /orders` as whoever has the ' +
  'session of the cookie `sid`, or as a guest without one. What changes something must send `X-CSRF-Token`.';

/** The contracts of the browser session operations. */
export const sessionOperations = {
  createSession: {
    summary: 'Log in from a browser',
    description: `Sets the cookie \`sid\` of a new session and ends the previous one. ${everywhere}`,
    tag: 'Sign-in',
    body: CreateSessionRequest,
    answers: { 201: SessionView },
    sends: ['Set-Cookie'],
    problems: ['InvalidCredentials', 'TotpCodeRequired', 'TotpSetupRequired', 'NotFound', 'SessionStoreUnavailable'],
  },
  getSession: {
    summary: 'Read who is logged in',
    description: `Identifies the session by the cookie \`sid\`. ${everywhere}`,
    tag: 'Sign-in',
    answers: { 200: SessionView },
    sends: ['Set-Cookie'],
    problems: ['SessionRequired', 'SessionStoreUnavailable'],
  },
  deleteSession: {
    summary: 'Log out from a browser',
    description: 'Ends the session of the cookie `sid` and its log-in. Without a session, nothing happens.',
    tag: 'Sign-in',
    headers: csrf,
    answers: { 204: null },
    sends: ['Set-Cookie'],
    problems: ['CsrfTokenInvalid', 'SessionStoreUnavailable'],
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
