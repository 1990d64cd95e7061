// Days as ordinals: 1 January of year 1 is day 1, as on the server. No time zone can shift them.
const EPOCH = 719163;

export const isoOf = (ordinal) => new Date((ordinal - EPOCH) * 864e5).toISOString().slice(0, 10);

// Plain "en" would say "July 27, 1953" beside pages that say "27 July 1953".
const { lang } = document.documentElement;
const words = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

export const wordsOf = (ordinal) => words.format(new Date((ordinal - EPOCH) * 864e5));

const LAST = 3652059;
export const clamped = (ordinal) => Math.min(Math.max(Math.round(ordinal), 1), LAST);
