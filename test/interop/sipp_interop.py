"""SIPp as phones: register, call, cancel, busy, no answer, unknown and unregistered numbers, over UDP and TCP."""
import sys

import lab
from phones.sipp import Sipp


def main():
    with lab.Server(sys.argv[1]) as server:
        server.add_user("alice", "alice-secret", "1001")
        server.add_user("bob", "bob-secret", "1002")
        server.add_user("carol", "carol-secret", "1003")
        server.cli("parameter", "set", "t301", "10")
        a, b = lab.free_port(), lab.free_port()

        def both(caller, callee, called="1002", transport="u1", caller_port=a):
            other = Sipp(server, callee, "1002", b, "bob", calls=False).listens() if callee else None
            Sipp(server, caller, "1001", caller_port, "alice", called, transport).done()
            if other:
                other.done()

        Sipp(server, "register", "1001", a, "alice").done()
        Sipp(server, "register", "1002", b, "bob").done()
        assert {r["number"] for r in server.json("registration", "list")} == {"1001", "1002"}
        both("caller", "callee")
        both("caller_cancels", "callee_cancelled")
        both("caller_gets_486", "callee_busy")
        both("caller_gets_480", "callee_cancelled")        # nobody answers within T301
        both("caller_gets_404", None, called="1999")
        both("caller_gets_480", None, called="1003")       # configured, not registered
        # Over TCP the caller comes by a new connection, so it is challenged and identified by its credentials.
        c = lab.free_port()
        Sipp(server, "register", "1001", c, "alice", transport="t1").done()
        both("caller_challenged", "callee", transport="t1", caller_port=c)
        kinds = sorted(r["disposition"] for r in server.json("cdr", "list"))
        assert kinds.count("answered") == 2 and "cancelled" in kinds and "busy" in kinds and "no-answer" in kinds, kinds
        assert server.json("call", "list") == []


main()
