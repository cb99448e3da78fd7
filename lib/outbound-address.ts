/** The name by which containers reach the host of a local AWS; functions on the host's network use 127.0.0.1. */
export const localHost = 'host.docker.internal';

const loopback = /^(localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0)$/;

/** Whether a URL is on loopback, which for a function is its own container. */
export const isLoopback = ({ hostname }: URL): boolean => loopback.test(hostname);

/** Whether functions may call a URL: https only, except http to the host of a local AWS. */
export const isAllowedUrl = (url: URL, stage: string): boolean =>
  url.hostname === localHost
    ? stage === 'local' && url.protocol === 'http:'
    : url.protocol === 'https:' && !isLoopback(url);

/** Returns the part of an error message that allows the host of a local AWS; empty for other stages. */
export const orOnHost = (stage: string): string =>
  stage === 'local' ? `, or http://${localHost}:<port> for what runs on this machine` : '';
