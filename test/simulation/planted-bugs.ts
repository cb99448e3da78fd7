import type { Favour } from './faults';
import { type Parts, soundParts } from './parts';
import {
  idsFromMessages,
  killedCounts,
  knowsEveryField,
  needsTheNewest,
  neverCounted,
  obedient,
  parkOnce,
  sendAgainOnce,
} from './planted-consumer-bugs';
import {
  disputesIgnored,
  namedByReading,
  nextKeyAtOnce,
  nextKeyUnlooked,
  refundsUnread,
  strangersIgnored,
} from './planted-elsewhere-bugs';
import {
  deductTwice,
  expectingNothing,
  overwritten,
  releaseForgotten,
  returnsOverwritten,
  unclaimed,
  unledgered,
  versionIgnored,
} from './planted-ledger-bugs';
import {
  closedForEver,
  closingForgotten,
  endForgotten,
  lostKept,
  mismatchForEver,
  sweepMismatchForEver,
} from './planted-money-bugs';
import {
  acknowledgedFirst,
  billPerCall,
  claimBesideOrder,
  foundByCode,
  neverRecorded,
  numbersReadThenWritten,
  oneTenant,
  unversioned,
  voidAgain,
} from './planted-order-bugs';
import {
  ageUnchecked,
  amountUnchecked,
  cancelForgotten,
  capturedTwice,
  confirmedUnpaid,
  createdWithoutKey,
  failureApplied,
  latenessOfNow,
  lateSuccessKept,
  linesGivenBackUnasked,
  neverMadeGood,
  neverOver,
  neverRaised,
  nobodyAsked,
  ownCaptureBlamed,
  pollerOff,
  refundEndsNothing,
  refundedTwice,
  refundsLeftAlone,
  refundUnclaimed,
  refundUnlimited,
  shippedUnasked,
  signatureUnchecked,
  spentKeysForgotten,
  sweepAsksNobody,
  toldAsOfNow,
  webhooksForgotten,
} from './planted-payment-bugs';
import {
  alwaysPatient,
  anyTransition,
  auditOff,
  cancelAnything,
  copyOfAnyVersion,
  neverResolved,
  newsOfAnyVersion,
  oneShelf,
  restockDecides,
  signsOfAnyVersion,
} from './planted-shop-bugs';
import { answersOnce, dedupeOff, readThenWrite, tombstoneIgnored } from './planted-stock-bugs';
import { neverPostponed, nothingFound, publishAllAlways } from './planted-sweep-bugs';

/** A mistake that somebody might make, and the promise that it breaks. */
export type PlantedBug = {
  readonly breaks: string;
  readonly parts: Parts;
  /** It is about money: a shop of every run is paid online. */
  readonly online?: true;
  /** The faults that it takes come more often, so that few seeds show it. */
  readonly favour?: Favour;
};

const planted = (breaks: string, parts: Partial<Parts>): PlantedBug => ({ breaks, parts: { ...soundParts, ...parts } });

const aboutMoney = (breaks: string, parts: Partial<Parts>, favour?: Favour): PlantedBug => ({
  ...planted(breaks, parts),
  online: true,
  ...(favour === undefined ? {} : { favour }),
});

const versionless = (id: string) => id.replace(/:\d+$/, ':1');

const spentKeys: Favour = { 'key spent after all': 4 };

