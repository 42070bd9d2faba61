"""Pickup and park against the real program: numbers, codes, who is shown, reversion, `kill -9`, the records. Two call threads."""
import concurrent.futures
import re
import sys

import lab
import sip

HOLD = b"a=inactive"


def together(*deeds):
    """Does (function, argument …) each in a thread of its own; the results in order."""
    with concurrent.futures.ThreadPoolExecutor(len(deeds)) as pool:
        return [one.result() for one in [pool.submit(*deed) for deed in deeds]]


def talk(caller, called, dialled):
    """An answered call between two phones; the caller's side of it."""
    call = sip.Call(caller, dialled)
    answer, invite = together((call.invite,), (sip.pick_up, called))
    assert invite is not None, f"{called.number} does not ring"
    assert answer is not None and answer.status == 200, answer and answer.raw
    assert called.receive(5, lambda m: m.method == "ACK"), "no ACK"
    return call


def answers(phone, until, seconds=8):
    """Answers what the server asks in dialogs up to a request of that method: 200, to INVITEs with a description."""
    seen = []
    while not seen or seen[-1].method != until:
        m = phone.receive(seconds, lambda m: m.method in ("INVITE", "UPDATE", "NOTIFY", "BYE"))
        assert m is not None, f"{phone.number} waited for {until}; it was asked {[m.method for m in seen]}"
        seen.append(m)
        if m.method != "INVITE":
            phone.reply(m, 200, "OK")
            continue
        phone.taken.add(m.get("via"))
        phone.reply(m, 200, "OK", [f"Contact: {phone.contact}", "Content-Type: application/sdp"],
                    sip.sdp(phone.link.local[0], 42000))
        assert phone.receive(5, lambda a: a.method == "ACK"), "no ACK"
    return seen


def rings(phone):
    invite = phone.receive(10, lambda m: m.method == "INVITE" and m.get("via") not in phone.taken)
    assert invite is not None, f"{phone.number} does not ring"
    phone.taken.add(invite.get("via"))
    phone.reply(invite, 180, "Ringing", [f"Contact: {phone.contact}"])
    return invite


def is_cancelled(phone, invite):
    cancel = phone.receive(5, lambda m: m.method == "CANCEL" and m.get("call-id") == invite.get("call-id"))
    assert cancel is not None, "no CANCEL"
    phone.reply(cancel, 200, "OK")
    phone.reply(invite, 487, "Request Terminated")
    assert phone.receive(5, lambda m: m.method == "ACK"), "no ACK"


def hang_up(call, other):
    cseq = call.send("BYE")
    answers(other, "BYE")
    assert call.phone.final(call.call_id, cseq).status == 200


def shown(message):
    return message.get("p-asserted-identity")


def pickup(server, alice, bob, carol, dave):
    for dialled in ("8600", "*8", "**1002"):
        call = sip.Call(alice, "1002")
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            answered = pool.submit(call.invite)
            invite = rings(bob)
            taker = sip.Call(carol, dialled)
            answer = taker.invite()
            assert answer is not None and answer.status == 200, (dialled, answer and answer.raw)
            assert "sip:1001@" in shown(answer), answer.raw
            got = answered.result()
        assert got is not None and got.status == 200 and "sip:1003@" in shown(got), got and got.raw
        is_cancelled(bob, invite)
        hang_up(taker, alice)

    def picked():
        return [r for r in server.json("cdr", "list") if r["calledNumber"] == "1003"]
    lab.wait_for("three records", lambda: len(picked()) == 3, 5)
    assert {(r["lastRedirectNumber"], r["lastRedirectReason"]) for r in picked()} == {("1002", "pickup")}, picked()
    refused = sip.Call(dave, "*8").invite()
    assert refused.status == 403 and "1004 is in no call pickup group" in refused.get("warning"), refused.raw
    nothing = sip.Call(carol, "8600").invite()
    assert nothing.status == 404 and "No call rings in pickup group Sales" in nothing.get("warning"), nothing.raw


