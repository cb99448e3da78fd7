import type { GuestMailLimit } from '../../lambda/notification/guest-mail-limit';

/** Lets every mail through. */
export const noMailLimit: GuestMailLimit = {
  admit: async () => true,
  release: async () => undefined,
};
