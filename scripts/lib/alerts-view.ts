import { AlertId, AlertState, type AlertView } from '../../lambda/contracts/api/alert-api';
import { AlertType, Severity } from '../../lambda/contracts/events/alert-events';
import { line, TenantId } from '../../lambda/contracts/values/text';
import { UsageError } from './command';
import type { Column } from './table';

/** What the command line may say. */
export type GivenAlerts = {
  readonly tenant?: string | undefined;
  readonly state?: string | undefined;
  readonly type?: string | undefined;
  readonly severity?: string | undefined;
  readonly acknowledge?: string | undefined;
  readonly close?: string | undefined;
  readonly note?: string | undefined;
};

export type AskedAlerts = {
  readonly tenant: string;
  readonly query: { readonly state?: AlertState; readonly type?: AlertType; readonly severity?: Severity };
  /** What is to be done with one alert. */
  readonly change?: { readonly alertId: string; readonly how: 'acknowledge' | 'close'; readonly note: string };
};

const oneOf = <Value extends string>(
  option: string,
  values: readonly Value[],
  given: string | undefined,
  shown: readonly string[] = values,
) => {
  const found = values.find((value) => value.toLowerCase() === given?.toLowerCase());
  if (given !== undefined && found === undefined)
    throw new UsageError(`--${option} "${given}": one of ${shown.join(', ')}. See --help.`);
  return found;
};

const changed = ({ acknowledge, close, note }: GivenAlerts): Pick<AskedAlerts, 'change'> => {
  if (acknowledge !== undefined && close !== undefined)
    throw new UsageError('--acknowledge and --close: say one of them. See --help.');
  const [how, alertId] = close === undefined ? (['acknowledge', acknowledge] as const) : (['close', close] as const);
  if (alertId === undefined && note === undefined) return {};
  if (alertId === undefined) throw new UsageError('--note: is for --acknowledge and --close. See --help.');
  if (note === undefined) throw new UsageError(`--${how}: needs --note. See --help.`);
  if (!AlertId.safeParse(alertId).success)
    throw new UsageError(`--${how} "${alertId}": an alert such as double_payment.ORD-000001. See --help.`);
  const parsed = line(500).safeParse(note);
  if (!parsed.success) throw new UsageError(`--note: ${parsed.error.issues[0]?.message}. See --help.`);
  return { change: { alertId, how, note } };
};

/** What the command line asks for; throws an error that says what is wrong with it. */
export const readAlertArguments = (given: GivenAlerts): AskedAlerts => {
  const { tenant = 'default' } = given;
  if (!TenantId.safeParse(tenant).success) throw new UsageError(`--tenant "${tenant}": no tenant has this name.`);
  const state = oneOf('state', [...AlertState.options, 'ALL'], given.state ?? 'RAISED', ['raised', 'resolved', 'all']);
  const type = oneOf('type', AlertType.options, given.type);
  const severity = oneOf('severity', Severity.options, given.severity);
  const query = {
    ...(state === undefined || state === 'ALL' ? {} : { state }),
    ...(type === undefined ? {} : { type }),
    ...(severity === undefined ? {} : { severity }),
  };
  return { tenant, query, ...changed(given) };
};

export const alertColumns: readonly Column[] = [
  { title: 'alert' },
  { title: 'severity' },
  { title: 'state' },
  { title: 'raised' },
  { title: 'times', align: 'right' },
  { title: 'what is wrong' },
  { title: 'seen to by' },
];

const seenTo = ({ closed, acknowledgement }: AlertView): string => {
  const last = closed ?? acknowledgement;
  return last === undefined ? '' : `${last.by}: ${last.note}`;
};

/** A table's rows, in the order of the list. */
export const alertRows = (alerts: readonly AlertView[]): (string | number)[][] =>
  alerts.map((alert) => [
    alert.alertId,
    alert.severity ?? '-',
    alert.resolvedAt === undefined ? 'raised' : `resolved ${alert.resolvedAt}`,
    alert.raisedAt,
    alert.count,
    alert.error,
    seenTo(alert),
  ]);
