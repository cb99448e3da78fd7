/** List prices of us-east-1 in USD, as of 2026-11: aws.amazon.com/<service>/pricing, without free tiers or discounts. */
export const prices = {
  restRequest: 3.5 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  /** arm64, a GB-second. */
  lambdaGbSecond: 0.0000133334,
  /** DynamoDB on demand, since November 2024. */
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  /** A publish of up to 64 KB; a batch is one publish. Deliveries to SQS are free. */
  snsPublish: 0.5 / 1e6,
  /** A request of up to 64 KB. */
  sqsRequest: 0.4 / 1e6,
  logByte: 0.5 / 1e9,
  tracedRequest: 5 / 1e6,
  email: 0.1 / 1e3,
} as const;

/** The share of requests that X-Ray's default rule records under load. */
export const sampledShare = 0.05;

/**
 * What Lambda bills for one warm invocation, in milliseconds: an assumption (one DynamoDB write 5 ms, a transaction of
 * eleven 15 ms, ten e-mails at once 60 ms, and the CPU time on top), since no local AWS can tell it.
 */
export const billedMs: Readonly<Record<string, number>> = {
  'Order/Routes/PlaceOrder': 12,
  'Order/Relay/Function': 20,
  'Inventory/TakeStock': 30,
  'Notification/NotifyCustomer': 90,
  'Billing/BillOrder': 20,
  'Inventory/Relay/Function': 20,
  'Order/AdvanceOrder': 30,
};
