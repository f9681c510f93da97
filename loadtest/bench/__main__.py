"""`python -m loadtest.bench NAME [--quick] [--json]`: run a bench and print its figures."""

from __future__ import annotations

import argparse
import sys

from loadtest.bench.figures import as_line, as_table
from loadtest.bench.registry import BENCHES, bench


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="alongside.py bench")
    names = parser.add_subparsers(
        dest="name", metavar="NAME", required=True, help=", ".join(BENCHES)
    )
    for name in BENCHES:
        names.add_parser(name, add_help=False)
    chosen, rest = parser.parse_known_args(arguments)
    own = argparse.ArgumentParser(prog=f"alongside.py bench {chosen.name}")
    own.add_argument("--json", action="store_true", help="one line of JSON a figure")
    own.add_argument("--quick", action="store_true", help="a short run, with coarser figures")
    bench(chosen.name).add_arguments(own)
    options = own.parse_args(rest)
    figures = bench(chosen.name).figures(options)
    for line in map(as_line, figures) if options.json else as_table(figures):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
