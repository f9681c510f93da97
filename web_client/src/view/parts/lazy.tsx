/** A part of a page whose script is fetched when it is first shown. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

import { ApiError } from "@/io/api";
import { Trouble } from "@/view/parts/trouble";

/** Nothing is drawn while it comes; where it does not come, a way to try again. */
export function lazy<P extends object>(fetch: () => Promise<ComponentType<P>>): ComponentType<P> {
  let Part: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [state, setState] = useState<"coming" | "here" | "failed">(Part ? "here" : "coming");
    useEffect(() => {
      if (state !== "coming") return;
      fetch().then(
        (found) => {
          Part = found;
          setState("here");
        },
        () => setState("failed"),
      );
    }, [state]);
    if (Part) return <Part {...props} />;
    if (state === "coming") return null;
    return <Trouble error={new ApiError({ code: "offline" })} onRetry={() => setState("coming")} />;
  };
}
