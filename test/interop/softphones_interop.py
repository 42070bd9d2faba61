"""Baresip registers with verified digest over UDP, TCP and TLS; the phones call across transports, hear each other, hold
and resume, and hang up; each call leaves one record."""
import sys
import time

import lab

PROFILE = "Third-party SIP Device Basic - Standard SIP Non-Secure Profile"


def talk(server, a, b, tone_a, tone_b):
    before = len(server.json("cdr", "list"))
    marks = a.mark(), b.mark()
    a.dial(b.number)
    a.wait("CALL_ESTABLISHED", 15, marks[0])
    b.wait("CALL_ESTABLISHED", 15, marks[1])
    lab.hears(b, tone_a)
    lab.hears(a, tone_b)
    return before


def hang_up(server, who, other, before):
    mark = other.mark()
    who.command("hangup")
    other.wait("CALL_CLOSED", 10, mark)
    record = lab.wait_for("one more call record", lambda: server.json("cdr", "list")[:1]
                          if len(server.json("cdr", "list")) == before + 1 else None, 5)[0]
    assert record["disposition"] == "answered", record
    assert record["end"] >= record["answer"] >= record["start"], record
    lab.wait_for("no call to be left", lambda: server.json("call", "list") == [], 5)


def main():
    phones = []
    try:
        with lab.Server(sys.argv[1], tls=True) as server:
            server.cli("security-profile", "update", PROFILE, "--digest-authentication", "on")
            for user, number in (("alice", "1001"), ("bob", "1002"), ("carol", "1003")):
                server.add_user(user, f"{user}-secret", number)
            alice = lab.Baresip("alice", server, "1001", "alice", "alice-secret", 440, "udp")
            bob = lab.Baresip("bob", server, "1002", "bob", "bob-secret", 660, "tcp")
            carol = lab.Baresip("carol", server, "1003", "carol", "carol-secret", 880, "tls")
            phones += [alice, bob, carol]
            for phone in phones:
                phone.registered()
            seen = {r["number"]: r for r in server.json("registration", "list")}
            assert {n: r["transport"] for n, r in seen.items()} == {"1001": "UDP", "1002": "TCP", "1003": "TLS"}, seen
            assert all(r["verified"] for r in seen.values()), seen
            before = talk(server, alice, bob, 440, 660)
            alice.command("hold")
            time.sleep(1)
            alice.command("resume")
            time.sleep(1)
            lab.hears(bob, 440)
            hang_up(server, bob, alice, before)
            before = talk(server, carol, alice, 880, 440)
            hang_up(server, carol, alice, before)
            before = talk(server, bob, carol, 660, 880)
            hang_up(server, carol, bob, before)
            intruder = lab.Baresip("mallory", server, "1001", "alice", "guess", 440)
            phones.append(intruder)
            intruder.registered("403 Forbidden")
            refusal = lab.wait_for("the refusal to be listed", lambda: server.json("refusal", "list"), 5)[0]
            assert refusal["user"] == "alice" and refusal["number"] == "1001" and refusal["remedy"], refusal
    finally:
        for phone in phones:
            phone.quit()


main()
