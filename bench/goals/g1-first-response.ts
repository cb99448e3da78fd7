import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { benchFolder, type DeployedFunction, functionNamed, naive, placeOrder } from '../assembly';
import type { Context, GoalDefinition } from '../context';
import { apiEvent, orderBody } from '../events';
import { lambdaEnvironment } from '../processes';
import { median, significant } from '../statistics';
import { startStubAws } from '../stub-aws';

const rounds = 15;
const memory = 256;
const coreShare = memory / 1769; // Lambda gives a whole core at 1,769 MB

const coldFolder = join(__dirname, '..', 'cold');
const Answer = z.tuple([z.object({ load: z.number() }), z.object({ call: z.number(), statusCode: z.literal(201) })]);

type Start = { readonly load: number; readonly call: number };

const coldStart = async (fn: DeployedFunction, endpoint: string, eventFile: string): Promise<Start> => {
  const args = [join(coldFolder, 'quota.py'), String(coreShare), process.execPath];
  const env = lambdaEnvironment(endpoint, { ...fn, memory });
  const worker = [join(coldFolder, 'first-response.mjs'), fn.bundle, eventFile];
  const { stdout } = await promisify(execFile)('python3', [...args, ...worker], { env, timeout: 60_000 });
  const lines = stdout.split('\n').filter((line) => /^\{"(load|call)"/.test(line));
  const parsed = Answer.safeParse(lines.map((line) => JSON.parse(line)));
  if (!parsed.success) throw new Error(`${fn.name} gave no first response:\n${stdout}`);
  return { load: parsed.data[0].load, call: parsed.data[1].call };
};

const measureAll = async ({ functions, tell }: Context, endpoint: string) => {
  const eventFile = join(benchFolder, 'event.json');
  writeFileSync(eventFile, JSON.stringify(apiEvent(orderBody())));
  const ours: Start[] = [];
  const usual: Start[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    tell(`cold start ${round} of ${rounds}`);
    ours.push(await coldStart(functionNamed(functions, placeOrder), endpoint, eventFile));
    usual.push(await coldStart(functionNamed(functions, naive), endpoint, eventFile));
  }
  return { ours, usual };
};

const totalOf = (starts: readonly Start[]) => median(starts.map(({ load, call }) => load + call));
const partsOf = (starts: readonly Start[]) => ({
  load: significant(median(starts.map(({ load }) => load))),
  firstCall: significant(median(starts.map(({ call }) => call))),
});

export const g1: GoalDefinition = {
  id: 'G1',
  what: "time to first response of the order function under Lambda's CPU rule ÷ the usual setup",
  measure: async (context) => {
    const aws = await startStubAws();
    try {
      const { ours, usual } = await measureAll(context, aws.endpoint);
      const value = significant(totalOf(ours) / totalOf(usual));
      return {
        figures: [
          { what: 'time to first response', unit: '÷ usual', baseline: 1, value, target: 0.25, better: 'lower' },
        ],
        note: `Loading at full speed, then the first call held to ${significant(coreShare)} of a core (256 MB) in periods of 20 ms by bench/cold/quota.py; medians of ${rounds} interleaved cold starts of the deployed bundles, each with an AWS on loopback that answers at once. Without Node's own start, and without TLS, which the order function also pays while it loads.`,
        details: { milliseconds: { ours: partsOf(ours), usual: partsOf(usual) } },
      };
    } finally {
      aws.stop();
    }
  },
};
