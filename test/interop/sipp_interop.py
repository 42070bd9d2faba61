"""SIPp as phones: register, call, cancel, busy, no answer, unknown and unregistered numbers, over UDP and TCP."""
import pathlib
import subprocess
import sys
import tempfile

import lab

SCENARIOS = pathlib.Path(__file__).resolve().parent / "scenarios"
SECRETS = {"1001": "alice", "1002": "bob"}


class Sipp:
    def __init__(self, server, scenario, number, port, called="", transport="u1", count=1):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sipp-"))
        user = SECRETS[number]
        (self.folder / "in.csv").write_text(
            f"SEQUENTIAL\n{number};[authentication username={user} password={user}-secret];{called}\n")
        # A callee gives no remote address; a caller does.
        words = ["sipp", "-sf", str(SCENARIOS / f"{scenario}.xml"), "-i", server.host, "-p", str(port), "-t", transport,
                 "-inf", str(self.folder / "in.csv"), "-m", str(count), "-nostdin", "-timeout", "150s", "-timeout_error",
                 "-trace_err", "-error_file", str(self.folder / "errors"), "-trace_msg", "-message_file",
                 str(self.folder / "messages"), "-l", "1"]
        if not scenario.startswith("callee"):
            words.append(f"{server.host}:{server.udp}")
        self.scenario = scenario
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)

    def done(self):
        try:
            code = self.process.wait(200)
        finally:
            lab.end(self.process)
        if code != 0:
            errors = "".join(f.read_text(errors="replace")[-3000:] for f in sorted(self.folder.glob("*"))
                             if f.name in ("errors", "messages"))
            raise lab.Failed(f"sipp {self.scenario}: exit {code}\n{errors}")


def main():
    with lab.Server(sys.argv[1]) as server:
        server.add_user("alice", "alice-secret", "1001")
        server.add_user("bob", "bob-secret", "1002")
        server.add_user("carol", "carol-secret", "1003")
        server.cli("parameter", "set", "t301", "10")
        a, b = lab.free_port(), lab.free_port()

        def both(caller, callee, called="1002", transport="u1", caller_port=a):
            other = Sipp(server, callee, "1002", b) if callee else None
            if other:
                lab.wait_for("the callee to listen", lambda: f":{b:04X} " in open("/proc/net/udp").read(), 10, 0.05)
            Sipp(server, caller, "1001", caller_port, called, transport).done()
            if other:
                other.done()

        Sipp(server, "register", "1001", a).done()
        Sipp(server, "register", "1002", b).done()
        assert {r["number"] for r in server.json("registration", "list")} == {"1001", "1002"}
        both("caller", "callee")
        both("caller_cancels", "callee_cancelled")
        both("caller_gets_486", "callee_busy")
        both("caller_gets_480", "callee_cancelled")        # nobody answers within T301
        both("caller_gets_404", None, called="1999")
        both("caller_gets_480", None, called="1003")       # configured, not registered
        # Over TCP the caller comes by a new connection, so it is challenged and identified by its credentials.
        c = lab.free_port()
        Sipp(server, "register", "1001", c, transport="t1").done()
        both("caller_challenged", "callee", transport="t1", caller_port=c)
        kinds = sorted(r["disposition"] for r in server.json("cdr", "list"))
        assert kinds.count("answered") == 2 and "cancelled" in kinds and "busy" in kinds and "no-answer" in kinds, kinds
        assert server.json("call", "list") == []


main()
