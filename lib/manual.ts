import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { EnvFor } from '../lambda/kernel/env';
import type { serveManualEnv } from '../lambda/manual/env';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import { ServiceFunction } from './constructs/service-function';
import { originsVariable } from './cors';

export interface ManualProps {
  readonly config: StageConfig;
  readonly encryptionKey?: IKey | undefined;
}

const page = 'lambda/manual/page';
const library = 'node_modules/swagger-ui-dist';

/** What the function sends: the description, the page, and the library that the page is made with. */
export const manualFiles = [
  'docs/openapi.json',
  ...['index.html', 'page.css', 'page.js'].map((name) => `${page}/${name}`),
  ...['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE', 'NOTICE'].map((name) => `${library}/${name}`),
];

/** The API's description, and a page to browse it: from its own files, none of another host's. */
export class Manual extends Construct {
  private readonly serve: ServiceFunction;

  constructor(scope: Construct, id: string, { config, encryptionKey }: ManualProps) {
    super(scope, id);
    const environment: EnvFor<typeof serveManualEnv> = { CORS_ORIGINS: originsVariable(config) };
    this.serve = new ServiceFunction(this, 'Serve', {
      config,
      encryptionKey,
      handler: 'manual/serve-manual',
      environment,
      files: manualFiles,
    });
  }

  /** Which of its functions answers which route. */
  get handlers(): Pick<RouteHandlers, 'getOpenApi' | 'getDocs' | 'getDocsFile'> {
    return { getOpenApi: this.serve, getDocs: this.serve, getDocsFile: this.serve };
  }
}
