import { Duration, Stack } from 'aws-cdk-lib';
import {
  AccountRecovery,
  type CfnUserPool,
  type CfnUserPoolClient,
  CfnUserPoolGroup,
  ClientAttributes,
  Mfa,
  StringAttribute,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
  UserPoolEmail,
} from 'aws-cdk-lib/aws-cognito';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { roles } from '../lambda/contracts/api/routes';
import { removalPolicy, type StageConfig } from './config';
import { accept, openToGuests } from './constructs/accept';
import type { ServiceFunction } from './constructs/service-function';

export interface AccountsProps {
  readonly config: StageConfig;
}

const tokenLife = Duration.hours(1);
const refreshTokenLife = Duration.days(30);

/** The Cognito user pool with the accounts of all tenants. Each role is a group. */
export class Accounts extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  /** The issuer in the tokens. */
  readonly issuer: string;

  constructor(scope: Construct, id: string, { config }: AccountsProps) {
    super(scope, id);
    this.pool = new UserPool(this, 'Users', {
      selfSignUpEnabled: true,
      signInAliases: { username: true }, // <tenant>/<e-mail>: the same address may sign up in each shop
      signInCaseSensitive: false,
      autoVerify: { email: true },
      keepOriginal: { email: true },
      standardAttributes: { email: { required: true, mutable: true }, fullname: { mutable: true } },
      customAttributes: { tenant: new StringAttribute({ mutable: true, minLen: 1, maxLen: 40 }) },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.OPTIONAL, // the functions require it, except for customers
      mfaSecondFactor: { otp: true, sms: false },
      email: config.keepData ? UserPoolEmail.withSES({ fromEmail: config.senderEmail }) : undefined,
      deletionProtection: config.deletionProtection,
      removalPolicy: removalPolicy(config),
    });
    if (config.keepData) this.sendMailsBy(config.senderIdentity);
    for (const groupName of roles)
      new CfnUserPoolGroup(this, `Group-${groupName}`, { userPoolId: this.pool.userPoolId, groupName });
    this.client = this.apiClient();
    const { region, urlSuffix } = Stack.of(this);
    this.issuer = `https://cognito-idp.${region}.${urlSuffix}/${this.pool.userPoolId}`;
    accept(this.pool, openToGuests, 'AwsSolutions-COG2', 'AwsSolutions-COG3', 'AwsSolutions-COG8');
  }

  /**
   * Sends mails by the identity that SES has verified: the sender's address or a domain of it, which the CDK refuses.
   */
  private sendMailsBy(resourceName: string): void {
    const identity = Stack.of(this).formatArn({ service: 'ses', resource: 'identity', resourceName });
    (this.pool.node.defaultChild as CfnUserPool).addPropertyOverride('EmailConfiguration.SourceArn', identity);
  }

  /** Allows `handler` these actions on accounts. */
  allow(handler: ServiceFunction, ...actions: `cognito-idp:${string}`[]): void {
    Grant.addToPrincipal({ grantee: handler, actions, resourceArns: [this.pool.userPoolArn] });
  }

  /** Adds the only client. Without its secret, nobody else can sign people up or try passwords. */
  private apiClient(): UserPoolClient {
    const written = new ClientAttributes().withStandardAttributes({ email: true, fullname: true });
    const client = this.pool.addClient('Api', {
      generateSecret: true,
      authFlows: { userPassword: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      idTokenValidity: tokenLife,
      accessTokenValidity: tokenLife,
      refreshTokenValidity: refreshTokenLife,
      writeAttributes: written, // not the tenant, which only the functions set
      readAttributes: written.withStandardAttributes({ emailVerified: true }).withCustomAttributes('tenant'),
    });
    this.useDefaultUnits(client);
    return client;
  }

  /** Uses Cognito's default units instead of the CDK's minutes, which a local AWS does not support. */
  private useDefaultUnits({ node }: UserPoolClient): void {
    const client = node.defaultChild as CfnUserPoolClient;
    client.idTokenValidity = tokenLife.toHours();
    client.accessTokenValidity = tokenLife.toHours();
    client.refreshTokenValidity = refreshTokenLife.toDays();
    client.tokenValidityUnits = { idToken: 'hours', accessToken: 'hours', refreshToken: 'days' };
  }
}
