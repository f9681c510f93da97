/**
 * The random name of this tab. It survives a reload, so that a reloaded page takes its own seat
 * back; a duplicated tab, which the browser gives a copy of it, gets a name of its own.
 */
import { keep, kept, tabwise } from "@/io/keep";

function fresh(): string {
  const name = crypto.randomUUID();
  // Without storage a reload counts as another tab, which only moves the seat.
  keep(tabwise, "tab", name);
  return name;
}

/** Hold the name as long as this document lives; false when another tab holds it already. */
function hold(name: string): Promise<boolean> {
  if (!("locks" in navigator)) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks
      .request(`alongside.tab.${name}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<void>(() => undefined);
      })
      .catch(() => resolve(true));
  });
}

async function choose(): Promise<string> {
  const name = kept(tabwise, "tab", "") || fresh();
  if (await hold(name)) return name;
  const other = fresh();
  await hold(other);
  return other;
}

let chosen: Promise<string> | null = null;

/** This tab's name; the same for as long as the document lives. */
export function tabId(): Promise<string> {
  chosen ??= choose();
  return chosen;
}
