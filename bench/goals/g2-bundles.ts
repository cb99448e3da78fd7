import { functionNamed, naive, placeOrder, productFunctions } from '../assembly';
import type { GoalDefinition } from '../context';
import { countModules } from '../modules';

const largest = (counts: Readonly<Record<string, number>>) => Math.max(...Object.values(counts));

const kilobytes = (bytes: number): number => Math.ceil(bytes / 100) / 10;

export const g2: GoalDefinition = {
  id: 'G2',
  what: 'what a cold start loads: minified bundles, SDK included',
  measure: async ({ functions }) => {
    const product = productFunctions(functions);
    const bytes = Object.fromEntries(product.map((one) => [one.name, one.bytes]));
    const modules = await countModules(product);
    const baseline = Math.round(functionNamed(functions, naive).bytes / 1000);
    const figure = { better: 'lower' } as const;
    return {
      figures: [
        {
          ...figure,
          what: 'bundle of the order function',
          unit: 'KB',
          baseline,
          value: kilobytes(bytes[placeOrder] ?? Number.NaN),
          target: 420,
        },
        {
          ...figure,
          what: 'largest bundle of all functions',
          unit: 'KB',
          baseline,
          value: kilobytes(largest(bytes)),
          target: 420,
        },
        {
          ...figure,
          what: 'modules that the order function evaluates',
          unit: 'modules',
          baseline: null,
          value: modules[placeOrder] ?? Number.NaN,
          target: 450,
        },
      ],
      note: `The files that the CDK deploys, KB of 1000 bytes. Baseline: the usual order function (CommonJS, \`import { z }\`, Logger, Metrics, Tracer), minified too. Modules: those with code in the bundle that run when it is loaded, by esbuild's metafile; the most of any function are ${largest(modules)}. CI compares every function's bytes and modules with the committed report.`,
      details: { bytes, modules },
    };
  },
};
