const metadata = { tenant: 'shop-a', paymentId: 'PAY-ORD-000001', orderId: 'ORD-000001' };

/** Objects as the documents of Stripe's API show them. */
export const charge = {
  ...{ id: 'ch_1', object: 'charge', amount: 6600, amount_captured: 6600, amount_refunded: 0, captured: true },
  ...{ currency: 'jpy', payment_intent: 'pi_1', metadata, refunded: false, status: 'succeeded' },
  payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242', funding: 'credit' } },
};
export const intent = {
  ...{ id: 'pi_1', object: 'payment_intent', status: 'requires_payment_method', amount: 6600, amount_received: 0 },
  ...{ currency: 'jpy', client_secret: 'pi_1_secret_x', latest_charge: null, next_action: null, metadata },
  ...{ last_payment_error: null, cancellation_reason: null, capture_method: 'automatic_async' },
};
export const refund = {
  ...{ id: 're_1', object: 'refund', amount: 600, currency: 'jpy', status: 'succeeded', reason: null },
  ...{ payment_intent: 'pi_1', charge: 'ch_1', metadata: { ...metadata, refundId: 'REF-ORD-000001-1' } },
};
export const dispute = {
  ...{ id: 'du_1', object: 'dispute', amount: 6600, currency: 'jpy', created: 1795248000, metadata },
  ...{ charge: 'ch_1', payment_intent: 'pi_1', reason: 'fraudulent', status: 'needs_response' },
  evidence_details: { due_by: 1797811199, has_evidence: false, past_due: false, submission_count: 0 },
};
