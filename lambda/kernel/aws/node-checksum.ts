import { Hash } from '@smithy/core/serde';

/**
 * Replaces `@smithy/core/checksum` in the bundles with the hashes of Node.js. The SDK's module adds a JavaScript
 * implementation for runtimes without them (5 KB of each bundle).
 */
export const Sha256 = Hash.bind(null, 'sha256');
export const Md5 = Hash.bind(null, 'md5');
