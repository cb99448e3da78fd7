import { redrive, startAudit } from './actions';
import { queueNames } from './queues';
import type { Simulation } from './simulate';
import { idle, pass, step } from './step';

const longest = 180;

const chances = {
  'time jumps': 0.012, // past visibility timeouts, in the middle of everything
  poison: 0.004,
};
const chancesWithLetters = { ...chances, redrive: 0.03, 'redrive to all queues': 0.01 };

const poisons = ['', 'not JSON', 'null', '[]', '{"specversion":"1.0"}', '{"type":"OrderPlaced.v9"}', '"\\u0000"'];

const poison = ({ world, messages, steps }: Simulation) => {
  const body = `${' '.repeat(steps)}${world.random.pick(poisons)}`;
  messages.send(world.random.pick(queueNames), { key: body, body, type: 'OrderPlaced.v1', tenantId: 'default' });
};

const redriveOne = ({ world, messages }: Simulation, everywhere: boolean) => {
  const letters = [...messages.letters.values()];
  if (letters.length > 0) redrive(world, messages, world.random.pick(letters), everywhere);
};

const disturbances: Readonly<Record<string, (simulation: Simulation) => void>> = {
  'time jumps': (simulation) => pass(simulation, 1000 + simulation.world.random.below(90_000)),
  redrive: (simulation) => redriveOne(simulation, false),
  'redrive to all queues': (simulation) => redriveOne(simulation, true),
  poison,
};

/** What people do at any time, and how often. */
const daily = ({ world, system, shop, intents, people, keepers, merchants, returners }: Simulation) => {
  const { random } = world;
  if (random.chance(0.03) && intents.length > 0) shop.read(random.pick(intents), random.chance(0.3));
  if (random.chance(0.15)) people.act();
  if (random.chance(0.04)) keepers.act();
  if (random.chance(0.015)) merchants.act();
  if (random.chance(0.06)) returners.act();
  if (random.chance(0.002)) startAudit(world, system);
};

/** The first phase: everything that can go wrong may. */
export const chaos = async (simulation: Simulation): Promise<void> => {
  const { world, shop } = simulation;
  simulation.nextOperatorAt = Number.POSITIVE_INFINITY;
  while (simulation.steps < longest) {
    const fault = world.faults.at('moment', simulation.messages.letters.size > 0 ? chancesWithLetters : chances);
    if (fault !== undefined) {
      world.note(`!! ${fault}`);
      disturbances[fault]?.(simulation);
    }
    daily(simulation);
    if (await step(simulation)) continue;
    if (shop.open().length === 0 && world.scheduler.running() === 0) simulation.steps += 20; // little is left to happen
    idle(simulation);
  }
};
