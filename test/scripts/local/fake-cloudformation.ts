import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const reply = (action: string, result: string) =>
  `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${result}</${action}Result></${action}Response>`;

const stackXml = (name: string, status: string) =>
  `<Stacks><member><StackName>${name}</StackName><StackId>arn:${name}</StackId><StackStatus>${status}</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks>`;

const unknown = (name: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`;

/** A local AWS that has these stacks, with their states, and deletes them when asked. Keeps what was deleted, in order. */
export const startFakeCloudFormation = async (stacks: Readonly<Record<string, string>>) => {
  const left = new Map(Object.entries(stacks));
  const deleted: string[] = [];
  const answer = (asked: URLSearchParams): readonly [number, string] => {
    const { Action: action = '', StackName: name = '' } = Object.fromEntries(asked);
    if (action === 'GetCallerIdentity') return [200, reply(action, '<Account>000000000000</Account>')];
    if (action === 'DeleteStack' && left.delete(name)) deleted.push(name);
    if (action === 'DeleteStack') return [200, reply(action, '')];
    const status = left.get(name);
    return status === undefined ? [400, unknown(name)] : [200, reply(action, stackXml(name, status))];
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const [status, xml] = answer(new URLSearchParams(body));
    response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): Promise<unknown> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { endpoint, deleted, close };
};
