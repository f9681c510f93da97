/** The device check by its own address; with a booking it is the way into that room. */
import { go } from "@/io/router";
import { seated } from "@/io/seat";
import { Check } from "@/view/check_panel";

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
