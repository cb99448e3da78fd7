/**
 * Replaces `@aws-sdk/endpoint-cache` in the bundles (8 KB of each) with a cache that stores nothing: DynamoDB's client
 * creates one for endpoint discovery, which no function turns on.
 */
export class EndpointCache {
  get(): undefined {
    return undefined;
  }

  set(): void {}

  delete(): void {}

  has(): boolean {
    return false;
  }
}
