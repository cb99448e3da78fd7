import { PaymentId } from '../contracts/payment-status';
import type { ProblemName } from '../contracts/problem';
import type { Answer, ProblemAnswer } from '../kernel/answer';
import type { Request } from '../kernel/http';
import { etag } from '../kernel/http-input';
import type { Payment } from './payment';
import type { PaymentStore } from './payment.store';

/** A problem whose name the API's contract knows. */
export const refuse = (status: number, problem: ProblemName, detail: string): ProblemAnswer => ({
  status,
  problem,
  detail,
});

const isTheirs = ({ reach, caller }: Request, { userId }: Payment) =>
  reach !== 'own' || (caller.userId !== undefined && userId === caller.userId);

/** The payment that the path names: an unknown one, another tenant's and another customer's are answered the same. */
export const findPayment = async (
  payments: Pick<PaymentStore, 'get'>,
  request: Request,
): Promise<Payment | ProblemAnswer> => {
  const paymentId = request.pathParameter('paymentId');
  const unknown = refuse(404, 'PaymentNotFound', 'There is no such payment.');
  if (!PaymentId.safeParse(paymentId).success) return unknown;
  const found = await payments.get({ tenant: request.caller.tenant, paymentId });
  return found !== undefined && isTheirs(request, found) ? found : unknown;
};

type Shown = { readonly delayed?: boolean | undefined; readonly checkout?: unknown };

/** A payment, or nothing for who has it already. Its delay and the end of its checkout come without a new version. */
export const answerVersion = ({ header }: Request, version: number, body: Shown): Answer => {
  const headers = etag(`${version}${body.delayed ? '-delayed' : ''}${body.checkout === undefined ? '' : '-open'}`);
  return header('if-none-match') === headers.etag ? { status: 304, headers } : { status: 200, body, headers };
};
