/**
 * Stands in for `@aws-sdk/endpoint-cache` in the bundles: DynamoDB's client makes one for endpoint discovery, which no
 * function turns on (8 KB of each bundle). It keeps nothing, as an endpoint cache may.
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
