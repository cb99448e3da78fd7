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

/** What stands on the order system and is none of its business. It knows the order system by names alone. */
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
