import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { clientConfig } from './endpoint';

/**
 * Says yes to the e-mail that SES would send to the owner of the address that the deployed functions send from. A local AWS
 * refuses mails from an address that nobody has verified, as AWS does. Doing it twice changes nothing.
 */
export const verifySender = async (endpoint: string): Promise<void> => {
  const senders = new Set<string>();
  for await (const { Functions = [] } of paginateListFunctions(
    { client: new LambdaClient(clientConfig(endpoint)) },
    {},
  ))
    for (const { Environment } of Functions) {
      const sender = Environment?.Variables?.SENDER_EMAIL;
      if (sender !== undefined) senders.add(sender);
    }
  const ses = new SESClient(clientConfig(endpoint));
  for (const EmailAddress of senders) await ses.send(new VerifyEmailIdentityCommand({ EmailAddress }));
};
