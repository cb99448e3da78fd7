import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPython } from './python';

/** A program that says it is this version of Python. */
const fakePython = (version: string, hasVenv = true): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'python-')), `python${version}`);
  const answer = `case "$2" in *venv*) exit ${hasVenv ? 0 : 1};; *) echo ${version};; esac`;
  writeFileSync(file, `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
  return file;
};

test('P20 without Python 3.13 the message names what was found and what to install', () => {
  const old = fakePython('3.11');
  expect(() => findPython(['no-such-python', old])).toThrow(
    `LocalEmu, the second local AWS, needs Python 3.13 (${old} is 3.11).`,
  );
  expect(() => findPython([old])).toThrow('"pyenv install 3.13"');
  expect(() => findPython([])).toThrow('needs Python 3.13 (no Python found)');
});

test('P20 a Python 3.13 is found behind others, and one without its venv module is reported', () => {
  const right = fakePython('3.13');
  expect(findPython([fakePython('3.11'), right])).toBe(right);
  expect(() => findPython([fakePython('3.13', false)])).toThrow('sudo apt install python3.13-venv');
});

test('P20 every package of the second emulator is pinned to one version and its hashes', () => {
  const packages = readFileSync(join(__dirname, 'requirements.txt'), 'utf8').split(/^(?=[a-z])/im);
  expect(packages.filter((text) => /^localemu==/.test(text))).toHaveLength(1);
  expect(packages.filter((text) => !/^[\w.[\]-]+==\S+ .*\n {4}--hash=sha256:[0-9a-f]{64}/.test(text))).toEqual([]);
});
