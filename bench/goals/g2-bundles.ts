import { functionNamed, naive, productFunctions } from '../assembly';
import type { GoalDefinition } from '../context';

export const g2: GoalDefinition = {
  id: 'G2',
  what: 'largest handler bundle, minified, SDK included',
  measure: async ({ functions }) => {
    const bytes = Object.fromEntries(productFunctions(functions).map((one) => [one.name, one.bytes]));
    return {
      figures: [
        {
          what: 'largest handler bundle',
          unit: 'KB',
          baseline: Math.round(functionNamed(functions, naive).bytes / 1000),
          value: Math.ceil(Math.max(...Object.values(bytes)) / 100) / 10,
          target: 420,
          better: 'lower',
        },
      ],
      note: 'The files that the CDK deploys, KB of 1000 bytes. Baseline: the usual order function (CommonJS, `import { z }`, Logger, Metrics, Tracer), minified too.',
      details: { bytes },
    };
  },
};
