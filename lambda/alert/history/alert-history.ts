import type { AlertState, AlertView } from '../../contracts/api/alert-api';
import type { AlertEvent, AlertType, Severity } from '../../contracts/events/alert-events';
import { conflict, retryOnConflict } from '../../kernel/retry';
import { type Tenant, trustedTenant } from '../../kernel/tenant';

/** One entry of an alert's history. An entry from an event has the version of the alert in that event. */
export type AlertChange = {
  readonly what: 'raised' | 'resolved' | 'acknowledged';
  readonly at: string;
  readonly sourceVersion?: number | undefined;
  readonly error?: string | undefined;
  readonly by?: string | undefined;
  readonly note?: string | undefined;
};

export type Acknowledgement = { readonly by: string; readonly at: string; readonly note: string };

/** An alert with its history, as operations see it. */
export type AlertRecord = {
  readonly tenant: Tenant;
  /** The type and the subject: `double_payment.ORD-000001`. */
  readonly alertId: string;
  readonly type: AlertType;
  readonly severity?: Severity | undefined;
  readonly orderId?: string | undefined;
  readonly productId?: string | undefined;
  readonly externalPaymentId?: string | undefined;
  readonly state: AlertState;
  readonly error: string;
  readonly count: number;
  readonly firstAt: string;
  readonly raisedAt: string;
  readonly resolvedAt?: string | undefined;
  /** The person who closed it. Missing when a check resolved it. */
  readonly closed?: Acknowledgement | undefined;
  readonly acknowledgement?: Acknowledgement | undefined;
  readonly history: readonly AlertChange[];
  /** The version of the newest event. An older event changes only the history. */
  readonly sourceVersion: number;
  readonly updatedAt: string;
  readonly version: number;
};

const historyLength = 50;

const versionOf = ({ id }: AlertEvent): number => Number(id.slice(id.lastIndexOf(':') + 1));

const changeOf = (event: AlertEvent): AlertChange => {
  const sourceVersion = versionOf(event);
  return event.type === 'AlertRaised.v1'
    ? { what: 'raised', at: event.time, sourceVersion, error: event.data.error }
    : { what: 'resolved', at: event.data.resolvedAt, sourceVersion, by: event.data.by, note: event.data.note };
};

const withChange = (history: readonly AlertChange[], change: AlertChange): AlertChange[] =>
  [...history, change].sort((one, other) => one.at.localeCompare(other.at)).slice(-historyLength);

/** Whether the history has a change, or had it before it was cut. */
const isRecorded = ({ history }: AlertRecord, { sourceVersion = 0, at }: AlertChange): boolean => {
  const [oldest] = history;
  if (history.some((change) => change.sourceVersion === sourceVersion)) return true;
  return history.length === historyLength && oldest !== undefined && at < oldest.at;
};

/** The time and error of the last raise. Falls back to the stored ones when the history was cut. */
const lastRaised = (history: readonly AlertChange[], known: AlertRecord | undefined, event: AlertEvent) => {
  const { error, at } = history.findLast(({ what }) => what === 'raised') ?? {};
  return { error: error ?? known?.error ?? '-', raisedAt: at ?? known?.raisedAt ?? event.data.firstAt };
};

/** The fields of an alert that its newest event sets. */
const fieldsOf = (event: AlertEvent) => {
  const { type, severity, orderId, productId, externalPaymentId, count, firstAt } = event.data;
  const subject = { orderId, productId, externalPaymentId };
  const about = { type, severity, ...subject, count, firstAt, sourceVersion: versionOf(event) };
  if (event.type === 'AlertRaised.v1')
    return { ...about, state: 'RAISED', resolvedAt: undefined, closed: undefined } as const;
  const { resolvedAt, by, note = '-' } = event.data;
  const closed = by === undefined ? undefined : { by, at: resolvedAt, note };
  return { ...about, state: 'RESOLVED', resolvedAt, closed } as const;
};

/** Applies an event to an alert, in any order of delivery. Returns undefined when it was applied already. */
const recordEvent = (known: AlertRecord | undefined, event: AlertEvent, now: Date): AlertRecord | undefined => {
  const change = changeOf(event);
  if (known !== undefined && isRecorded(known, change)) return undefined;
  const history = withChange(known?.history ?? [], change);
  const isNewest = known === undefined || versionOf(event) > known.sourceVersion;
  return {
    tenant: trustedTenant(event.tenantid),
    alertId: event.subject,
    ...(isNewest ? fieldsOf(event) : known),
    ...lastRaised(history, known, event),
    history,
    acknowledgement: isNewest && change.what === 'raised' ? undefined : known?.acknowledgement,
    updatedAt: now.toISOString(),
    version: (known?.version ?? 0) + 1,
  };
};

/** Marks an alert as being worked on by a person. */
export const acknowledge = (alert: AlertRecord, acknowledgement: Acknowledgement): AlertRecord => ({
  ...alert,
  acknowledgement,
  history: withChange(alert.history, { what: 'acknowledged', ...acknowledgement }),
  updatedAt: acknowledgement.at,
  version: alert.version + 1,
});

const maxAttempts = 10; // writers that may be faster

/** The stored alerts. `save` returns false when another writer was faster. */
type Alerts = {
  readonly get: (tenant: Tenant, alertId: string) => Promise<AlertRecord | undefined>;
  readonly save: (alert: AlertRecord) => Promise<boolean>;
};

/** Projects alert events into the alert history. Repeated or reordered events give the same history. */
export const recordAlert =
  (alerts: Alerts, now: () => Date) =>
  (event: AlertEvent): Promise<void> =>
    retryOnConflict(
      {
        attempts: maxAttempts,
        onExhausted: `the alert ${event.subject} changed ${maxAttempts} times while its event was being applied`,
      },
      async () => {
        const known = await alerts.get(trustedTenant(event.tenantid), event.subject);
        const next = recordEvent(known, event, now());
        return next === undefined || (await alerts.save(next)) ? undefined : conflict;
      },
    );

/** Returns the alert as the API shows it. */
export const alertView = ({ tenant: _t, sourceVersion: _s, history, ...shown }: AlertRecord): AlertView => ({
  ...shown,
  history: history.map(({ what, at, error, by, note }) => ({ what, at, error, by, note })),
});
