import { say } from '../../lib/language';
import { type CdkApp, presentApps, stackName } from '../../lib/system/apps';
import { ok, step } from '../../lib/terminal';
import { region } from '../emulator/endpoint';
import { assemblyOf, cdklocal, synthesize, type Target } from './cdk';
import { forgetDeployments, isSameTemplate, isUpToDate, noteDeployment } from './deployments';
import { patchStack } from './emulator-patch';
import { forgetOutputs, type LocalSystem, noteOutputs } from './outputs';
import { describeStack, isWhole, removeLeftOvers, removeStacks, standingOn } from './stack';
import { prepareUpdate } from './update';

/** Makes the endpoint ready for CDK's deployments, once. Returns whether there was anything to do. */
export const bootstrap = async (target: Target): Promise<boolean> => {
  if (isWhole(await describeStack(target.endpoint, 'CDKToolkit'))) return false;
  await cdklocal(target, 'bootstrap', [`aws://000000000000/${region}`]);
  return true;
};

/** Begins to synthesize every app, in the background. What fails is told to who waits for it. */
export const beginSynthesis = (target: Target, apps = appsOf(target), signal?: AbortSignal): Promise<void> => {
  const all = Promise.all(apps.map((app) => synthesize(target, app, signal))).then(() => undefined);
  all.catch(() => undefined); // until somebody waits
  return all;
};

type Options = {
  /** What `beginSynthesis` began. @default it begins now */
  readonly synthesis?: Promise<void> | undefined;
  readonly acceptLoss?: boolean | undefined;
};

const unchanged = (stack: string) =>
  say({ en: `${stack} is deployed and unchanged`, ja: `${stack} はデプロイ済みで、変更はありません` });
const deploying = (stack: string) => ({
  doing: say({ en: `deploying ${stack}`, ja: `${stack} をデプロイしています` }),
  done: say({ en: `${stack} is deployed`, ja: `${stack} をデプロイしました` }),
});
const bootstrapping = () => ({
  doing: say({ en: 'bootstrapping', ja: 'CDK の準備をしています' }),
  done: say({ en: 'ready for CDK deployments', ja: 'CDK の準備ができました' }),
});
const synthesizing = () => ({
  doing: say({ en: 'synthesizing', ja: 'テンプレートを作っています' }),
  done: say({ en: 'stacks synthesized', ja: 'テンプレートを作りました' }),
});

/** Returns whether there was anything to deploy. */
const deployApp = async (target: Target, app: CdkApp, { acceptLoss }: Options): Promise<boolean> => {
  const { endpoint } = target;
  const { stack } = app;
  if (await isSameTemplate(target, app)) {
    ok(unchanged(stack));
    await noteDeployment(target, app);
    return false;
  }
  const assembly = assemblyOf(target, app);
  await prepareUpdate({ endpoint, stack, assembly, acceptLoss });
  await step(deploying(stack), () =>
    cdklocal(target, 'deploy', [stack, '--app', assembly, '--require-approval', 'never', '--method', 'direct']),
  );
  await patchStack(endpoint, assembly, stack);
  await noteDeployment(target, app);
  return true;
};

/** The apps that are deployed: of the core alone the order system, as nothing else stands on it. */
const appsOf = ({ choice }: Target): readonly CdkApp[] =>
  presentApps().filter(({ stack }) => choice?.services !== 'core' || stack === stackName);

const changedApps = async (target: Target): Promise<readonly CdkApp[]> => {
  const apps = appsOf(target);
  const upToDate = await Promise.all(apps.map((app) => isUpToDate(target, app)));
  return apps.filter((_, index) => !upToDate[index]);
};

/** Deploys what has changed of every app, with what a local AWS needs before and after it, step by step. */
export const deploySystem = async (
  target: Target,
  options: Options = {},
): Promise<{ system: LocalSystem; changed: boolean }> => {
  await removeLeftOvers(target.endpoint);
  const apps = await changedApps(target);
  let changed = false;
  for (const { stack } of appsOf(target)) if (apps.every((app) => app.stack !== stack)) ok(unchanged(stack));
  if (apps.length > 0) {
    const synthesis = options.synthesis ?? beginSynthesis(target, apps);
    await step(bootstrapping(), async (report) => {
      if (!(await bootstrap(target))) report(say({ en: 'since before', ja: '以前から' }));
    });
    await step(synthesizing(), () => synthesis);
    for (const app of apps) changed = (await deployApp(target, app, options)) || changed;
  }
  return { system: await noteOutputs(target.endpoint, target.folder), changed };
};

/** Forgets what is known about the stacks that were deployed to this endpoint. */
export const forgetDeployment = (target: Target): void => {
  forgetDeployments(target);
  forgetOutputs(target.endpoint, target.folder);
};

/** Removes every stack with all its data, the last deployed first. Returns the names of those that there were. */
export const destroySystem = async (target: Target): Promise<readonly string[]> => {
  const { endpoint } = target;
  const others = await standingOn(endpoint);
  const removed = (await describeStack(endpoint)) === undefined ? others : [...others, stackName];
  await removeStacks(endpoint, removed);
  forgetDeployment(target);
  return removed;
};
