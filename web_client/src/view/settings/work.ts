/** Fetching a list of the settings and changing it; what goes wrong stands beside it. */
import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { alert, say } from "@/io/announce";
import { ApiError, requestId } from "@/io/api";
import { errorText } from "@/words/page";

export interface Work<T> {
  readonly value: Signal<T | null>;
  readonly error: Signal<ApiError | null>;
  readonly busy: Signal<boolean>;
  /** What was done last, to be seen as well as heard. */
  readonly said: Signal<string>;
  readonly fetch: () => void;
  /** Do something and fetch anew; whether it was done. */
  readonly run: (work: () => Promise<unknown>, said: string) => Promise<boolean>;
}

export function useWork<T>(load: () => Promise<T>): Work<T> {
  const value = useSignal<T | null>(null);
  const error = useSignal<ApiError | null>(null);
  const busy = useSignal(false);
  const told = useSignal("");
  const guarded = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      error.value = null;
      return true;
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      error.value = cause;
      return false;
    }
  };
  const refresh = () =>
    guarded(async () => {
      value.value = await load();
    });
  const run = async (work: () => Promise<unknown>, said: string): Promise<boolean> => {
    if (busy.value) return false;
    busy.value = true;
    told.value = "";
    const done = await guarded(async () => {
      await work();
      value.value = await load();
    });
    busy.value = false;
    if (done) {
      told.value = said;
      say(said);
    } else if (error.value) alert(errorText(error.value.code, error.value.data));
    return done;
  };
  const fetch = () => void refresh();
  useEffect(() => {
    fetch();
    // Once: what is fetched does not change with the page.
  }, []);
  return { value, error, busy, said: told, fetch, run };
}

export interface Request {
  /** The id of this wish until it is done: pressing again after a lost answer makes no second one. */
  readonly of: (wish: string) => string;
  readonly done: () => void;
}

/** Names wishes. */
export function useRequest(): Request {
  const last = useSignal({ wish: "", id: "" });
  return {
    of: (wish) => {
      if (last.value.wish !== wish) last.value = { wish, id: requestId() };
      return last.value.id;
    },
    done: () => {
      last.value = { wish: "", id: "" };
    },
  };
}
