import { type Simulator, startSimulator } from '../../scripts/payment-simulator/server';

type Wanted = {
  readonly scenario: string;
  readonly paymentId?: string;
  readonly orderId?: string;
  readonly tenant?: string;
  readonly next?: true;
  readonly all?: true;
  readonly autoPay?: boolean;
  readonly delayMs?: number;
  readonly times?: number;
};

/** A payment as the simulator shows it. */
export type ShownPayment = {
  readonly provider: 'stripe' | 'paypay';
  readonly id: string;
  readonly tenant?: string;
  readonly paymentId?: string;
  readonly orderId?: string;
  readonly amount: number;
  readonly currency: string;
  /** What the provider was asked to let the customer choose from. */
  readonly methods: readonly string[];
  readonly state: string;
  readonly captured: number;
  readonly refunded: number;
  readonly refunds: readonly { readonly id: string; readonly amount: number; readonly state: string }[];
  readonly page: string;
};

export type ShownDelivery = {
  readonly provider: string;
  readonly paymentId: string;
  readonly type: string;
  readonly forged: boolean;
  readonly status?: number;
};

/** Tells a running simulator what to do, and asks it what there is. */
export const simulatorAt = (url: string) => {
  const ask = async (method: string, path: string, body?: unknown) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, { method, ...sent });
    if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  return {
    url,
    play: async (wanted: Wanted): Promise<void> => void (await ask('POST', '/simulator/scenarios', wanted)),
    pay: async (id: string): Promise<void> => void (await ask('POST', `/simulator/payments/${id}/pay`)),
    refuse: async (id: string): Promise<void> => void (await ask('POST', `/simulator/payments/${id}/refuse`)),
    /** In the provider's dashboard: an amount, or all that is left. */
    refund: async (id: string, amount?: number): Promise<void> =>
      void (await ask('POST', `/simulator/payments/${id}/refund`, amount === undefined ? {} : { amount })),
    dispute: async (id: string, given: { readonly amount?: number; readonly status?: string } = {}): Promise<void> =>
      void (await ask('POST', `/simulator/payments/${id}/dispute`, given)),
    payments: async (query: Record<string, string> = {}): Promise<ShownPayment[]> =>
      ((await ask('GET', `/simulator/payments?${new URLSearchParams(query)}`)) as { payments: ShownPayment[] })
        .payments,
    deliveries: async (): Promise<ShownDelivery[]> =>
      ((await ask('GET', '/simulator/webhooks')) as { deliveries: ShownDelivery[] }).deliveries,
  };
};

export type SimulatorClient = ReturnType<typeof simulatorAt>;

/** Where webhooks go that nobody waits for: nothing listens there. */
const nowhere = 'http://127.0.0.1:1/{provider}';

/** A simulator of its own on a free port. */
export const startPaymentSimulator = (webhookUrl = nowhere): Promise<Simulator> =>
  startSimulator({ port: 0, webhookUrl });

/** The simulator that the system of the flow tests asks: its set-up has started it on a free port. */
export const flowSimulator = (): SimulatorClient => {
  const url = process.env.FLOW_SIMULATOR_URL;
  if (url === undefined) throw new Error('there is no FLOW_SIMULATOR_URL: the set-up of the flow tests fills it');
  return simulatorAt(url);
};
