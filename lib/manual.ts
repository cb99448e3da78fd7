import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import type { RequestMiddleware } from './constructs/request-edge';
import { ServiceFunction } from './constructs/service-function';

export interface ManualProps {
  readonly config: StageConfig;
  readonly middleware: RequestMiddleware;
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

  constructor(scope: Construct, id: string, { config, middleware, encryptionKey }: ManualProps) {
    super(scope, id);
    this.serve = new ServiceFunction(this, 'Serve', {
      config,
      middleware,
      encryptionKey,
      handler: 'manual/serve-manual',
      environment: {},
      files: manualFiles,
    });
  }

  /** Which of its functions answers which route. */
  get handlers(): Pick<RouteHandlers, 'getOpenApi' | 'getDocs' | 'getDocsFile'> {
    return { getOpenApi: this.serve, getDocs: this.serve, getDocsFile: this.serve };
  }
}
