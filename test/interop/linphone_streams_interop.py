"""Linphone over TCP and over TLS (as baresip over the other): registers, calls, is called, hears and is heard."""
import sys
import time

import lab


def records(server, n):
    lab.wait_for(f"{n} call records", lambda: len(server.json("cdr", "list")) == n, 10)
    lab.wait_for("no call to be left", lambda: server.json("call", "list") == [], 5)


def calls(server, lin, bob, done):
    """One call each way between the two; `done` calls were made before."""
    mark = bob.mark()
    lin.say(f"call sip:{bob.number}@{server.host}:{lin.port};transport={lin.transport}")
    bob.wait("CALL_ESTABLISHED", 15, mark)
    lab.hears(bob, 880)
    lab.hears(lin, 440)
    mark = bob.mark()
    lin.say("terminate all")
    bob.wait("CALL_CLOSED", 10, mark)
    records(server, done + 1)
    at, mark = len(lin.log()), bob.mark()
    bob.dial(lin.number)
    lin.wait_output("new incoming call", 15, at)
    time.sleep(0.5)
    lin.say("answer")
    bob.wait("CALL_ESTABLISHED", 15, mark)
    lab.hears(bob, 880)
    bob.command("hangup")
    records(server, done + 2)


def main():
    phones = []
    try:
        with lab.Server(sys.argv[1], tls=True) as server:
            for user, number in (("alice", "1001"), ("bob", "1002"), ("carol", "1003"), ("dave", "1004")):
                server.add_user(user, f"{user}-secret", number)
            done = 0
            for transport, user, number, other, called in (("tls", "alice", "1001", "bob", "1002"),
                                                           ("tcp", "carol", "1003", "dave", "1004")):
                lin = lab.Linphone(user, server, number, user, f"{user}-secret", 880, transport)
                phones.append(lin)
                lin.port = server.tls if transport == "tls" else server.udp
                lin.register()
                assert server.registered(number)[0]["transport"] == transport.upper(), server.registered(number)
                bob = lab.Baresip(other, server, called, other, f"{other}-secret", 440, "tcp" if transport == "tls" else "tls")
                phones.append(bob)
                bob.registered()
                calls(server, lin, bob, done)
                done += 2
                for phone in (lin, bob):
                    phone.quit()
                    phones.remove(phone)
    finally:
        for phone in phones:
            phone.quit()


main()
