import { startStubAws } from '../../bench/stub-aws';

const call = async (endpoint: string, operation: string, body: object) => {
  const headers = { 'x-amz-target': `DynamoDB_20120810.${operation}`, 'content-type': 'application/x-amz-json-1.0' };
  return (await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body) })).json();
};

test('the stub notes every call, with the row that a write replaces, and answers with what was put', async () => {
  const there = { orderId: { S: 'default#ORD-000001' }, total: { N: '1' } };
  const stub = await startStubAws({ orders: [there] });
  const query = { ExpressionAttributeValues: { ':id': { S: 'default#ORD-000001' } } };
  expect(await call(stub.endpoint, 'Query', query)).toEqual({ Items: [there] });
  const next = { ...there, total: { N: '2' } };
  await call(stub.endpoint, 'PutItem', { Item: next });
  expect(await call(stub.endpoint, 'Query', query)).toEqual({ Items: [next] });
  expect(stub.take().map(({ operation, replaced }) => [operation, replaced])).toEqual([
    ['DynamoDB.Query', undefined],
    ['DynamoDB.PutItem', there],
    ['DynamoDB.Query', undefined],
  ]);
  stub.stop();
});

test('the stub answers a GET with the keys of an issuer, and gives a role its credentials', async () => {
  const stub = await startStubAws({ keys: { keys: ['one'] } });
  expect(await (await fetch(`${stub.endpoint}/pool/.well-known/jwks.json`)).json()).toEqual({ keys: ['one'] });
  const assumed = await fetch(stub.endpoint, { method: 'POST', body: 'Action=AssumeRole&RoleArn=arn' });
  expect(await assumed.text()).toContain('<AccessKeyId>test</AccessKeyId>');
  expect(stub.take().map(({ operation }) => operation)).toEqual(['STS.AssumeRole']);
  stub.stop();
});
