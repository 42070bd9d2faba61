"""kill -9: phones can be called before they register again, and an answered call can still be hung up from either side."""
import sys

import lab


def establish(caller, callee):
    marks = caller.mark(), callee.mark()
    caller.dial(callee.number)
    caller.wait("CALL_ESTABLISHED", 15, marks[0])
    callee.wait("CALL_ESTABLISHED", 15, marks[1])


def main():
    phones = []
    try:
        with lab.Server(sys.argv[1], tcp=False) as server:
            for user, number in (("alice", "1001"), ("bob", "1002")):
                server.add_user(user, f"{user}-secret", number)
            alice = lab.Baresip("alice", server, "1001", "alice", "alice-secret", 440)
            bob = lab.Baresip("bob", server, "1002", "bob", "bob-secret", 660)
            phones += [alice, bob]
            for phone in phones:
                phone.registered()
            for round_, who in enumerate((alice, bob)):
                other = bob if who is alice else alice
                establish(alice, bob)
                lab.hears(alice, 660)
                server.kill()
                server.start()
                assert {r["number"] for r in server.json("registration", "list")} == {"1001", "1002"}
                assert len(server.json("call", "list")) == 1, "the answered call is back"
                mark = other.mark()
                who.command("hangup")
                other.wait("CALL_CLOSED", 10, mark)
                lab.wait_for("the record of the call", lambda: len(server.json("cdr", "list")) == round_ + 1, 5)
            server.kill()
            server.start()
            establish(bob, alice)
            lab.hears(bob, 440)
            bob.command("hangup")
            alice.wait("CALL_CLOSED", 10)
    finally:
        for phone in phones:
            phone.quit()


main()
