import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';

export interface ManualProps {
  readonly config: StageConfig;
  readonly middleware: RequestMiddleware;
  readonly encryptionKey?: IKey | undefined;
}

const page = 'lambda/manual/page';
const library = 'node_modules/swagger-ui-dist';

/** The files that the function serves: the API's description, the page, and the library of the page. */
export const manualFiles = [
  'docs/openapi.json',
  ...['index.html', 'page.css', 'page.js'].map((name) => `${page}/${name}`),
  ...['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE', 'NOTICE'].map((name) => `${library}/${name}`),
];

/** Serves the API's description and a page to browse it, which loads no files of other hosts. */
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

  /** The function of each route. */
  get handlers(): Pick<RouteHandlers, 'getOpenApi' | 'getDocs' | 'getDocsFile'> {
    return { getOpenApi: this.serve, getDocs: this.serve, getDocsFile: this.serve };
  }
}
