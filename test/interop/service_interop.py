"""The server as a service: it drains, shows an advertised address, follows a trace, logs in JSON, answers over HTTPS."""
import concurrent.futures
import json
import pathlib
import signal
import subprocess
import sys
import threading
import time

import lab
import sip


def phone(server, i, at=None, domain=None):
    p = sip.Phone(sip.UdpLink(server.host, at or (server.host, server.udp)), f"100{i}", f"user{i}", f"secret{i}", domain)
    answer = p.register()
    assert answer is not None and answer.status == 200, answer and answer.raw
    return p


def users(server):
    for i in range(1, 5):
        server.add_user(f"user{i}", f"secret{i}", f"100{i}")


def established(caller, callee):
    call = sip.Call(caller, callee.number)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        taken = pool.submit(sip.pick_up, callee, 5)
        answer = call.invite()
        invite = taken.result()
    assert answer is not None and answer.status == 200 and invite, answer and answer.raw
    assert callee.receive(5, lambda m: m.method == "ACK")
    return call, invite


def says_goodbye(p):
    bye = p.receive(9, lambda m: m.method == "BYE")
    assert bye is not None, f"{p.number} got no BYE"
    p.reply(bye, 200, "OK")


def drains(binary):
    """SIGTERM: no new calls, those there are may end for a while, then they are ended; their records are kept."""
    with lab.Server(binary, env={"CARILLON_DRAIN_SECONDS": "6"}) as server:
        users(server)
        a, b, c = (phone(server, i) for i in (1, 2, 3))
        call, _ = established(a, b)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        lab.wait_for("the drain to begin", lambda: "may end by themselves" in server.log(), 3, 0.02)
        late = sip.Call(c, "1002").invite(seconds=3)
        assert late is not None and late.status == 503, late and late.raw
        assert c.register().status == 200, "phones keep their registrations meanwhile"
        for p in (a, b):
            says_goodbye(p)
        assert server.process.wait(60) == 0
        assert time.monotonic() - begun > 5.5, time.monotonic() - begun
        server.start()
        records = server.json("cdr", "list")
        assert [r["disposition"] for r in records if r["calledNumber"] == "1002" and r["answer"]] == ["answered"], records
        assert server.json("call", "list") == []
        # A second signal ends the waiting; the call is a record, and can be hung up after the next start.
        call, _ = established(a, b)
        server.process.send_signal(signal.SIGTERM)
        lab.wait_for("the drain to begin", lambda: server.log().count("may end by themselves") == 2, 3, 0.02)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0 and time.monotonic() - begun < 5
        server.start()
        assert len(server.json("call", "list")) == 1
        cseq = call.send("BYE")
        says_goodbye(b)
        assert a.final(call.call_id, cseq).status == 200
        # An idle server is gone at once.
        begun = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0 and time.monotonic() - begun < 5
        server.start()


def advertises(binary):
    """Behind a NAT of its own the server shows the address that it was told, and takes it for its own."""
    with lab.Server(binary) as server:  # makes the folder and the users
        users(server)
        port = lab.free_port()
        lab.end(server.process)
        (server.data / "carillon.toml").write_text(
            f'[sip]\nudp = [{{ bind = "127.0.0.1:{port}", advertise = "203.0.113.5:5070" }}]\n'
            '[http]\nlisten = "none"\n[https]\nlisten = "none"\n')
        server.command = [binary, "serve", "--data-dir", str(server.data)]
        server.start()
        at = ("127.0.0.1", port)
        a, b = phone(server, 1, at, "203.0.113.5:5070"), phone(server, 2, at)
        call, invite = established(a, b)
        assert "203.0.113.5:5070" in invite.get("via") and "203.0.113.5:5070" in invite.get("contact"), invite.raw
        assert "203.0.113.5:5070" in call.target, call.target
        cseq = call.send("BYE")
        says_goodbye(b)
        assert a.final(call.call_id, cseq).status == 200


def watched(binary):
    """trace --follow shows messages as they come; the log is JSON when asked; HTTPS serves the same API."""
    https = lab.free_port()
    with lab.Server(binary, https=https, arguments=["--log-format", "json", "--log-level", "debug"]) as server:
        users(server)
        follower = subprocess.Popen([binary, "trace", "--follow", "-o", "json", "--data-dir", str(server.data)],
                                    stdout=subprocess.PIPE, text=True)
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(follower.stdout), daemon=True)
        reader.start()
        phones = [phone(server, i) for i in (1, 2)]
        lab.wait_for("the messages of both", lambda: len(lines) >= 8, 5)
        lab.end(follower)
        rows = [json.loads(line) for line in lines]
        # What they said, and the NOTIFYs of their mailboxes.
        assert {r["direction"] for r in rows} == {"in", "out"}, rows
        assert all("REGISTER" in r["text"] or "NOTIFY" in r["text"] for r in rows), rows
        call, _ = established(*phones)
        call.send("BYE")
        says_goodbye(phones[1])
        row = lab.wait_for("the record", lambda: server.json("cdr", "list"), 5)[0]
        ladder = server.cli("trace", "--call", row["name"])
        for word in ("INVITE", "180", "200", "ACK", "BYE"):
            assert word in ladder, ladder
        token = (server.data / "token").read_text().strip()
        words = [binary, "user", "list", "-q", "--server", f"https://127.0.0.1:{https}", "--token", token]
        unknown = subprocess.run(words, capture_output=True, text=True, timeout=100)
        assert unknown.returncode == 4 and "certificate" in unknown.stderr, unknown
        for more in (["--ca-file", str(server.data / "tls" / "cert.pem")], ["--insecure"]):
            shown = subprocess.run([*words, *more], capture_output=True, text=True, timeout=100)
            assert shown.returncode == 0 and shown.stdout.split() == [f"user{i}" for i in range(1, 5)], (more, shown)
        for line in pathlib.Path(server.log_path).read_text().splitlines():
            if line.startswith("{"):
                entry = json.loads(line)
                assert entry["ts"].endswith("Z") and entry["level"] and entry["component"] and entry["msg"], entry
        assert any(line.startswith("{") for line in server.log().splitlines())


def main():
    for part in (drains, advertises, watched):
        begun = time.monotonic()
        part(sys.argv[1])
        print(f"{part.__name__}: {time.monotonic() - begun:.1f} s", flush=True)


main()
