"""Phones of two makes: linphone and baresip register, call each other both ways, hear each other, hold, hang up."""
import sys
import time

import lab


def main():
    phones = []
    try:
        with lab.Server(sys.argv[1]) as server:
            for user, number in (("alice", "1001"), ("bob", "1002")):
                server.add_user(user, f"{user}-secret", number)
            lin = lab.Linphone("alice", server, "1001", "alice", "alice-secret", 880)
            phones.append(lin)
            lin.register()
            bob = lab.Baresip("bob", server, "1002", "bob", "bob-secret", 440)
            phones.append(bob)
            bob.registered()

            lin.say(f"call sip:1002@{server.host}:{server.udp}")
            bob.wait("CALL_ESTABLISHED", 15)
            lab.hears(bob, 880)
            lab.hears(lin, 440)
            mark, at = bob.mark(), len(lin.log())
            lin.say("pause")
            time.sleep(1.5)
            lin.say("resume 1")
            time.sleep(1.5)
            assert len(server.json("call", "list")) == 1, "the call survives hold and resume"
            lin.say("terminate all")
            bob.wait("CALL_CLOSED", 10, mark)
            lab.wait_for("the record", lambda: len(server.json("cdr", "list")) == 1, 5)

            at, mark = len(lin.log()), bob.mark()
            bob.dial("1001")
            lin.wait_output("new incoming call", 15, at)
            time.sleep(0.5)
            lin.say("answer")
            bob.wait("CALL_ESTABLISHED", 15, mark)
            lab.hears(bob, 880)
            mark = bob.mark()
            bob.command("hangup")
            lab.wait_for("the second record", lambda: len(server.json("cdr", "list")) == 2, 10)
            assert all(r["disposition"] == "answered" for r in server.json("cdr", "list"))
    finally:
        for phone in phones:
            phone.quit()


main()
