/** Names of people, shortened for small places. */

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const firstSign = (word: string): string => [...segmenter.segment(word)][0]?.segment ?? "";

const wordsIn = (name: string): readonly string[] => name.trim().split(/\s+/).filter(Boolean);

/** At most two signs: of the first and the last word. */
export function initials(name: string): string {
  const words = wordsIn(name);
  const [first = "", last = ""] = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return (firstSign(first) + firstSign(last)).toLocaleUpperCase("en");
}

/** How a person is called: the first word of the name; a robot keeps both of its words. */
export function firstName(name: string): string {
  const [first = "", second] = wordsIn(name);
  return first === "Robo" && second ? `${first} ${second}` : first;
}

/** "Ben K." */
export function shortName(name: string): string {
  const words = wordsIn(name);
  const last = words.at(-1);
  return words.length > 1 && last && words[0] !== "Robo"
    ? `${words[0] ?? ""} ${firstSign(last)}.`
    : name.trim();
}