def park(server, alice, bob):
    """alice parks bob by the code; the number that she is shown."""
    call = talk(alice, bob, "1002")
    answer = call.request("REFER", [f"Refer-To: <sip:*70@{alice.domain}>", f"Contact: {alice.contact}"])
    assert answer is not None and answer.status == 202, answer and answer.raw
    seen, still = together((answers, alice, "BYE"), (answers, bob, "INVITE"))
    assert HOLD in still[-1].raw, still[-1].raw
    display = [re.search(rb'"Parked at (\d+)"', m.raw) for m in seen if m.method == "INVITE"]
    assert display and display[0], [m.raw for m in seen]
    assert any(m.method == "NOTIFY" and m.body.startswith(b"SIP/2.0 200") for m in seen), "she is not told that it worked"
    number = display[0].group(1).decode()
    waiting = [c["calledNumber"] for c in server.json("call", "list") if c["state"] == "parked"]
    assert waiting == [number], waiting
    return number


def retrieve(caller, dialled, party):
    call = sip.Call(caller, dialled)
    answer, asked = together((call.invite,), (answers, party, "INVITE"))
    assert answer is not None and answer.status == 200, (dialled, answer and answer.raw)
    assert f"sip:{party.number}@" in shown(answer), answer.raw
    assert f"sip:{caller.number}@" in shown(asked[-1]) and HOLD not in asked[-1].raw, asked[-1].raw
    return call


def parked(server, alice, bob, carol):
    number = park(server, alice, bob)
    assert number == "8000", number
    nobody = sip.Call(carol, "8001").invite()
    assert nobody.status == 404 and "No call is parked at 8001" in nobody.get("warning"), nobody.raw
    hang_up(retrieve(carol, number, bob), bob)
    assert park(server, alice, bob) == "8000", "the number is not free again"
    # A parked call outlives the server, and is taken up by code.
    server.kill()
    server.start()
    hang_up(retrieve(carol, "*718000", bob), bob)


def reverted(server, alice, bob):
    """Nobody takes the call up: it goes back to alice, who parked it."""
    server.cli("parameter", "set", "call-park-reversion-timer", "5")
    number = park(server, alice, bob)
    invite, asked = together((sip.pick_up, alice, 20), (answers, bob, "INVITE", 20))
    assert invite is not None, "the call has not reverted"
    assert f'"Park {number}' in invite.get("from") and f"sip:{number}@" in invite.get("diversion"), invite.raw
    assert HOLD not in asked[-1].raw, asked[-1].raw
    assert alice.receive(5, lambda m: m.method == "ACK"), "no ACK"
    lab.wait_for("one call", lambda: len(server.json("call", "list")) == 1, 5)
    server.cli("call", "remove", server.json("call", "list")[0]["name"])
    together((answers, alice, "BYE"), (answers, bob, "BYE"))


def main():
    with lab.Server(sys.argv[1], env={"CARILLON_SHARDS": "2"}) as server:
        for i in range(1, 5):
            server.add_user(f"user{i}", f"secret{i}", f"100{i}")
        server.cli("pickup-group", "add", "Sales", "--number", "8600")
        for number in ("1002", "1003"):
            server.cli("line", "update", number, "--call-pickup-group", "Sales")
        server.cli("call-park", "add", "800X")
        alice, bob, carol, dave = phones = [
            sip.Phone(sip.UdpLink(server.host, (server.host, server.udp)), f"100{i}", f"user{i}", f"secret{i}")
            for i in range(1, 5)]
        for phone in phones:
            assert phone.register().status == 200
        pickup(server, alice, bob, carol, dave)
        parked(server, alice, bob, carol)
        reverted(server, alice, bob)

        def reasons():
            return {r["lastRedirectReason"] for r in server.json("cdr", "list")}
        wanted = {"pickup", "park", "park-pickup", "park-reversion"}
        lab.wait_for("records of each kind", lambda: wanted <= reasons(), 5)
        for phone in phones:
            phone.link.close()


main()
