/** The application: chooses the page of the address. */
import { route } from "@/io/router";

export function App() {
  return <main>{route.value.page}</main>;
}
