import { MIMEType } from 'node:util';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { traceparentOf } from '../trace';

/** A media type in lower case, and the charset that it names. */
export type MediaType = { readonly type: string; readonly charset: string | undefined };

/** Reads `Content-Type` with whatever parameters, quoted or not. Returns undefined when it is none. */
export const mediaTypeOf = (header = ''): MediaType | undefined => {
  try {
    const { essence, params } = new MIMEType(header);
    return { type: essence, charset: params.get('charset')?.trim().toLowerCase() };
  } catch {
    return undefined;
  }
};

/** A request before anybody knows who sent it: header names in lower case, body not yet parsed. */
export type Incoming = {
  readonly header: (name: string) => string | undefined;
  readonly pathParameter: (name: string) => string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as it came; missing where API Gateway has read it as UTF-8 already. */
  readonly bytes?: Uint8Array | undefined;
  /** The address that the request came from. */
  readonly sourceIp: string;
  /** What the API's authorizer handed over, unchecked. */
  readonly authorizer: unknown;
  /** Names the request in every log line and event that comes of it. */
  readonly correlationId: string;
  readonly traceparent: string | undefined;
};

const ownCorrelationId = /^[A-Za-z0-9._-]{8,128}$/;

/** Header names in lower case. One that came more than once has all its values, as RFC 9110 joins them. */
const headersOf = ({ headers, multiValueHeaders }: APIGatewayProxyEvent): Map<string, string> => {
  const all = new Map<string, string>();
  for (const [name, value] of Object.entries(headers ?? {})) {
    const values = multiValueHeaders?.[name]?.join(', ') ?? value;
    if (values !== undefined) all.set(name.toLowerCase(), values);
  }
  return all;
};

/** One that came more than once has all its values, so that no contract takes it for one of them. */
const queryOf = ({ queryStringParameters, multiValueQueryStringParameters }: APIGatewayProxyEvent) =>
  Object.fromEntries(
    Object.entries(queryStringParameters ?? {}).map(([name, value]) => {
      const values = multiValueQueryStringParameters?.[name];
      return [name, values === undefined ? (value ?? '') : values.join(', ')];
    }),
  );

/** How many bytes the body has. */
export const bodyLength = ({ body, bytes }: Pick<Incoming, 'body' | 'bytes'>): number =>
  bytes?.length ?? Buffer.byteLength(body);

/** The request that API Gateway's event tells of. */
export const incoming = (event: APIGatewayProxyEvent): Incoming => {
  const headers = headersOf(event);
  const header = (name: string) => headers.get(name);
  const given = header('x-correlation-id') ?? '';
  const { requestId, identity, authorizer } = event.requestContext;
  const bytes = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64') : undefined;
  return {
    header,
    pathParameter: (name) => event.pathParameters?.[name] ?? '',
    query: queryOf(event),
    body: bytes?.toString('utf8') ?? event.body ?? '',
    bytes,
    sourceIp: identity?.sourceIp ?? 'unknown',
    authorizer,
    correlationId: ownCorrelationId.test(given) ? given : requestId,
    traceparent: traceparentOf(header('traceparent'), header('x-amzn-trace-id')),
  };
};
