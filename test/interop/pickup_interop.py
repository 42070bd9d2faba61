"""Pickup and park against the real program: numbers, codes, Replaces, who is shown, reversion, `kill -9`, the records."""
import concurrent.futures
import json
import re
import signal
import sys

import lab
import sip

HOLD = "a=inactive"


class Talk:
    """An answered call between two phones of ours."""

    def __init__(self, caller, called, dialled):
        self.caller, self.called = caller, called
        self.call = sip.Call(caller, dialled)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            taken = pool.submit(sip.pick_up, called)
            answer = self.call.invite()
            assert answer is not None and answer.status == 200, answer and answer.raw
            self.invite = taken.result()
        assert called.receive(5, lambda m: m.method == "ACK")


def answer_requests(phone, *methods, seconds=5, until=None):
    """Answers what the server asks in dialogs: 200, to INVITEs with a description. The requests, up to one of `until`."""
    seen = []
    while (m := phone.receive(seconds, lambda m: m.method in methods)) is not None:
        seen.append(m)
        if m.method == "INVITE":
            phone.reply(m, 200, "OK", [f"Contact: {phone.contact}", "Content-Type: application/sdp"],
                        sip.sdp(phone.link.local[0], 42000))
            assert phone.receive(5, lambda a: a.method == "ACK"), "no ACK"
        else:
            phone.reply(m, 200, "OK")
        if until is not None and until(m):
            return seen
    assert until is None, f"{phone.number} waited for nothing; it has seen {[m.method for m in seen]}"
    return seen


def rings(phone):
    invite = phone.receive(10, lambda m: m.method == "INVITE" and m.get("via") not in phone.taken)
    assert invite is not None, f"{phone.number} does not ring"
    phone.taken.add(invite.get("via"))
    phone.reply(invite, 180, "Ringing", [f"Contact: {phone.contact}"])
    return invite


def cancelled(phone, invite):
    cancel = phone.receive(5, lambda m: m.method == "CANCEL" and m.get("call-id") == invite.get("call-id"))
    assert cancel is not None, "no CANCEL"
    phone.reply(cancel, 200, "OK")
    phone.reply(invite, 487, "Request Terminated")
    assert phone.receive(5, lambda m: m.method == "ACK")


def hang_up(call, other):
    cseq = call.send("BYE")
    answer_requests(other, "BYE", until=lambda m: m.method == "BYE")
    assert call.phone.final(call.call_id, cseq).status == 200


def pickup(server, alice, bob, carol, dave):
    for dialled in ("8600", "*8", "**1002"):
        call = sip.Call(alice, "1002")
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            answered = pool.submit(call.invite)
            invite = rings(bob)
            taker = sip.Call(carol, dialled)
            answer = taker.invite()
            assert answer is not None and answer.status == 200, answer and answer.raw
            assert "sip:1001@" in answer.get("p-asserted-identity"), answer.raw
            got = answered.result()
        assert got is not None and got.status == 200 and "sip:1003@" in got.get("p-asserted-identity"), got and got.raw
        cancelled(bob, invite)
        hang_up(taker, alice)
    records = server.json("cdr", "list")
    picked = [r for r in records if r["calledNumber"] == "1003"]
    assert len(picked) == 3 and {r["lastRedirectReason"] for r in picked} == {"pickup"}, records
    refused = sip.Call(dave, "*8").invite()
    assert refused.status == 403 and "1004 is in no call pickup group" in refused.get("warning"), refused.raw
    nothing = sip.Call(carol, "8600").invite()
    assert nothing.status == 404 and "No call rings in pickup group Sales" in nothing.get("warning"), nothing.raw


def park(server, alice, bob, carol):
    """alice parks bob; the number that she is shown."""
    talk = Talk(alice, bob, "1002")
    answer = talk.call.request("REFER", [f"Refer-To: <sip:*70@{alice.domain}>", f"Contact: {alice.contact}"])
    assert answer is not None and answer.status == 202, answer and answer.raw
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        still = pool.submit(answer_requests, bob, "INVITE", until=lambda m: m.method == "INVITE")
        seen = answer_requests(alice, "INVITE", "NOTIFY", "BYE", seconds=8, until=lambda m: m.method == "BYE")
        assert HOLD in still.result()[0].raw, "bob is not held"
    shown = [re.search(r'"Parked at (\d+)"', m.raw) for m in seen if m.method == "INVITE"]
    assert shown and shown[0], "alice is not shown where"
    assert any(m.method == "NOTIFY" and "SIP/2.0 200" in m.raw for m in seen), "alice is not told that it worked"
    number = shown[0].group(1)
    listed = server.json("call", "list")
    assert [(c["state"], c["calledNumber"]) for c in listed] == [("parked", number)], listed
    return number


def retrieve(caller, dialled, party):
    call = sip.Call(caller, dialled)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        asked = pool.submit(answer_requests, party, "INVITE", until=lambda m: m.method == "INVITE")
        answer = call.invite()
        assert answer is not None and answer.status == 200, answer and answer.raw
        invite = asked.result()[0]
    assert f"sip:{caller.number}@" in invite.get("p-asserted-identity"), invite.raw
    assert HOLD not in invite.raw, "it is still held"
    return call


def parked(server, alice, bob, carol):
    number = park(server, alice, bob, carol)
    assert number == "8000", number
    free = sip.Call(carol, "8001").invite()
    assert free.status == 404 and "No call is parked at 8001" in free.get("warning"), free.raw
    hang_up(retrieve(carol, number, bob), bob)
    number = park(server, alice, bob, carol)
    hang_up(retrieve(carol, f"*71{number}", bob), bob)
    # A parked call outlives the server, and reverts to who parked it.
    number = park(server, alice, bob, carol)
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    server.start()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        asked = pool.submit(answer_requests, bob, "INVITE", seconds=15, until=lambda m: m.method == "INVITE")
        invite = sip.pick_up(alice, 20)
        assert invite is not None, "the call has not reverted"
        asked.result()
    assert '"Park 8000' in invite.get("from") and f"sip:{number}@" in invite.get("diversion"), invite.raw
    assert alice.receive(5, lambda m: m.method == "ACK")
    for call in server.json("call", "list"):
        server.cli("call", "release", call["name"])
    answer_requests(alice, "BYE", until=lambda m: m.method == "BYE")
    answer_requests(bob, "BYE", until=lambda m: m.method == "BYE")
    reasons = json.dumps(server.json("cdr", "list"))
    for word in ("park", "park-pickup", "park-reversion"):
        assert f'"{word}"' in reasons, (word, reasons)


def main():
    with lab.Server(sys.argv[1], env={"CARILLON_SHARDS": "2"}) as server:
        for i in range(1, 5):
            server.add_user(f"user{i}", f"secret{i}", f"100{i}")
        server.cli("pickup-group", "add", "Sales", "--number", "8600")
        for number in ("1002", "1003"):
            server.cli("line", "update", number, "--call-pickup-group", "Sales")
        server.cli("call-park", "add", "800X")
        server.cli("parameter", "set", "call-park-reversion-timer", "10")
        phones = [sip.Phone(sip.UdpLink(server.host, (server.host, server.udp)), f"100{i}", f"user{i}", f"secret{i}")
                  for i in range(1, 5)]
        for phone in phones:
            assert phone.register().status == 200
        alice, bob, carol, dave = phones
        pickup(server, alice, bob, carol, dave)
        parked(server, alice, bob, carol)
        for phone in phones:
            phone.link.close()


main()
