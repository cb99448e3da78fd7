/** `a=1&metadata[tenant]=x&expand[0]=y` as Stripe's SDK sends it. */
export const readForm = (body: string): URLSearchParams => new URLSearchParams(body);

/** The values of `name[key]`. */
export const nested = (form: URLSearchParams, name: string): Record<string, string> =>
  Object.fromEntries(
    [...form].flatMap(([key, value]) => {
      const inner = key.startsWith(`${name}[`) && key.endsWith(']') ? key.slice(name.length + 1, -1) : '';
      return inner === '' ? [] : [[inner, value]];
    }),
  );

/** The same form whatever its order: what an idempotency key stands for. */
export const canonical = (form: URLSearchParams): string =>
  [...form]
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join('&');