/** Every bug that the simulation must catch, by name. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'answer-before-storing': planted('P1', { orderStore: acknowledgedFirst }),
  'numbers-read-then-written': planted('P1', { orderStore: numbersReadThenWritten }),
  'save-without-version': planted('S4-19', { orderStore: unversioned }),
  'tombstone-ignored': planted('P1', { stockStore: tombstoneIgnored }),
  'event-id-from-message-id': planted('P2', { consume: idsFromMessages }),
  'event-id-without-version': planted('P2', {
    orderEvents: (order) => soundParts.orderEvents(order).map((event) => ({ ...event, id: versionless(event.id) })),
  }),
  'bill-for-each-delivery': planted('P2', { billStore: billPerCall }),
  'mail-for-each-delivery': planted('P2', { notificationStore: neverRecorded }),
  'claim-beside-the-order': planted('P3', { orderStore: claimBesideOrder }),
  'stock-dedupe-off': planted('P4', { stockStore: dedupeOff }),
  'stock-read-then-written': planted('P4', { stockStore: readThenWrite }),
  'failures-acknowledged': planted('P6', { consume: obedient }),
  'parking-failure-ignored': planted('P6', { consume: parkOnce }),
  'killed-batch-is-a-failure': planted('S0-09', { consume: killedCounts }),
  'failures-never-counted': planted('S0-09', { consume: neverCounted }),
  'sending-again-failure-ignored': planted('P6', { consume: sendAgainOnce }),
  'tenant-left-out': planted('P6', { billStore: oneTenant }),
  'void-again': planted('P7', { billStore: voidAgain }),
  'order-found-by-code': planted('P8', { orderStore: foundByCode }),
  'sweep-off': planted('P11', { sweepDueOrders: nothingFound }),
  'inventory-answers-once': planted('P11', { stockStore: answersOnce }),
  'sweep-publishes-everything': planted('P11', { sweepDueOrders: publishAllAlways }),
  'sweep-storms': planted('P11', { sweepDueOrders: neverPostponed }),
  'request-moves-twice': planted('P3', { ledgerStore: unclaimed }),
  'deduct-twice': planted('P4', { stockStore: deductTwice }),
  'release-forgotten': planted('P4', { stockStore: releaseForgotten }),
  'movement-not-in-ledger': planted('P4', { ledgerStore: unledgered }),
  'stock-overwritten': planted('P4', { ledgerStore: overwritten }),
  'copy-of-any-version': planted('P12', { shopStore: copyOfAnyVersion }),
  'news-of-any-version': planted('S1-28', { productStore: newsOfAnyVersion }),
  'restock-undoes-staff': planted('S1-28', { productStore: restockDecides }),
  'audit-tells-nothing': planted('S1-28', { auditStock: auditOff }),
  'return-overwrites-order': planted('S3-25', { returnStore: returnsOverwritten }),
  'transition-not-checked': planted('S4-12', { updateOrderStatusRoute: anyTransition }),
  'cancelled-after-shipping': planted('S4-12', { cancelOrderRoute: cancelAnything }),
  'order-version-ignored': planted('S4-19', { updateOrderStatusRoute: versionIgnored }),
  'waiting-left-with-new': planted('S4-20', { listKeysOf: oneShelf }),
  'stock-version-ignored': planted('S4-24', { updateStockRoute: expectingNothing }),
  'alert-never-resolved': planted('S4-29', { alertStore: neverResolved }),
  'signs-of-any-version': planted('S4-29', { alertStore: signsOfAnyVersion }),
  'refused-backorder-waits': planted('S4-30', { advanceOrder: alwaysPatient }),
  'created-without-key': aboutMoney('P5', { provider: createdWithoutKey }),
  'captured-twice': aboutMoney('P5', { provider: capturedTwice }),
  'refunded-twice': aboutMoney('P5', { provider: refundedTwice }),
  'spent-keys-forgotten': aboutMoney('P5', { paymentStore: spentKeysForgotten }, spentKeys),
  'refund-unlimited': aboutMoney('P5', { requestRefundRoute: refundUnlimited }),
  'amount-not-checked': aboutMoney('P5', { paymentStore: amountUnchecked }),
  'confirmed-unpaid': aboutMoney('P5', { advanceOrder: confirmedUnpaid }),
  'shipped-while-refunded': aboutMoney('F-01', { updateOrderStatusRoute: shippedUnasked }),
  'lines-refunded-unshipped': aboutMoney('F-01', { requestRefundRoute: linesGivenBackUnasked }),
  'refund-ends-nothing': aboutMoney('F-01', { advanceOrder: refundEndsNothing }),
  'late-success-kept': aboutMoney('P5', { paymentStore: lateSuccessKept }),
  'refund-asked-twice': aboutMoney('P3', { paymentStore: refundUnclaimed }),
  'failure-after-paid': aboutMoney('S2-07', { paymentStore: failureApplied }),
  'webhook-not-deduped': aboutMoney('P9', { paymentStore: webhooksForgotten }),
  'signature-not-checked': aboutMoney('P9', { parseWebhook: signatureUnchecked }),
  'old-webhook-taken': aboutMoney('P9', { parseWebhook: ageUnchecked }),
  'poller-off': aboutMoney('P11', { pollPayments: pollerOff }),
  'refunds-left-alone': aboutMoney('P11', { pollPayments: refundsLeftAlone }),
  'cancel-forgets-payment': aboutMoney('P6', { requestPayments: cancelForgotten }),
  'alert-never-raised': aboutMoney('P10', { orderPaymentStore: neverRaised }),
  'alert-never-over': aboutMoney('P10', { orderPaymentStore: neverOver }),
  'told-again-as-of-now': aboutMoney('P29', { paymentStore: latenessOfNow, paymentImageEvent: toldAsOfNow }),
  'own-capture-blamed': aboutMoney('P10', { paymentStore: ownCaptureBlamed }),
  'nobody-asked': aboutMoney('P10', { reconcilePayments: nobodyAsked, checkDeadlines: sweepAsksNobody }),
  'never-made-good': aboutMoney('P10', { orderPaymentStore: neverMadeGood }),
  'refund-elsewhere-ignored': aboutMoney('P11', { parseWebhook: strangersIgnored, provider: refundsUnread }),
  'console-never-read': aboutMoney('P11', { provider: refundsUnread }),
  'lost-dispute-ignored': aboutMoney('P10', { parseWebhook: disputesIgnored }),
  'refund-elsewhere-booked-twice': aboutMoney('P5', { provider: namedByReading }),
  'lost-dispute-kept': aboutMoney('P11', { paymentStore: lostKept }),
  'ended-page-shown': aboutMoney('F-06', { paymentStore: endForgotten }),
  'next-key-without-looking': aboutMoney('P5', { provider: nextKeyAtOnce, findRefund: nextKeyUnlooked }, spentKeys),
  'closed-for-ever': aboutMoney('P11', { paymentStore: closedForEver }),
  'closed-alert-opens-again': aboutMoney('F-15', { orderPaymentStore: closingForgotten }),
  'mismatch-never-settled': aboutMoney('P10', {
    reconcilePayments: mismatchForEver,
    checkDeadlines: sweepMismatchForEver,
  }),
  'old-event-refused': planted('P13', { consume: needsTheNewest }),
  'new-event-refused': planted('P13', { consume: knowsEveryField }),
};
