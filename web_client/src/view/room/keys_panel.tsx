/** Help: what is wrong with the call, and the list of keys. */
import { ROOM_KEYS } from "@/core/keys";
import { Button } from "@/view/parts/button";
import { closeLayer, openLayer, Panel } from "@/view/room/layers";
import { t } from "@/words/room";

const ALL = [...ROOM_KEYS, ["Esc", "esc"]] as const;

export function KeysPanel() {
  return (
    <Panel name="keys" heading={t("keys.heading")}>
      <div class="more-scroll">
        <dl class="room-keys">
          {ALL.map(([key, does]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{t(`keys.${does}`)}</dd>
            </div>
          ))}
        </dl>
      </div>
      <Button kind="soft" wide onPress={() => openLayer("line")}>
        {t("line.heading")}
      </Button>
      <Button wide onPress={closeLayer}>
        {t("more.close")}
      </Button>
    </Panel>
  );
}
