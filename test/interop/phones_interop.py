"""The quick rows of the interop matrix for ./x test: transfers with sound, forwards with Diversion seen by SIPp, lamps.

Each make shows over UDP what it alone has or does differently; `./x interop --long` shows all of it.
"""
import sys

import matrix

ROWS = {"linphone": ("transfers attended, as the caller", "transfers blind, as the called"),
        "twinkle": ("transfers attended, as the called", "redirects a call", "shows the message lamp"),
        "sipp": ("holds and resumes", "transfers blind", "shows a busy lamp")}


def main():
    failed = 0
    for make, titles in ROWS.items():
        failed += matrix.main([sys.argv[1], "--make", make, "--transport", "udp", *(w for t in titles for w in ("--row", t))])
    return 1 if failed else 0


sys.exit(main())
