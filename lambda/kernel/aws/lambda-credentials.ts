import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Replaces `@aws-sdk/credential-provider-node` in the bundles: Lambda sets credentials in the environment, so the
 * clients of SSO, STS, profiles and instance metadata are not needed (90 KB of each bundle).
 */
export const defaultProvider = fromEnv;
