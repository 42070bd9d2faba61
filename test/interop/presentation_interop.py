"""Who is shown to whom: what is configured stands in both header families at once; what a phone says of itself does not."""
import concurrent.futures
import sys

import lab
import sip

HIDDEN = "<sip:anonymous@anonymous.invalid>"


def call(caller, callee, headers=()):
    """A call that is answered, and hung up by the caller: the INVITE that the callee got, and the answer of the caller."""
    leg = sip.Call(caller, callee.number, headers=headers)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        taken = pool.submit(sip.pick_up, callee, 10)
        answer = leg.invite(seconds=20)
        assert answer is not None and answer.status == 200, answer and answer.raw
        invite = taken.result()
    assert callee.receive(5, lambda m: m.method == "ACK")
    cseq = leg.send("BYE")
    callee.reply(callee.receive(5, lambda m: m.method == "BYE"), 200, "OK")
    assert caller.final(leg.call_id, cseq).status == 200
    return invite, answer


def shows(message, party, name, number, privacy, hidden=False):
    rpid = message.get("remote-party-id")
    assert f';party={party};' in rpid and f';privacy={privacy};' in rpid and rpid.endswith("screen=yes"), rpid
    assert rpid.startswith(f'"{name}" '), rpid
    where = HIDDEN if hidden else f"<sip:{number}@"
    assert where in rpid, rpid
    assert (message.get("privacy") == "id") == hidden, message.raw
    assert bool(message.get("p-asserted-identity")) != hidden, message.raw


def main():
    with lab.Server(sys.argv[1]) as server:
        for i in (1, 2):
            server.add_user(f"user{i}", f"secret{i}", f"100{i}")
        names = [p["name"] for p in sorted(server.json("phone", "list"), key=lambda p: p["digestUser"])]
        for name, number, display in zip(names, ("1001", "1002"), ("Alice", "Bob")):
            server.cli("phone", "update", name, "--lines", f"{number}/display={display}")
        alice, bob = [sip.Phone(sip.UdpLink(server.host, (server.host, server.udp)), f"100{i}", f"user{i}", f"secret{i}")
                      for i in (1, 2)]
        for phone in (alice, bob):
            assert phone.register().status == 200

        lie = ['P-Asserted-Identity: "Chief" <sip:1@pbx.example>', 'Remote-Party-ID: "Chief" <sip:1@pbx.example>']
        invite, answer = call(alice, bob, lie)
        assert b"Chief" not in invite.raw, invite.raw
        shows(invite, "calling", "Alice", "1001", "off")
        shows(answer, "called", "Bob", "1002", "off")
        invite, _ = call(alice, bob, ["Privacy: id"])
        shows(invite, "calling", "Anonymous", "1001", "full", hidden=True)
        assert b"sip:1001@" not in invite.raw and b"Alice" not in invite.raw, invite.raw
        server.cli("line", "update", "1001", "--calling-name-presentation", "restricted")
        server.cli("line", "update", "1002", "--connected-line-presentation", "restricted")
        assert server.json("line", "show", "1002")["connectedLinePresentation"] == "restricted"
        invite, answer = call(alice, bob)
        shows(invite, "calling", "Anonymous", "1001", "name")
        shows(answer, "called", "Bob", "1002", "uri", hidden=True)
        server.cli("phone", "update", names[0], "--device-trust-mode", "trusted")
        server.cli("line", "update", "1001", "--calling-name-presentation", "default")
        invite, _ = call(alice, bob, lie)
        shows(invite, "calling", "Chief", "1", "off")
        wrong = server.run("line", "update", "1001", "--calling-name-presentation", "hidden", check=False)
        assert wrong.returncode == 1 and "callingNamePresentation" in wrong.stderr + wrong.stdout, wrong
        assert {c["callingNumber"] for c in server.json("cdr", "list")} == {"1001", "1"}
        for phone in (alice, bob):
            phone.link.close()


main()
