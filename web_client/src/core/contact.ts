/** Whom to tell of a problem: the link to those who run the instance. */

/** Where to go to tell them: a mail with this subject, or their page; null if they named nothing usable. */
export function linkOf(contact: string | null, subject: string): string | null {
  if (contact === null) return null;
  if (contact.startsWith("https://")) return contact;
  return contact.includes("@") ? `mailto:${contact}?subject=${encodeURIComponent(subject)}` : null;
}

/** The contact as people read it: of a link its host. */
export const shownOf = (contact: string): string =>
  contact.startsWith("https://") ? new URL(contact).host : contact;
