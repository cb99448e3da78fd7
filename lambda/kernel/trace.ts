const w3c = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const xray = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})(?:;Parent=([0-9a-f]{16}))?(?:;Sampled=([01]))?/;

/** Returns a request's W3C trace context: its own `traceparent`, or API Gateway's X-Ray header converted to one. */
export const traceparentOf = (traceparent: string | undefined, xrayHeader: string | undefined): string | undefined => {
  if (traceparent !== undefined && w3c.test(traceparent)) return traceparent;
  const [, epoch, unique, parent, sampled] = xray.exec(xrayHeader ?? '') ?? [];
  if (epoch === undefined || unique === undefined) return undefined;
  return `00-${epoch}${unique}-${parent ?? unique.slice(0, 16)}-0${sampled ?? '0'}`;
};
