import type { SimulatedPayment } from './payment';
import type { Fate, Reply } from './reply';

/** What becomes of an answer about a payment whose effect has happened already. */
export const fateOf = (payment: SimulatedPayment, changes: boolean, reply: Reply): Fate => {
  const { scenario } = payment;
  if (changes && scenario.answersToLose > 0) {
    scenario.answersToLose -= 1;
    return { reply, lost: true };
  }
  return scenario.name === 'slow' ? { reply, delayMs: scenario.delayMs } : { reply };
};
