import type { HealthResponse } from '../contracts/order-api';
import type { Answer } from '../kernel/http/http';

/** Asks one dependency for a sign of life; a throw means that it is not there. */
export type Probe = () => Promise<unknown>;

const ask = async (probe: Probe, now: () => number): Promise<HealthResponse['dependencies'][string]> => {
  const startedAt = now();
  const status = await probe().then(
    () => 'ok' as const,
    () => 'failed' as const,
  );
  return { status, milliseconds: Math.round(now() - startedAt) };
};

/** `GET /health`: 200 when every dependency answers, else 503, with each one's state. */
export const healthRoute =
  (build: string, probes: Readonly<Record<string, Probe>>, now: () => number) => async (): Promise<Answer> => {
    const answers = await Promise.all(
      Object.entries(probes).map(async ([name, probe]) => [name, await ask(probe, now)] as const),
    );
    const healthy = answers.every(([, { status }]) => status === 'ok');
    const body: HealthResponse = {
      status: healthy ? 'ok' : 'degraded',
      build,
      dependencies: Object.fromEntries(answers),
    };
    return { status: healthy ? 200 : 503, body };
  };
