import type { HealthResponse } from '../contracts/api/order-api';
import type { Answer } from '../kernel/http/answer';

/** Checks one dependency. Throws when it does not respond. */
export type Probe = () => Promise<unknown>;

const check = async (probe: Probe, now: () => number): Promise<HealthResponse['dependencies'][string]> => {
  const startedAt = now();
  const status = await probe().then(
    () => 'ok' as const,
    () => 'failed' as const,
  );
  return { status, milliseconds: Math.round(now() - startedAt) };
};

/** `GET /health`: returns 200 when every dependency responds, else 503, with the state of each. */
export const healthRoute =
  (build: string, probes: Readonly<Record<string, Probe>>, now: () => number) => async (): Promise<Answer> => {
    const answers = await Promise.all(
      Object.entries(probes).map(async ([name, probe]) => [name, await check(probe, now)] as const),
    );
    const healthy = answers.every(([, { status }]) => status === 'ok');
    const body: HealthResponse = {
      status: healthy ? 'ok' : 'degraded',
      build,
      dependencies: Object.fromEntries(answers),
    };
    return { status: healthy ? 200 : 503, body };
  };
