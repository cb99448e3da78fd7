import { readFileSync } from 'node:fs';
import * as z from 'zod';

const Package = z.object({ hasInstallScript: z.boolean().optional(), engines: z.unknown().optional() });
const Lock = z.object({ packages: z.record(z.string(), Package) });
const Manifest = z.object({ allowScripts: z.record(z.string(), z.boolean()) });

const { packages } = Lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
const { allowScripts } = Manifest.parse(JSON.parse(readFileSync('package.json', 'utf8')));
const nameOf = (path: string): string => path.replace(/^.*node_modules\//, '');

const Engines = z.object({ node: z.string() });

/** Whether one of the alternatives (`^18.14.0 || >=20`) takes Node 20.19. */
const takesNode20 = (range: string): boolean =>
  range.split('||').some((part) => {
    const [, sign = '', major = '', minor = '0'] = /^\s*(>=|\^|)\s*(\d+|\*)(?:\.(\d+))?/.exec(part) ?? [];
    if (major === '*') return true;
    const reached = Number(major) < 20 || (Number(major) === 20 && Number(minor) <= 19);
    return reached && (sign === '>=' || Number(major) === 20);
  });

test('P18 whether a script runs at installation is said of each package that has one, and of no other', () => {
  const withScript = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  expect(new Set(withScript.map(([path]) => nameOf(path)))).toEqual(new Set(Object.keys(allowScripts)));
});

test('P18 no package of the lock file asks for a Node newer than 20', () => {
  const tooNew = Object.entries(packages).filter(([, { engines }]) => {
    const { data } = Engines.safeParse(engines);
    return data !== undefined && !takesNode20(data.node);
  });
  expect(tooNew.map(([path]) => nameOf(path))).toEqual([]);
});
