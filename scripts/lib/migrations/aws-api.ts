import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { serviceUrl } from '../../../lambda/kernel/aws/aws-endpoint';
import { type KeyService, kmsKeyService } from '../../../lambda/kernel/sealing/key-service';
import { type Access, signedCall } from '../system/signed-call';
import { clientOptions, type System } from '../system/system';

type Where = Pick<System, 'endpoint' | 'region'>;

/** Returns how a service is asked for which no SDK client is installed, with the credentials that one would find. */
const accessTo = (service: string, where: Where): Access => {
  const { region, endpoint } = where;
  const { credentials } = new DynamoDBClient(clientOptions(where)).config;
  return { region, endpoint: serviceUrl(service, { region, endpoint }), credentials };
};

const contentType = 'application/x-amz-json-1.1';
const Failure = z.object({ __type: z.string().optional(), message: z.string().optional() });

/** Returns a caller of a JSON API of AWS. It throws an error that is named as AWS names it. */
export const awsApi = (where: Where, { service, target }: { readonly service: string; readonly target: string }) => {
  const access = accessTo(service, where);
  return async (action: string, input: object): Promise<unknown> => {
    const headers = { 'content-type': contentType, 'x-amz-target': `${target}.${action}` };
    const response = await signedCall(access, { service, headers, body: JSON.stringify(input) });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    const { __type, message = `${service} answered ${action} with ${response.status}` } =
      Failure.safeParse(answer).data ?? {};
    throw Object.assign(new Error(message), {
      name: __type?.replace(/^.*#/, '') ?? `HTTP ${response.status}`,
      $fault: response.status < 500 ? 'client' : 'server', // as errors of the SDK say it
    });
  };
};

/** Returns KMS as functions use it, with the credentials of an operator. */
export const operatorKeyService = (where: Where, masterKey: string): KeyService => {
  const access = accessTo('kms', where);
  const send: Parameters<typeof kmsKeyService>[1] = ({ service, headers, body = '' }) =>
    signedCall(access, { service, headers: { ...headers, 'content-type': contentType }, body });
  return kmsKeyService(masterKey, send, () => access.endpoint);
};
