import { type SignedCall, signedCall } from '../lib/system/signed-call';
import { clientConfig } from './emulator/endpoint';

/** What is deployed only where the local AWS has it, by the name of the context value that leaves it out. */
const wanted = {
  auth: {
    without: 'none',
    needs: 'Cognito',
    consequence: 'accounts are left out: guests can order, nobody can sign in',
    call: {
      service: 'cognito-idp',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.ListUserPools',
      },
      body: '{"MaxResults":1}',
    },
  },
  live: {
    without: 'off',
    needs: 'WebSocket APIs (API Gateway v2)',
    consequence: 'the live status is left out: clients ask GET /orders/{orderId}?waitForVersion=N instead',
    call: { service: 'apigateway', method: 'GET', path: '/v2/apis' },
  },
} as const satisfies Readonly<
  Record<string, { without: string; needs: string; consequence: string; call: SignedCall }>
>;

/** Context values that choose what is deployed; missing ones are settled by what the local AWS offers. */
export type Choice = { readonly auth?: unknown; readonly live?: unknown; readonly services?: unknown };

/** What `npm start` was asked for. */
export type Chosen = { readonly [name in 'auth' | 'live' | 'services']: string | undefined };

/** With everything that was not left out. The core alone has neither accounts nor live status, so nothing is added to it. */
export const complete = ({ auth, live, services }: Chosen): Chosen =>
  services === 'core' ? { auth, live, services } : { auth: auth ?? 'cognito', live: live ?? 'on', services };

const unknownCall =
  /not included|not (yet )?(been )?(implemented|supported|emulated|available)|license|unknown ?(operation|service|action)|invalid ?action/i;

/** Whether an answer means that this service is not offered here; one that is ill means nothing. */
const isRefusal = (status: number, body: string): boolean => {
  if (status < 400) return false;
  if (status === 501 || status === 404 || status === 405) return true;
  return unknownCall.test(body);
};

const offers = async (endpoint: string, call: SignedCall, timeoutMs: number): Promise<boolean> => {
  try {
    const response = await signedCall(clientConfig(endpoint), { timeoutMs, ...call });
    return !isRefusal(response.status, await response.text());
  } catch {
    return true; // nobody answers, or not in time: that says nothing about what there is
  }
};

export type Offered<Given> = { readonly choice: Given; readonly leftOut: readonly string[] };

/**
 * Completes a choice by what the local AWS at the endpoint offers, and says in one line each what is left out and why.
 * What was chosen is not asked about, and nothing for the core alone. Where nothing answers, nothing is left out.
 */
export const chooseByOffer = async <Given extends Choice>(
  endpoint: string,
  given: Given,
  timeoutMs = 5_000,
): Promise<Offered<Given>> => {
  const names = given.services === 'core' ? [] : (['auth', 'live'] as const); // the core has neither
  const open = names.filter((name) => given[name] === undefined);
  const offered = await Promise.all(open.map((name) => offers(endpoint, wanted[name].call, timeoutMs)));
  const missing = open.filter((_, index) => !offered[index]);
  return {
    choice: { ...given, ...Object.fromEntries(missing.map((name) => [name, wanted[name].without])) },
    leftOut: missing.map(
      (name) => `The local AWS at ${endpoint} has no ${wanted[name].needs}, so ${wanted[name].consequence}.`,
    ),
  };
};

/** The context of a CDK app. */
type Context = {
  readonly tryGetContext: (name: string) => unknown;
  readonly setContext: (name: string, value: unknown) => void;
};

/**
 * Leaves out of a CDK app what the local AWS at AWS_ENDPOINT_URL does not offer, by its context, whoever runs the app.
 * Tells each on standard error, where the CDK shows it. Without an endpoint, or where nothing answers, nothing is.
 */
export const leaveOutWhatIsMissing = async (
  context: Context,
  { AWS_ENDPOINT_URL }: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> => {
  const isLocal = (context.tryGetContext('stage') ?? 'local') === 'local';
  if (!isLocal || !AWS_ENDPOINT_URL) return;
  const names = ['auth', 'live', 'services'] as const;
  const given: Choice = Object.fromEntries(names.map((name) => [name, context.tryGetContext(name)]));
  const { choice, leftOut } = await chooseByOffer(AWS_ENDPOINT_URL.replace(/\/+$/, ''), given);
  for (const [name, value] of Object.entries(choice)) if (value !== undefined) context.setContext(name, value);
  for (const line of leftOut) process.stderr.write(`${line}\n`);
};
