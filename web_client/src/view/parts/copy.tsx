/** A secret or an address, to be copied: selected by a press, put on the clipboard by the button. */
import { useSignal } from "@preact/signals";
import { Copy } from "lucide-preact";
import { useId, useRef } from "preact/hooks";

import { say } from "@/io/announce";
import { Button } from "@/view/parts/button";
import { t } from "@/words/people";

export function CopyField({ label, value }: { readonly label: string; readonly value: string }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const said = useSignal<"" | "copied" | "copy.by_hand">("");
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      said.value = "copied";
    } catch {
      // No permission, or no secure page: the text is marked and can be copied by hand.
      said.value = "copy.by_hand";
    }
    say(t(`invites.${said.value}`));
  };
  return (
    <div class="field copy-field">
      <label for={id}>{label}</label>
      <div class="copy-row">
        <input
          id={id}
          ref={field}
          type="text"
          dir="ltr"
          readOnly
          value={value}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button onPress={() => void copy()}>
          <Copy class="icon" aria-hidden="true" />
          {t("invites.copy")}
        </Button>
      </div>
      {said.value && <span class="hint">{t(`invites.${said.value}`)}</span>}
    </div>
  );
}
