import type { Part } from './part';

/** Everything that is tried. What a part needs is loaded when it begins: it finds the system by the environment. */
export const parts: readonly Part[] = [
  {
    name: 'templates',
    what: 'cfn-lint over the templates of both apps in every stage, warnings too',
    needsSystem: false,
    attack: async (_settings, report) => (await import('./linters/templates')).lintTemplates(report),
  },
  {
    name: 'openapi',
    what: "Redocly's linter over docs/openapi.json",
    needsSystem: false,
    attack: async () => (await import('./linters/description')).lintDescription(),
  },
  {
    name: 'schemathesis',
    what: 'Schemathesis over docs/openapi.json, against the routes in this process',
    needsSystem: false,
    attack: async (settings, report) => (await import('./schemathesis/schemathesis')).runSchemathesis(settings, report),
  },
  {
    name: 'fields',
    what: 'every kind of value in every field of every request',
    needsSystem: true,
    attack: async (...given) => (await import('./fields/fields')).attackFields(...given),
  },
  {
    name: 'access',
    what: "every role on every route with its own IDs, other people's, other shops', unknown and malformed ones",
    needsSystem: true,
    attack: async (...given) => (await import('./access/access')).attackAccess(...given),
  },
  {
    name: 'files',
    what: 'product files as Excel and other programs write them, wrong cells in them, and files that are none',
    needsSystem: true,
    attack: async (...given) => (await import('./files/files')).attackFiles(...given),
  },
  {
    name: 'providers',
    what: 'payment providers that are late, doubled, out of order, wrong or forged',
    needsSystem: true,
    attack: async (...given) => (await import('./providers/providers')).attackProviders(...given),
  },
];
