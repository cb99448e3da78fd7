import { cdkEnvironment, chosenEndpoint } from '../../../../scripts/local/emulator/endpoint';

const chosen = (AWS_ENDPOINT_URL: string) => chosenEndpoint({ AWS_ENDPOINT_URL });

describe('AWS_ENDPOINT_URL', () => {
  test.each([
    ['http://127.0.0.1:4566', 'http://127.0.0.1:4566'],
    ['http://localhost:4566//', 'http://localhost:4566'],
    ['https://localhost.localstack.cloud:4566/', 'https://localhost.localstack.cloud:4566'],
    ['http://[::1]:4566', 'http://[::1]:4566'],
    ['', undefined],
  ])('%s is taken as %s', (given, endpoint) => expect(chosen(given)).toBe(endpoint));

  test.each([
    ['localhost:4566', 'must begin with http:// or https://, not "localhost:4566"'],
    ['127.0.0.1:4566', 'must begin with http:// or https://, not "127.0.0.1:4566"'],
    ['ftp://localhost', 'must begin with http:// or https://, not "ftp://localhost"'],
    ['http://localhost:4566/aws', 'must end after its port: http://localhost:4566, without "/aws"'],
    ['http://localhost:4566?a=b', 'must end after its port: http://localhost:4566, without "?a=b"'],
    ['http://', 'must begin with http:// or https://'],
    ['http://:4566', 'is not a URL: http://:4566'],
    ['https://sqs.eu-west-1.amazonaws.com', 'names AWS itself'],
  ])('%s is refused with what is wrong', (given, message) =>
    expect(() => chosen(given)).toThrow(`AWS_ENDPOINT_URL ${message}`),
  );
});

describe('S3 is reached', () => {
  const { AWS_ENDPOINT_URL_S3 } = process.env;
  beforeEach(() => delete process.env.AWS_ENDPOINT_URL_S3);
  afterAll(() => {
    if (AWS_ENDPOINT_URL_S3 !== undefined) process.env.AWS_ENDPOINT_URL_S3 = AWS_ENDPOINT_URL_S3;
  });

  test.each([
    ['http://[::1]:4566', 'http://[::1]:4566'],
    ['http://127.0.0.1:4566', 'http://127.0.0.1:4566'],
    ['http://localhost:4566', 'http://127.0.0.1:4566'],
    ['https://localhost.localstack.cloud:4566', 'https://localhost.localstack.cloud:4566'],
  ])('for %s at %s', async (endpoint, s3) => expect((await cdkEnvironment(endpoint)).AWS_ENDPOINT_URL_S3).toBe(s3));
});
