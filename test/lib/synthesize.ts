import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GivenContext } from '../../lib/config';
import type { StageName, Synthesized } from './stacks';

type Node = Synthesized['template']['Resources'][string];
export type Resource = { readonly id: string; readonly type: string; readonly properties: Node; readonly whole: Node };

/** The logical ID that a `Ref` or an attribute names, whatever is joined around it; the text of a literal. */
export const referenced = (value: Node[string]): string => {
  if (typeof value === 'string') return value;
  if (value?.Ref !== undefined) return value.Ref;
  if (value?.['Fn::GetAtt'] !== undefined) return value['Fn::GetAtt'][0];
  const [, parts = []] = value?.['Fn::Join'] ?? [];
  return parts.map(referenced).join('');
};

/** A stack's template, with its resources to look up by type, ID or name. */
const inspect = ({ template, handlers, ...rest }: Synthesized) => {
  const all: Resource[] = Object.entries(template.Resources).map(([id, whole]) => ({
    id,
    type: whole.Type,
    properties: whole.Properties ?? {},
    whole,
  }));
  const ofType = (type: string) => all.filter((resource) => resource.type === `AWS::${type}`);
  const byId = (id: string): Resource => {
    const found = all.find((resource) => resource.id === id);
    if (found === undefined) throw new Error(`no resource ${id}`);
    return found;
  };
  const nameOf = ({ id, properties }: Resource): string =>
    properties.TableName ?? properties.QueueName ?? properties.TopicName ?? id;
  const named = (name: string): Resource => {
    const found = all.find((resource) => nameOf(resource) === name);
    if (found === undefined) throw new Error(`no resource is named ${name}`);
    return found;
  };
  /** The physical name of what a reference points at, the logical ID of what has none. */
  const target = (value: Node[string]): string => {
    const id = referenced(value);
    const found = all.find((resource) => id === resource.id);
    return found === undefined ? id : nameOf(found);
  };
  const functions = handlers.map(({ label, id }) => ({ label, resource: byId(id) }));
  const functionOf = (value: Node[string]): string =>
    functions.find(({ resource }) => resource.id === referenced(value))?.label ?? referenced(value);
  /** What the role that a reference points at may do. */
  const statementsOf = (role: Node[string]): Node[] =>
    (all.find(({ id }) => id === referenced(role))?.properties.Policies ?? []).flatMap(
      ({ PolicyDocument }: Node) => PolicyDocument.Statement,
    );
  return { ...rest, template, all, statementsOf, ofType, byId, named, target, functions, functionOf };
};

const stacks = (): typeof import('./stacks') => require('./stacks'); // the CDK takes seconds to load

/** Makes a template once in a run of the tests: the first file that asks for it writes it where the others find it. */
const once = (asked: readonly unknown[], make: () => Synthesized): Synthesized => {
  const { SYNTHESIZED, AWS_ENDPOINT_URL } = process.env;
  if (SYNTHESIZED === undefined) return make();
  const key = createHash('sha256')
    .update(JSON.stringify([asked, AWS_ENDPOINT_URL]))
    .digest('hex');
  const file = join(SYNTHESIZED, `${key}.json`);
  if (!existsSync(file)) {
    const own = join(tmpdir(), `${key}.${process.pid}`);
    writeFileSync(own, JSON.stringify(make()));
    renameSync(own, file);
  }
  return JSON.parse(readFileSync(file, 'utf8'));
};

/** The template of one stage of the order system. */
export const synthesize = (stage: StageName, more: Partial<GivenContext> = {}) =>
  inspect(once(['order-system', stage, more], () => stacks().synthesized(stacks().stackOf(stage, more).stack)));

/** The template of one stage of the storefront. */
export const synthesizeStorefront = (stage: StageName) =>
  inspect(once(['storefront', stage], () => stacks().synthesized(stacks().storefrontOf(stage).stack)));
