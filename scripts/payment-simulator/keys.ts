/** What a shop must know of the simulated providers. No secrets: the local stage's functions have the same. */
export const simulatorKeys = {
  stripe: { secretKey: 'sk_test_simulator', webhookSecrets: ['whsec_simulator_stripe'] },
  paypay: {
    apiKey: 'a_simulator',
    apiSecret: 'simulator-secret',
    merchantId: 'simulator-merchant',
    webhookSecrets: ['whsec_c2ltdWxhdG9yLXBheXBheS1zZWNyZXQ='],
  },
} as const;
