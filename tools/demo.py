#!/usr/bin/env python3
"""The main job without a phone at hand: two softphones register, call, hear each other, hang up.

  tools/demo.py BINARY     prints each step, the ladder of the call and its record; exit 1 when a step fails
"""
import sys
import time

import lab


def step(text):
    print(f"\033[1m-->\033[0m {text}", flush=True)


def show(server):
    step(f"the server listens on {server.host}:{server.udp} (UDP and TCP)")
    server.add_user("alice", "wonder-land", "1001")
    server.add_user("bob", "the-builder", "1002")
    step("users alice (line 1001) and bob (line 1002) are configured")
    alice = lab.Baresip("alice", server, "1001", "alice", "wonder-land", tone=440)
    bob = lab.Baresip("bob", server, "1002", "bob", "the-builder", tone=660)
    alice.registered()
    bob.registered()
    step("both softphones have registered with digest authentication:")
    print(server.cli("registration", "list"))
    step("1001 calls 1002; alice sends a tone of 440 Hz, bob one of 660 Hz")
    alice.dial("1002")
    alice.wait("CALL_ESTABLISHED")
    bob.wait("CALL_ESTABLISHED")
    lab.hears(bob, 440)
    lab.hears(alice, 660)
    step("bob hears 440 Hz and alice hears 660 Hz: the sound arrives both ways")
    alice.command("hangup")
    bob.wait("CALL_CLOSED")
    records = lab.wait_for("the call record", lambda: server.json("cdr", "list"), 5)
    step("the ladder of the call:")
    print(server.cli("trace", "--call", str(records[0].get("name", ""))))
    step("its record:")
    print(server.cli("cdr", "list"))


def main():
    begun = time.monotonic()
    try:
        with lab.Server(sys.argv[1] if len(sys.argv) > 1 else "build/release/carillon") as server:
            show(server)
    except lab.Failed as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    step(f"done in {time.monotonic() - begun:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
