import { Logger } from '@aws-lambda-powertools/logger';

/**
 * One JSON line per message. Callers log identifiers and outcomes, never what a person typed:
 * no e-mail, address, token or request body.
 */
export const logger = new Logger();
