"""The quick rows of the interop matrix for ./x test: transfers with sound, forwards with Diversion seen by SIPp, lamps.

Each make shows over UDP what it alone has or does differently; `./x interop --long` shows all of it.
"""
import sys

import matrix

ROWS = {"linphone": ("transfers attended, as the caller", "transfers blind, as the called", "shows whether a colleague"),
        "twinkle": ("is transferred attended", "redirects a call", "holds in the form"),
        "baresip": ("transfers blind, as the caller", "shows the message lamp", "forwards when it refuses"),
        "sipp": ("holds by inactive", "transfers blind", "shows a busy lamp")}


def main():
    failed = 0
    for make, titles in ROWS.items():
        failed += matrix.main([sys.argv[1], "--make", make, "--transport", "udp", *(w for t in titles for w in ("--row", t))])
    return 1 if failed else 0


sys.exit(main())
