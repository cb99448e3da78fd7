/** The metrics that functions write, for alarms and the dashboard. */
export type MetricName =
  | 'OrdersAccepted'
  | 'OrdersRefused'
  | 'StockShort'
  | 'AlertsRaised'
  | 'MessagesParked'
  | 'SweepFinds'
  | 'RelayLag'
  | 'PaymentDetailsUnknown'
  | 'SweepCannotHandle'
  | 'MailsWithheld';
