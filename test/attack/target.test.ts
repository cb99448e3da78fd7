import { aim } from './target';

describe('attacks go to this machine alone', () => {
  test.each([
    'http://example.com',
    'https://127.0.0.1.example.com:4566',
    'http://10.0.0.1:4566',
    'http://user@shop.example',
    'http://localhost@shop.example',
  ])('%s is refused', async (url) => {
    await expect(aim(url, {})).rejects.toThrow('is not on this machine: attacks go to loopback addresses alone.');
  });

  test('what is no address is refused', async () => {
    await expect(aim('4566', {})).rejects.toThrow('--url "4566": must be an address such as http://127.0.0.1:4566.');
  });

  test('where nothing runs it says what to type', async () => {
    await expect(aim('http://127.0.0.1:1', {})).rejects.toThrow('Run "npm start" first.');
  });
});
