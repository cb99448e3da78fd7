import { readConfig } from '../../lib/config';

const emails = { senderEmail: 'orders@example.com', alarmEmail: 'ops@example.com' };

describe('what a stage is configured with', () => {
  test('the local and dev stages need nothing, and notify nobody about alarms', () => {
    expect(readConfig({ stage: 'local' })).toMatchObject({ stage: 'local', senderEmail: 'orders@example.com' });
    expect(readConfig({ stage: 'dev' }).alarmEmail).toBeUndefined();
  });

  test('the command line sets the addresses', () => {
    expect(readConfig({ stage: 'dev', senderEmail: 'shop@example.org' }).senderEmail).toBe('shop@example.org');
    expect(readConfig({ stage: 'prod', ...emails })).toMatchObject({ stage: 'prod', keepData: true, ...emails });
  });

  test.each([
    [{ ...emails, alarmEmail: undefined }, 'stage prod needs an e-mail address: -c alarmEmail=somebody@your-domain'],
    [{ ...emails, senderEmail: undefined }, 'stage prod needs an e-mail address: -c senderEmail=somebody@your-domain'],
    [{}, 'stage prod needs e-mail addresses: -c senderEmail=somebody@your-domain -c alarmEmail=somebody@your-domain'],
    [{ ...emails, alarmEmail: 'ops' }, '-c alarmEmail=ops: must be an e-mail address'],
    [{ ...emails, senderEmail: '' }, '-c senderEmail=: must be an e-mail address'],
  ])('prod with %j says what to type', (given, message) => {
    expect(() => readConfig({ stage: 'prod', ...given })).toThrow(message);
  });

  test.each(['staging', '', 'toString', 7])('stage %p does not exist', (stage) => {
    expect(() => readConfig({ stage })).toThrow(`-c stage=${stage}: must be one of local, dev, prod`);
  });

  test.each([{ stage: 'local' }, { stage: 'dev' }, { stage: 'prod', ...emails }])(
    'S0-25 an order of %j waits for its answer until all three tries of a message are over',
    (given) => {
      const { answerTimeout, consumerTimeout } = readConfig(given);
      expect(answerTimeout.toSeconds()).toBeGreaterThanOrEqual(3 * consumerTimeout.toSeconds() + 1 + 5);
    },
  );

  test('F-41 a busy machine has the time limits that AWS has', () => {
    const [local, dev] = [readConfig({ stage: 'local' }), readConfig({ stage: 'dev' })];
    expect(local.consumerTimeout.toSeconds()).toBe(10);
    expect([local.consumerTimeout, local.archive.timeout]).toEqual([dev.consumerTimeout, dev.archive.timeout]);
  });
});
