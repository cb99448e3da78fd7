import { Hash } from '@smithy/core/serde';

/**
 * Stands in for `@smithy/core/checksum` in the bundles: the hashes of Node.js alone, since the SDK's bring a second
 * implementation in JavaScript for runtimes without them (5 KB of each bundle).
 */
export const Sha256 = Hash.bind(null, 'sha256');
export const Md5 = Hash.bind(null, 'md5');
