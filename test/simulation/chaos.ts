import { redrive, startAudit } from './actions';
import { queuesOf } from './queues';
import type { Simulation } from './simulation';
import { idle, pass, step } from './step';

/** How many steps the first phase has: payments take longer. */
const longest = { offline: 200, online: 780 };

const chances = {
  'time jumps': 0.012, // past visibility timeouts, in the middle of everything
  poison: 0.004,
};
const chancesWithDeadLetters = { ...chances, redrive: 0.03, 'redrive to all queues': 0.01 };

const poisons = ['', 'not JSON', 'null', '[]', '{"specversion":"1.0"}', '{"type":"OrderPlaced.v9"}', '"\\u0000"'];

const poison = ({ world, messages, steps }: Simulation) => {
  const body = `${' '.repeat(steps)}${world.random.pick(poisons)}`;
  messages.send(world.random.pick(queuesOf(world)), { key: body, body, type: 'OrderPlaced.v2', tenantId: 'default' });
};

const redriveOne = ({ world, messages }: Simulation, everywhere: boolean) => {
  const deadLetters = [...messages.deadLetters.values()];
  if (deadLetters.length > 0) redrive(world, messages, world.random.pick(deadLetters), everywhere);
};

const disturbances: Readonly<Record<string, (simulation: Simulation) => Promise<void> | void>> = {
  'time jumps': (simulation) => pass(simulation, 1000 + simulation.world.random.below(90_000)),
  redrive: (simulation) => redriveOne(simulation, false),
  'redrive to all queues': (simulation) => redriveOne(simulation, true),
  poison,
};

/** How often people do something; where payments come and go, they leave more room for that. */
const habits = {
  offline: { looks: 0.03, people: 0.15, stockStaff: 0.04, merchants: 0.015, returners: 0.06 },
  online: { looks: 0.01, people: 0.05, stockStaff: 0.01, merchants: 0.005, returners: 0.03 },
};

const modeOf = ({ online }: Simulation['world']) => (online.size > 0 ? 'online' : 'offline');

/** What people do where a shop is paid online. */
const aboutMoney = ({ world: { random }, people, paymentStaff, closers }: Simulation) => {
  if (random.chance(0.12)) paymentStaff.act();
  if (random.chance(0.02)) closers.act();
  if (random.chance(0.01)) people.cancelAllowed();
};

/** What people do at any time. */
const daily = (simulation: Simulation) => {
  const { world, system, shop, intents, people, stockStaff, merchants, returners } = simulation;
  const { random } = world;
  const habit = habits[modeOf(world)];
  if (random.chance(habit.looks) && intents.length > 0) shop.read(random.pick(intents), random.chance(0.3));
  if (random.chance(habit.people)) people.act();
  if (random.chance(habit.stockStaff)) stockStaff.act();
  if (random.chance(habit.merchants)) merchants.act();
  if (random.chance(habit.returners)) returners.act();
  if (random.chance(0.002)) startAudit(world, system);
  if (world.online.size > 0) aboutMoney(simulation);
};

const isQuiet = ({ shop, world: { scheduler, timers } }: Simulation) =>
  shop.open().length === 0 && scheduler.running() === 0 && timers.left() === 0;

/** The first phase: everything that can go wrong may. */
export const chaos = async (simulation: Simulation): Promise<void> => {
  const { world } = simulation;
  simulation.nextOperatorAt = Number.POSITIVE_INFINITY;
  const steps = longest[modeOf(world)];
  while (simulation.steps < steps) {
    const fault = world.faults.at(
      'moment',
      simulation.messages.deadLetters.size > 0 ? chancesWithDeadLetters : chances,
    );
    if (fault !== undefined) {
      world.note(`!! ${fault}`);
      await disturbances[fault]?.(simulation);
    }
    daily(simulation);
    if (await step(simulation)) continue;
    if (isQuiet(simulation)) simulation.steps += 20; // little is left to happen
    await idle(simulation);
  }
};
