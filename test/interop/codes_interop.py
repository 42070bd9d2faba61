"""Feature codes dialled by a phone change the configuration, which the command line shows, and what is dialled is confirmed."""
import sys

import lab
import sip


def confirmed(phone, code, words):
    """Dials a code: 200 with the words in place of a name, then a BYE of the server's."""
    call = sip.Call(phone, code)
    answer = call.invite(seconds=20)
    assert answer is not None and answer.status == 200, (code, answer and answer.raw)
    assert f'"{words}" <sip:{code}@' in answer.get("remote-party-id"), answer.raw
    assert f'"{words}"' in answer.get("p-asserted-identity"), answer.raw
    assert b"a=inactive" in answer.body, answer.raw
    bye = phone.receive(10, lambda m: m.method == "BYE" and m.get("call-id") == call.call_id)
    assert bye is not None, f"{code}: no BYE"
    phone.reply(bye, 200, "OK")


def refused(phone, code, status, words=""):
    answer = sip.Call(phone, code).invite(seconds=20)
    assert answer is not None and answer.status == status, (code, answer and answer.raw)
    assert words in answer.get("warning"), answer.raw


def rings_for(caller, dialled, phone, *words):
    """`caller` dials and `phone` rings, with these words in its INVITE, and is busy."""
    call = sip.Call(caller, dialled)
    cseq = call.send("INVITE", ["Content-Type: application/sdp"], call.body)
    invite = phone.receive(10, lambda m: m.method == "INVITE" and m.get("via") not in phone.taken)
    assert invite is not None, f"{dialled} does not ring"
    phone.taken.add(invite.get("via"))
    for word in words:
        assert word.encode() in invite.raw, (word, invite.raw)
    phone.reply(invite, 486, "Busy Here")
    answer = caller.final(call.call_id, cseq, 10)
    assert answer is not None and answer.status == 486, (dialled, answer and answer.raw)
    return invite


def waits_and_is_forgotten(server, alice):
    """1003 has no phone: whoever waits for it is seen by an administrator, who may forget it."""
    confirmed(alice, "*371003", "Call-back: 1003")
    row, = server.json("call-back", "list")
    assert (row["number"], row["target"], row["state"]) == ("1001", "1003", "waiting"), row
    assert row["since"] < row["expires"] and row["phone"].startswith("SEP"), row
    assert server.json("call-back", "show", row["name"]) == row
    assert server.json("status")["callBacks"] == 1
    assert "1003" in server.cli("call-back", "list")
    assert server.run("call-back", "remove", "0000000000000001", check=False).returncode == 3
    assert server.cli("call-back", "remove", row["name"]) == f"call-back {row['name']} removed\n"
    assert server.json("call-back", "list") == []


def called_back(server, alice, bob):
    """Bob's line is free: alice's phone rings with his name; when it answers he is called, and both are joined."""
    waits_and_is_forgotten(server, alice)
    confirmed(alice, "*371002", "Call-back: 1002")
    first = sip.pick_up(alice, 30)
    assert first is not None and "<sip:1002@" in first.get("from"), first and first.raw
    ack = alice.receive(10, lambda m: m.method == "ACK" and m.get("call-id") == first.get("call-id"))
    assert ack is not None and b"a=inactive" in ack.body, ack and ack.raw
    second = sip.pick_up(bob, 10)
    assert second is not None and "<sip:1001@" in second.get("from"), second and second.raw
    joined = sip.pick_up(alice, 10)
    assert joined is not None and joined.get("call-id") == first.get("call-id"), joined and joined.raw
    assert b"m=audio 41000" in joined.body and b"a=inactive" not in joined.body, joined.raw
    answer = bob.receive(10, lambda m: m.method == "ACK" and m.get("call-id") == second.get("call-id"))
    assert answer is not None and b"m=audio 41000" in answer.body, answer and answer.raw


def main():
    with lab.Server(sys.argv[1]) as server:
        for i in range(1, 4):
            server.add_user(f"user{i}", f"secret{i}", f"100{i}")
        alice, bob = [sip.Phone(sip.UdpLink(server.host, (server.host, server.udp)), f"100{i}", f"user{i}", f"secret{i}")
                      for i in (1, 2)]
        for phone in (alice, bob):
            assert phone.register().status == 200

        def line(field):
            return server.json("line", "show", "1001")[field]

        confirmed(alice, "*721003", "Forward all to 1003")
        assert line("forwardAll") == "1003"
        assert sip.Call(bob, "1001").invite().status == 480  # nobody is registered at 1003
        confirmed(alice, "*73", "Forward all off")
        assert line("forwardAll") == ""
        rings_for(bob, "1001", alice)
        confirmed(alice, "*901002", "Forward busy to 1002")
        assert (line("forwardBusyInternal"), line("forwardBusyExternal")) == ("1002", "1002")
        confirmed(alice, "*91", "Forward busy off")
        assert (line("forwardBusyInternal"), line("forwardBusyExternal")) == ("", "")
        confirmed(alice, "*921002", "Forward no answer to 1002")
        assert (line("forwardNoAnswerInternal"), line("forwardNoAnswerExternal")) == ("1002", "1002")
        confirmed(alice, "*93", "Forward no answer off")

        name = next(p["name"] for p in server.json("phone", "list") if p["digestUser"] == "user1")
        confirmed(alice, "*78", "Do not disturb on")
        assert server.json("phone", "show", name)["dndStatus"] is True
        confirmed(alice, "*79", "Do not disturb off")
        assert server.json("phone", "show", name)["dndStatus"] is False

        refused(alice, "*721999", 404, "There is no such number to forward to")
        refused(alice, "*721001", 403, "A line is not forwarded to itself")
        refused(alice, "*99", 404)
        # Codes are configuration: another one, none, and back.
        server.cli("feature-code", "update", "do-not-disturb-on", "--code", "#21")
        refused(alice, "*78", 404)
        confirmed(alice, "%2321", "Do not disturb on")
        server.cli("feature-code", "update", "do-not-disturb-on", "--enabled", "off")
        refused(alice, "%2321", 404)
        server.cli("feature-code", "reset", "do-not-disturb-on")
        confirmed(alice, "*78", "Do not disturb on")
        confirmed(alice, "*79", "Do not disturb off")

        def recorded(dialled):  # records are written some milliseconds after the call
            lab.wait_for(f"the record of {dialled}", lambda: server.json("cdr", "list")[0]["dialled"] == dialled, 10)

        rings_for(bob, "1001", alice)
        recorded("1001")
        rings_for(alice, "*69", bob)
        rings_for(alice, "*671002", bob, "Privacy: id", "anonymous@anonymous.invalid")
        recorded("*671002")
        rings_for(alice, "*66", bob, "anonymous@anonymous.invalid")
        rings_for(alice, "*401002", bob, "Answer-Mode: Auto", "answer-after=0", "info=alert-autoanswer")
        server.cli("line", "update", "1001", "--auto-answer", "speakerphone")
        rings_for(bob, "1001", alice, "Answer-Mode: Auto")
        called_back(server, alice, bob)
        for phone in (alice, bob):
            phone.link.close()


main()
