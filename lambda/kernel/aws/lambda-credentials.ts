import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles: Lambda gives credentials in the environment, so the
 * clients of SSO, STS, profiles and instance metadata stay out (90 KB of each bundle).
 */
export const defaultProvider = fromEnv;
