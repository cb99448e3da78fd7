import { MIMEType } from 'node:util';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { traceparentOf } from '../trace';

/** A media type and its charset, in lower case. */
export type MediaType = { readonly type: string; readonly charset: string | undefined };

/** Parses `Content-Type` with any parameters, quoted or not. Returns undefined when it is not a media type. */
export const mediaTypeOf = (header = ''): MediaType | undefined => {
  try {
    const { essence, params } = new MIMEType(header);
    return { type: essence, charset: params.get('charset')?.trim().toLowerCase() };
  } catch {
    return undefined;
  }
};

/** A request whose caller is not yet known: header names in lower case, body not yet parsed. */
export type Incoming = {
  readonly header: (name: string) => string | undefined;
  readonly pathParameter: (name: string) => string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  /** The raw body; missing where API Gateway has already decoded it as UTF-8. */
  readonly bytes?: Uint8Array | undefined;
  /** The IP address that the request came from. */
  readonly sourceIp: string;
  /** The authorizer's context, not yet validated. */
  readonly authorizer: unknown;
  /** Identifies the request in every log line and event that results from it. */
  readonly correlationId: string;
  readonly traceparent: string | undefined;
};

const ownCorrelationId = /^[A-Za-z0-9._-]{8,128}$/;

/** Returns the headers by lower-case name. Repeated headers are joined by commas, as RFC 9110 says. */
const headersOf = ({ headers, multiValueHeaders }: APIGatewayProxyEvent): Map<string, string> => {
  const all = new Map<string, string>();
  for (const [name, value] of Object.entries(headers ?? {})) {
    const values = multiValueHeaders?.[name]?.join(', ') ?? value;
    if (values !== undefined) all.set(name.toLowerCase(), values);
  }
  return all;
};

/** Joins the values of a repeated parameter, so that validation sees all of them. */
const queryOf = ({ queryStringParameters, multiValueQueryStringParameters }: APIGatewayProxyEvent) =>
  Object.fromEntries(
    Object.entries(queryStringParameters ?? {}).map(([name, value]) => {
      const values = multiValueQueryStringParameters?.[name];
      return [name, values === undefined ? (value ?? '') : values.join(', ')];
    }),
  );

/** Returns the size of the body in bytes. */
export const bodyLength = ({ body, bytes }: Pick<Incoming, 'body' | 'bytes'>): number =>
  bytes?.length ?? Buffer.byteLength(body);

/** Returns the request of an API Gateway event. */
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
