/** Sound that passes through the page falls silent where the system or another program puts the page's audio to sleep. */

/** A short sleep is heard as a gap; a longer one is no call any more. */
const ASLEEP_AFTER_MS = 1_000;

/** Wake it when it sleeps, and tell once it cannot be woken; until the answer is called. */
export function onSleep(context: AudioContext, asleep: () => void): () => void {
  let patience = 0;
  const look = (): void => {
    window.clearTimeout(patience);
    if (context.state === "running") return;
    patience = window.setTimeout(asleep, ASLEEP_AFTER_MS);
    void context.resume().catch(() => undefined);
  };
  context.addEventListener("statechange", look);
  look();
  return () => {
    window.clearTimeout(patience);
    context.removeEventListener("statechange", look);
  };
}
