"""The page: a browser client in TypeScript, built by Vite into `dist`.

    src/core    pure: calendar, choices, routes, words' grammar, the room's state machines
    src/io      the outside world: REST, the socket, devices, storage, the browser's history
    src/view    what a member sees: state to markup
    src/words   the catalogue: every sentence of the page, with notes for translators

`core` knows neither the document nor the network; `io` and `view` hand it time and facts.
`web/` serves the built files and nothing else.
"""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).resolve().parent
DIST = HERE / "dist"
"""Where the built page lies; made by `npm run build`, not kept in the repository."""
