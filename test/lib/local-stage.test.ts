import { synthesize } from './synthesize';

const local = synthesize('local');

test('P20 the local stage asks no local AWS for what only AWS has: a dashboard, an identity of SES', () => {
  expect(local.ofType('CloudWatch::Dashboard')).toEqual([]);
  expect(local.ofType('SES::EmailIdentity')).toEqual([]);
  expect(synthesize('dev').ofType('CloudWatch::Dashboard')).toHaveLength(1);
});

test('P20 the local stage names the sender that is verified after its deployment', () => {
  const senders = local
    .ofType('Lambda::Function')
    .flatMap(({ properties }) => properties.Environment?.Variables?.SENDER_EMAIL ?? []);
  expect(senders).toEqual(['orders@example.com']);
});
