import type { StockAlertType } from '../contracts/alert-events';
import type { Tenant } from '../kernel/tenant';

export type AlertKey = {
  readonly tenant: Tenant;
  readonly type: StockAlertType;
  /** The order or product that it is about. */
  readonly subject: string;
};

/** The event that something was learnt from: it goes into the event that comes of the alert. */
export type Cause = {
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceparent?: string | undefined;
};

/** `AlertNoted` changes nothing that anybody must hear of. */
export type AlertFact = { readonly type: 'AlertRaised' | 'AlertResolved' | 'AlertNoted' } & Cause;

/** One thing that is or was wrong, however often it happened. */
export type Alert = AlertKey & {
  readonly state: 'RAISED' | 'RESOLVED';
  readonly error: string;
  /** How often it was raised; 0 when it was over before anybody heard of it. */
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly resolvedAt?: string | undefined;
  /** The version of its order or product that it has come to: what is older is no news. */
  readonly sourceVersion: number;
  readonly version: number;
  readonly fact: AlertFact;
};

/** What a service says of an order or a product: something is wrong, or nothing is any more. */
export type Sign = AlertKey & {
  readonly sourceVersion: number;
  readonly at: string;
  readonly cause: Cause;
  /** What is wrong; missing when nothing is. */
  readonly error?: string | undefined;
};

const begun = ({ tenant, type, subject, at, cause }: Sign): Alert => ({
  tenant,
  type,
  subject,
  state: 'RESOLVED',
  error: '-',
  count: 0,
  firstAt: at,
  lastAt: at,
  sourceVersion: 0,
  version: 0,
  fact: { type: 'AlertNoted', ...cause },
});

const raise = (alert: Alert, error: string, { at, cause }: Sign): Alert => ({
  ...alert,
  state: 'RAISED',
  error,
  count: alert.state === 'RAISED' ? alert.count : alert.count + 1, // told again, it has not happened again
  firstAt: alert.count === 0 ? at : alert.firstAt,
  lastAt: at,
  resolvedAt: undefined,
  fact: { type: alert.state === 'RAISED' ? 'AlertNoted' : 'AlertRaised', ...cause },
});

const resolve = (alert: Alert, { at, cause }: Sign): Alert =>
  alert.state === 'RAISED'
    ? { ...alert, state: 'RESOLVED', resolvedAt: at, fact: { type: 'AlertResolved', ...cause } }
    : { ...alert, fact: { type: 'AlertNoted', ...cause } };

/** What a sign makes of an alert; nothing when it comes twice, or after a newer one. */
export const decide = (known: Alert | undefined, sign: Sign): Alert | undefined => {
  const alert = known ?? begun(sign);
  if (sign.sourceVersion <= alert.sourceVersion) return undefined;
  const next = sign.error === undefined ? resolve(alert, sign) : raise(alert, sign.error, sign);
  return { ...next, sourceVersion: sign.sourceVersion, version: alert.version + 1 };
};
