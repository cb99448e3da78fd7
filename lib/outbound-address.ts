/** The host of a local AWS, as containers know it. A function that shares the host's network finds it on 127.0.0.1. */
export const localHost = 'host.docker.internal';

const loopback = /^(localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0)$/;

/** Whether an address names the machine that asks: to a function, that is the function's own. */
export const isLoopback = ({ hostname }: URL): boolean => loopback.test(hostname);

/** Whether functions may ask there: over https alone, but for what a developer runs on the host of a local AWS. */
export const mayBeAsked = (url: URL, stage: string): boolean =>
  url.hostname === localHost
    ? stage === 'local' && url.protocol === 'http:'
    : url.protocol === 'https:' && !isLoopback(url);

/** What a message says besides, where something may be on the host. */
export const orOnHost = (stage: string): string =>
  stage === 'local' ? `, or http://${localHost}:<port> for what runs on this machine` : '';
