/** The languages that commands speak. */
export const languages = ['en', 'ja'] as const;
export type Language = (typeof languages)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/** The language that the environment asks for, by LC_ALL, LC_MESSAGES or LANG. @default en */
export const languageIn = ({ LC_ALL, LC_MESSAGES, LANG }: Environment): Language =>
  /^ja(?![a-z])/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'ja' : 'en';

let spoken: Language = 'en';

/** Sets the language of all that this process prints. */
export const speak = (language: Language): void => {
  spoken = language;
};

/** The language of all that this process prints. */
export const language = (): Language => spoken;

/** Returns the text in the language of this process. */
export const say = (texts: Readonly<Record<Language, string>>): string => texts[spoken];
