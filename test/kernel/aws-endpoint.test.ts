import {
  awsPlace,
  bucketUrl,
  connectionsUrl,
  hostUrl,
  serviceUrl,
  userPoolKeysUrl,
} from '../../lambda/kernel/aws/aws-endpoint';

const aws = { region: 'eu-central-1', endpoint: undefined };
const china = { region: 'cn-north-1', endpoint: undefined };
const local = { region: 'us-east-1', endpoint: 'http://127.0.0.1:4566' };

describe('P20 a function knows by itself where AWS answers', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test('in the region that Lambda names', () => {
    process.env.AWS_REGION = 'ap-northeast-1';
    delete process.env.AWS_ENDPOINT_URL;
    expect(awsPlace()).toEqual({ region: 'ap-northeast-1', endpoint: undefined });
    expect(serviceUrl('sts')).toBe('https://sts.ap-northeast-1.amazonaws.com');
  });

  test.each(['', '/', '//'])('at the endpoint that a local AWS names, with "%s" at its end', (slashes) => {
    process.env.AWS_REGION = 'us-east-1';
    process.env.AWS_ENDPOINT_URL = `http://localhost.localstack.cloud:4566${slashes}`;
    expect(awsPlace().endpoint).toBe('http://localhost.localstack.cloud:4566');
    expect(serviceUrl('lambda')).toBe('http://localhost.localstack.cloud:4566');
  });

  test('at AWS when the endpoint is empty, as the SDK takes it', () => {
    process.env.AWS_REGION = 'us-east-1';
    process.env.AWS_ENDPOINT_URL = '';
    expect(awsPlace().endpoint).toBeUndefined();
  });

  test.each([
    ['AWS_REGION', ''],
    ['AWS_ENDPOINT_URL', 'localhost:4566 '],
    ['AWS_ENDPOINT_URL', 'ftp://localhost'],
  ])('a wrong %s (%j) is named', (name, value) => {
    process.env.AWS_REGION = 'us-east-1';
    process.env[name] = value;
    expect(() => awsPlace()).toThrow(`wrong environment: ${name}`);
  });
});

test.each([
  ['secretsmanager', aws, 'https://secretsmanager.eu-central-1.amazonaws.com'],
  ['email', china, 'https://email.cn-north-1.amazonaws.com.cn'],
  ['lambda', { ...aws, region: 'us-gov-west-1' }, 'https://lambda.us-gov-west-1.amazonaws.com'],
  ['lambda', { ...aws, region: 'eusc-de-east-1' }, 'https://lambda.eusc-de-east-1.amazonaws.eu'],
  ['sts', local, 'http://127.0.0.1:4566'],
])('P20 %s of %j answers at %s', (service, place, url) => expect(serviceUrl(service, place)).toBe(url));

test('P20 a bucket has a host name at AWS, and a path at a local one', () => {
  expect(bucketUrl('images', aws)).toBe('https://images.s3.eu-central-1.amazonaws.com');
  expect(bucketUrl('images', china)).toBe('https://images.s3.cn-north-1.amazonaws.com.cn');
  expect(bucketUrl('images', local)).toBe('http://127.0.0.1:4566/images');
});

test('P20 S2-30 frames are posted to the API and its stage, or where a local AWS takes them', () => {
  const api = { apiId: 'a1b2c3', stage: 'prod' };
  expect(connectionsUrl(api, aws)).toBe('https://a1b2c3.execute-api.eu-central-1.amazonaws.com/prod');
  expect(connectionsUrl(api, china)).toBe('https://a1b2c3.execute-api.cn-north-1.amazonaws.com.cn/prod');
  expect(connectionsUrl(api, local)).toBe('http://127.0.0.1:4566/_aws/execute-api/a1b2c3/prod');
});

test('P20 S3-02 the keys of a user pool are below its issuer, or below the local AWS', () => {
  expect(userPoolKeysUrl('eu-central-1_x', aws)).toBe(
    'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_x/.well-known/jwks.json',
  );
  expect(userPoolKeysUrl('us-east-1_x', local)).toBe('http://127.0.0.1:4566/us-east-1_x/.well-known/jwks.json');
});

describe('P20 a program on the host of a local AWS', () => {
  const simulator = 'http://host.docker.internal:4570';

  test.each(['http://127.0.0.1:4566', 'http://localhost:4566', 'http://[::1]:4566'])(
    'is on loopback for a function that shares its network: %s',
    (endpoint) => expect(hostUrl(simulator, { ...local, endpoint })).toBe('http://127.0.0.1:4570'),
  );

  test.each(['http://172.17.0.2:4566', 'http://localhost.localstack.cloud:4566', 'http://host.docker.internal:4566'])(
    'keeps its name for a function in a network of its own: %s',
    (endpoint) => expect(hostUrl(simulator, { ...local, endpoint })).toBe(simulator),
  );

  test('keeps what else its address says', () =>
    expect(hostUrl('http://host.docker.internal:8080/realms/shop?x=1', local)).toBe(
      'http://127.0.0.1:8080/realms/shop?x=1',
    ));

  test.each(['https://api.stripe.com', 'http://host.docker.internal.example.com'])('is no other: %s', (url) =>
    expect(hostUrl(url, local)).toBe(url),
  );

  test('is not known on AWS', () => expect(hostUrl(simulator, aws)).toBe(simulator));
});
