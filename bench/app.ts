import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceFunction } from '../lib/constructs/service-function';
import { benchApp } from './stacks';

// synthesizes both stacks, and notes beside them which handler each of the system's functions runs

const { app, system } = benchApp();
const assembly = app.synth();
const handlers = system.node
  .findAll()
  .filter((construct): construct is ServiceFunction => construct instanceof ServiceFunction)
  .map(({ node, label }) => [node.path.slice(node.path.indexOf('/') + 1), label]);
writeFileSync(join(assembly.directory, 'handlers.json'), JSON.stringify(Object.fromEntries(handlers)));
