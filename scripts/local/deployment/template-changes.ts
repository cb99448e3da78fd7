import * as z from 'zod';

const TemplateResource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
});

/** As much of a CloudFormation template as is needed to compare two. */
export const Template = z.looseObject({ Resources: z.record(z.string(), TemplateResource) });
export type Template = z.infer<typeof Template>;
type TemplateResource = z.infer<typeof TemplateResource>;

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The REST APIs of both templates whose definitions differ, by their logical IDs. */
export const changedApis = (deployed: Template, next: Template): string[] =>
  Object.entries(deployed.Resources)
    .filter(([id, { Type }]) => Type === 'AWS::ApiGateway::RestApi' && next.Resources[id]?.Type === Type)
    .filter(([id, { Properties }]) => !isSame(Properties?.Body, next.Resources[id]?.Properties?.Body))
    .map(([id]) => id);

const isPartOf = (apis: readonly string[]) => {
  const refs = apis.map((api) => JSON.stringify({ Ref: api }));
  return ([id, { Type, Properties }]: [string, TemplateResource]): boolean =>
    apis.includes(id) ||
    (Type.startsWith('AWS::ApiGateway::') && refs.includes(JSON.stringify(Properties?.RestApiId ?? '')));
};

type IdOf = (logicalId: string) => string;
type Removed = { readonly ids: ReadonlySet<string>; readonly idOf: IdOf };

const referenceIn = (value: object): string | undefined => {
  const entries: [string, unknown][] = Object.entries(value);
  const [[name, target] = []] = entries;
  if (entries.length !== 1) return undefined;
  if (name === 'Ref') return String(target);
  if (name === 'Fn::GetAtt') return String(Array.isArray(target) ? target[0] : target).split('.')[0];
  return undefined;
};

/** Puts the IDs of removed resources in the place of what refers to them, so that nothing else changes. */
const withIds = (value: unknown, removed: Removed): unknown => {
  if (typeof value === 'string')
    return value.replace(/\$\{(\w+)(?:\.\w+)?\}/g, (text, id) => (removed.ids.has(id) ? removed.idOf(id) : text));
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withIds(item, removed));
  const target = referenceIn(value);
  if (target !== undefined && removed.ids.has(target)) return removed.idOf(target);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withIds(item, removed)]));
};

const withoutDependsOn = (resource: TemplateResource, { ids }: Removed): TemplateResource => {
  const { DependsOn, ...rest } = resource;
  const left = [DependsOn ?? []].flat().filter((id) => !ids.has(id));
  return left.length === 0 ? rest : { ...rest, DependsOn: left };
};

/** The template without these REST APIs and what belongs to them; whatever else named them names their IDs. */
export const withoutApis = (template: Template, apis: readonly string[], idOf: IdOf): Template => {
  const gone = Object.entries(template.Resources).filter(isPartOf(apis));
  const removed: Removed = { ids: new Set(gone.map(([id]) => id)), idOf };
  const kept = Object.entries(template.Resources)
    .filter(([id]) => !removed.ids.has(id))
    .map(([id, resource]) => [id, withoutDependsOn(resource, removed)]);
  return Template.parse(withIds({ ...template, Resources: Object.fromEntries(kept) }, removed));
};

/** What holds data, how people call it, and the properties that only a new one can have. */
const statefulTypes: Readonly<Record<string, { readonly what: string; readonly fixed: readonly string[] }>> = {
  'AWS::DynamoDB::Table': { what: 'table', fixed: ['TableName', 'KeySchema'] },
  'AWS::DynamoDB::GlobalTable': { what: 'table', fixed: ['TableName', 'KeySchema'] },
  'AWS::SQS::Queue': { what: 'queue', fixed: ['QueueName', 'FifoQueue'] },
  'AWS::S3::Bucket': { what: 'bucket', fixed: ['BucketName'] },
  'AWS::Cognito::UserPool': { what: 'accounts', fixed: ['AliasAttributes', 'UsernameAttributes'] },
};

/** Something that holds data and would not survive an update. */
export type Loss = {
  readonly logicalId: string;
  readonly type: string;
  readonly what: string;
  readonly why: 'is no longer part of the stack' | 'must be made anew';
};

const retained = ({ DeletionPolicy }: TemplateResource): boolean => DeletionPolicy === 'Retain';

/** What an update from one template to the other would lose. */
export const lossesOf = (deployed: Template, next: Template): Loss[] =>
  Object.entries(deployed.Resources).flatMap(([logicalId, was]): Loss[] => {
    const stateful = statefulTypes[was.Type];
    if (stateful === undefined || retained(was)) return [];
    const is = next.Resources[logicalId];
    const loss = { logicalId, type: was.Type, what: stateful.what };
    if (is?.Type !== was.Type) return [{ ...loss, why: 'is no longer part of the stack' }];
    const stays = stateful.fixed.every((name) => isSame(was.Properties?.[name], is.Properties?.[name]));
    return stays ? [] : [{ ...loss, why: 'must be made anew' }];
  });
