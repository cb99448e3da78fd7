import { Logger } from '@aws-lambda-powertools/logger';

/**
 * Logs one JSON line per message. Callers log identifiers and outcomes, never personal data or secrets: no e-mail,
 * address, token or request body.
 */
export const logger = new Logger();
