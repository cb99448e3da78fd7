import { volume } from '../support/volume';
import { cleanStories, disagreements, narrator, type Story } from './payment-stories';
import { runStory } from './story-run';

jest.setTimeout(120_000);

const perKind = volume(1000);
const clean = volume(10_000);

type Wrong = { readonly seed: number; readonly published: readonly string[]; readonly open: readonly string[] };

const published = (events: Awaited<ReturnType<typeof runStory>>['events']) =>
  events.map(({ type, data }) => `${type.replace('.v1', '')} ${data.type}`);

/** What was wrong with a run; nothing when it raised just what it must. */
const judge = async (tell: (typeof disagreements)[keyof typeof disagreements], seed: number): Promise<Wrong[]> => {
  let story: Story = { beats: [] };
  const { events, open } = await runStory((random) => {
    story = tell(narrator(random));
    return story;
  }, seed);
  const { raises = 'nothing', closes = false } = story;
  const expected = closes
    ? [[`AlertRaised ${raises}`, `AlertResolved ${raises}`], []]
    : [[`AlertRaised ${raises}`], [raises]];
  return JSON.stringify([published(events), open]) === JSON.stringify(expected)
    ? []
    : [{ seed, published: published(events), open }];
};

describe('an order and its payment that disagree', () => {
  test('P10 there are twelve kinds of it', () => expect(Object.keys(disagreements)).toHaveLength(12));

  test.each(Object.entries(disagreements))(
    `P10 %s: ${perKind} runs raise one alert each, which closes when they agree`,
    async (_name, tell) => {
      const wrong: Wrong[] = [];
      for (let seed = 1; seed <= perKind; seed += 1) wrong.push(...(await judge(tell, seed)));
      expect(wrong.slice(0, 3)).toEqual([]);
    },
  );
});

describe('an order and its payment that agree', () => {
  test(`P10 ${clean} runs raise nothing, however late, often and out of order their events come`, async () => {
    const stories = Object.entries(cleanStories);
    const wrong: (Wrong & { readonly name: string })[] = [];
    for (let seed = 1; seed <= clean; seed += 1) {
      const [name, tell] = stories[seed % stories.length] ?? stories[0] ?? ['none', () => ({ beats: [] })];
      const { events, open, due } = await runStory((random) => tell(narrator(random)), seed);
      if (events.length > 0 || due) wrong.push({ name, seed, published: published(events), open });
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});
