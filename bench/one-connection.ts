import { Agent, request } from 'node:http';

/** Posts JSON and answers with the status, once the whole answer is there. */
export const send = (agent: Agent, url: string, body: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url, { agent, method: 'POST', headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    outgoing.on('error', reject).end(body);
  });

/** One kept-alive connection. `post` answers with how many milliseconds the request took; anything but a 201 throws. */
export const oneConnection = () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    post: async (url: string, body: unknown): Promise<number> => {
      const text = JSON.stringify(body);
      const started = performance.now();
      const status = await send(agent, url, text);
      const took = performance.now() - started;
      if (status !== 201) throw new Error(`${url} answered ${status}`);
      return took;
    },
    close: () => agent.destroy(),
  };
};

/** Sends one request of each kind after another, so often, and gathers their times by kind. */
export const interleaved = async <Kind extends string>(
  rounds: number,
  kinds: Readonly<Record<Kind, (round: number) => Promise<number>>>,
  tell: (detail: string) => void,
): Promise<Record<Kind, number[]>> => {
  const names = Object.keys(kinds) as Kind[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Kind, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    if (round % 20 === 0) tell(`round ${round} of ${rounds}`);
    for (const name of names) times[name].push(await kinds[name](round));
  }
  return times;
};
