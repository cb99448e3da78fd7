import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './alarms';
import type { StageConfig } from './config';
import { DataKey } from './constructs/data-key';
import { KnownOrderSystem } from './known-order-system';
import { stackNameOf } from './names';
import { SalesService } from './sales';

export interface StorefrontStackProps extends StackProps {
  readonly config: StageConfig;
}

/** A separate app on top of the order system, which it imports by names only. */
export class StorefrontStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: StorefrontStackProps) {
    super(scope, id, {
      ...props,
      stackName: stackNameOf(config.stage, id),
      terminationProtection: config.keepData,
      suppressTemplateIndentation: true,
    });
    const encryptionKey = config.ownKeys ? new DataKey(this, 'Key', { config, alias: 'storefront-data' }) : undefined;
    const orderSystem = new KnownOrderSystem(this, 'OrderSystem', config);
    new SalesService(this, 'Sales', { config, encryptionKey, orderSystem });
    if (config.guarded) new Alarms(this, 'Alarms', { config, system: 'storefront', topic: orderSystem.alarms });
  }
}
