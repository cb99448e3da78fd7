import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../folders';

/** A CDK app of this project, and its one stack. */
export type CdkApp = { readonly stack: string; readonly program: string };

/** The stack that takes orders: the literal `cdklocal deploy` is about this one. */
export const stackName = 'OrderSystemStack';

/** The apps in the order in which they are deployed: each finds what is deployed before it by its name. */
const apps: readonly CdkApp[] = [
  { stack: stackName, program: 'bin/order-system.ts' },
  { stack: 'StorefrontStack', program: 'bin/storefront.ts' },
];

/** The apps that are in this checkout. */
export const presentApps = (folder = projectFolder): readonly CdkApp[] =>
  apps.filter(({ program }) => existsSync(join(folder, program)));
