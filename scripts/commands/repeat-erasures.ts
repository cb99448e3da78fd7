import { command } from '../lib/command';
import { checkTenant } from '../lib/events/replay-arguments';
import { type Repeated, repeatErasures } from '../lib/privacy/repeat-erasures';
import { whereOptions } from '../lib/system/chosen-stage';
import { findSystem } from '../lib/system/system';
import { tablesOf } from '../lib/system/tables';
import { step } from '../lib/terminal';

const help = `
npm run repeat-erasures -- [--tenant TENANT] [--keys-table NAME] [--dry-run] [--aws [--stage STAGE]]

Destroys the keys of every erased person and order again. Do this after the table of keys was restored, before anybody
may use it: a restore brings destroyed keys back. Doing it twice changes nothing.

  --tenant TENANT    only of this tenant (default: all)
  --keys-table NAME  the restored table (default: the stage's subject-keys)
  --dry-run          counts the keys that are back, and destroys none
  --aws              works on the stack on AWS, with the credentials of the environment
  --stage dev|prod   which of them, with --aws (default: the only one that is deployed)
  --help             this text

Which keys these are is in the table erasures: never restore that one to a time before the last erasure.
`;

const options = {
  tenant: { type: 'string' },
  'keys-table': { type: 'string' },
  'dry-run': { type: 'boolean' },
  ...whereOptions,
} as const;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const outcomeOf =
  (dryRun: boolean) =>
  ({ subjects, keys, back }: Repeated): string => {
    const found = `${counted(subjects, 'erased subject')}, ${counted(keys, 'key')}`;
    if (back === 0) return `${found}: none of them is back`;
    return `${found}: ${back} ${back === 1 ? 'was' : 'were'} back${dryRun ? ', and left' : ', and destroyed again'}`;
  };

command({ help, options }, async ({ tenant, 'keys-table': table, 'dry-run': dryRun = false, ...where }) => {
  checkTenant(tenant);
  const { db, called } = tablesOf(await findSystem(where));
  const tables = { erasures: called('erasures'), keys: table ?? called('subject-keys') };
  const repeat = { db, ...tables, tenant, dryRun, now: () => new Date() };
  const doing = dryRun ? 'looking for keys that are back' : 'destroying keys again';
  await step({ doing, done: outcomeOf(dryRun) }, (report) =>
    repeatErasures(repeat, (subjects) => report(counted(subjects, 'subject'))),
  );
});
