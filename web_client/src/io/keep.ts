/** Small things this browser remembers: never anything secret, and nothing breaks when it cannot. */

export function kept<T>(store: Storage | undefined, key: string, otherwise: T): T {
  try {
    const text = store?.getItem(`alongside.${key}`);
    return text ? (JSON.parse(text) as T) : otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(store: Storage | undefined, key: string, value: unknown): void {
  try {
    if (value === undefined) store?.removeItem(`alongside.${key}`);
    else store?.setItem(`alongside.${key}`, JSON.stringify(value));
  } catch {
    // A full or forbidden storage only means that the choice is asked again.
  }
}

function storageOf(name: "localStorage" | "sessionStorage"): Storage | undefined {
  try {
    return window[name];
  } catch {
    return undefined;
  }
}

export const local = storageOf("localStorage");
export const tabwise = storageOf("sessionStorage");
