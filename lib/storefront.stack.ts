import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfig } from './config';
import { DataKey } from './constructs/data-key';
import { ConsumerAlarms } from './consumer-alarms';
import { KnownOrderSystem } from './known-order-system';
import { SalesService } from './sales';

export interface StorefrontStackProps extends StackProps {
  readonly config: StageConfig;
}

/** What stands on the order system and is none of its business. It knows the order system by names alone. */
export class StorefrontStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: StorefrontStackProps) {
    super(scope, id, props);
    const encryptionKey = config.ownKeys ? new DataKey(this, 'Key', config) : undefined;
    const orderSystem = new KnownOrderSystem(this, 'OrderSystem', config);
    const common = { config, encryptionKey, orderSystem };
    new SalesService(this, 'Sales', common);
    new ConsumerAlarms(this, 'Alarms', { topic: orderSystem.alarms });
  }
}
