/** The device check by its own address; with a booking it is the way into that room. */
import { go } from "@/io/router";
import { Check } from "@/view/check_panel";
import { seated } from "@/view/room/visit";

export default function CheckPage({ about: booking }: { readonly about: string }) {
  return (
    <Check
      booking={booking}
      onEnter={() => {
        seated.set(booking);
        go(`/room/${booking}`, { replace: true });
      }}
    />
  );
}
