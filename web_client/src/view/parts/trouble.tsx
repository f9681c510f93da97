/** In place of what could not be loaded or done: what, and how to try again. */
import type { ApiError } from "@/io/api";
import { Button } from "@/view/parts/button";
import { errorText, t } from "@/words/page";

interface TroubleProps {
  readonly error: ApiError;
  readonly onRetry?: () => void;
}

export function Trouble({ error, onRetry }: TroubleProps) {
  return (
    <div class="trouble">
      <p>
        {errorText(error.code, error.data)} <small>{t("error.code", { code: error.code })}</small>
      </p>
      {onRetry && <Button onPress={onRetry}>{t("do.retry")}</Button>}
    </div>
  );
}

/** Shapes of the size of what is coming, seen after 300 ms; a word after three seconds. */
export function Shapes({ count }: { readonly count: number }) {
  return (
    <div class="shapes" aria-hidden="true">
      {Array.from({ length: count }, (_, i) => (
        <div class="shape" key={i} />
      ))}
      <p class="slow">{t("state.loading")}</p>
    </div>
  );
}
