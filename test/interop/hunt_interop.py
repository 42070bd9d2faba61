"""Hunt groups set up by an administrator: members ring in turn or at once, the pilot is shown and recorded, phones log in and out."""
import concurrent.futures
import csv
import io
import sys
import time

import lab
import sip


def rings(phone, seconds=10):
    """The phone's next new INVITE, answered with 180."""
    invite = phone.receive(seconds, lambda m: m.method == "INVITE" and m.get("via") not in phone.taken)
    if invite is not None:
        phone.taken.add(invite.get("via"))
        phone.reply(invite, 180, "Ringing", [f"Contact: {phone.contact}"])
    return invite


def is_let_go(phone, invite, reason=""):
    cancel = phone.receive(10, lambda m: m.method == "CANCEL" and m.get("call-id") == invite.get("call-id"))
    assert cancel is not None and reason in cancel.get("reason"), cancel and cancel.raw
    phone.reply(cancel, 200, "OK")
    phone.reply(invite, 487, "Request Terminated")
    assert phone.receive(5, lambda m: m.method == "ACK" and m.get("call-id") == invite.get("call-id"))


def hang_up(call, phone):
    cseq = call.send("BYE")
    phone.reply(phone.receive(5, lambda m: m.method == "BYE"), 200, "OK")
    assert call.phone.final(call.call_id, cseq).status == 200


def last_record(server):
    """The newest record as it is listed, and its row of the export."""
    newest = server.json("cdr", "list", "--limit", "1")[0]
    rows = list(csv.reader(io.StringIO(server.cli("cdr", "export", "--since", "1h"))))
    return newest, dict(zip(rows[0], rows[-1]))


def one_after_the_other(server, pool, alice, bob, carol):
    call = sip.Call(alice, "5000")
    answer = pool.submit(call.invite, seconds=20)
    invite = rings(bob)
    assert "<sip:5000@" in invite.get("to") and "Sales" in invite.get("diversion"), invite.raw
    picked = pool.submit(sip.pick_up, carol, 10)
    is_let_go(bob, invite)
    assert picked.result() is not None
    answer = answer.result()
    assert answer is not None and answer.status == 200 and '"Sales" <sip:5000@' in answer.get("p-asserted-identity"), answer
    ringing = alice.receive(1, lambda m: m.status == 180)
    assert ringing is not None and '"Sales" <sip:5000@' in ringing.get("p-asserted-identity"), ringing and ringing.raw
    hang_up(call, carol)
    listed, row = last_record(server)
    assert (listed["huntPilot"], listed["calledNumber"], listed["originalCalledNumber"]) == ("5000", "1003", "5000"), listed
    assert (row["huntPilotDN"], row["finalCalledPartyNumber"], row["originalCalledPartyNumber"],
            row["calledPartyPatternUsage"]) == ("5000", "1003", "5000", "7"), row


def all_at_once(server, pool, alice, bob, carol):
    server.cli("line-group", "update", "Sales", "--distribution-algorithm", "broadcast", "--rna-reversion-time-out", "10")
    call = sip.Call(alice, "5000")
    answer = pool.submit(call.invite, seconds=20)
    invites = rings(bob), rings(carol)
    carol.reply(invites[1], 200, "OK", [f"Contact: {carol.contact}", "Content-Type: application/sdp"],
                sip.sdp(carol.link.local[0], 41000))
    is_let_go(bob, invites[0], "cause=200")
    assert answer.result().status == 200
    hang_up(call, carol)


def by_code(server, phone, code, shows, logged_in):
    call = sip.Call(phone, code)
    answer = call.invite()
    assert answer is not None and answer.status == 200 and shows in answer.get("p-asserted-identity"), answer and answer.raw
    name = next(r["phone"] for r in server.json("registration", "list") if r["number"] == phone.number)
    assert server.json("phone", "show", name)["loggedIntoHuntGroup"] is logged_in
    bye = phone.receive(5, lambda m: m.method == "BYE" and m.get("call-id") == call.call_id)
    phone.reply(bye, 200, "OK")


def logged_out(server, pool, alice, bob, carol):
    """Both members leave: the pilot forwards, first by code and then because nobody answers."""
    server.cli("line-group", "update", "Sales", "--distribution-algorithm", "top-down", "--rna-reversion-time-out", "1",
               "--auto-log-off-hunt", "on")
    server.cli("hunt-pilot", "update", "5000", "--forward-hunt-no-answer", "1004", "--forward-hunt-busy", "1004")
    by_code(server, bob, "*45", "Hunt groups off", False)
    call = sip.Call(alice, "5000")
    answer = pool.submit(call.invite, seconds=20)
    invite = rings(carol)
    is_let_go(carol, invite)
    refused = answer.result()  # 1004 is not registered
    assert refused is not None and refused.status == 480, refused and refused.raw
    lab.wait_for("carol to be logged out", lambda: not next(
        p for p in server.json("phone", "list") if p["digestUser"] == "user3")["loggedIntoHuntGroup"])
    began = time.monotonic()
    assert sip.Call(alice, "5000").invite().status == 480
    assert time.monotonic() - began < 1 * sip.PATIENCE, "nobody should have rung"
    by_code(server, bob, "*44", "Hunt groups on", True)
    call = sip.Call(alice, "5000")
    picked = pool.submit(sip.pick_up, bob, 10)
    assert call.invite(seconds=20).status == 200 and picked.result() is not None
    hang_up(call, bob)


def main():
    with lab.Server(sys.argv[1]) as server, concurrent.futures.ThreadPoolExecutor(2) as pool:
        for i in range(1, 5):
            server.add_user(f"user{i}", f"secret{i}", f"100{i}")
        server.cli("line-group", "add", "Sales", "--members", "1002,1003", "--distribution-algorithm", "top-down",
                   "--rna-reversion-time-out", "1")
        server.cli("hunt-list", "add", "Sales", "--line-groups", "Sales")
        server.cli("hunt-pilot", "add", "5000", "--hunt-list", "Sales", "--alerting-name", "Sales")
        phones = [sip.Phone(sip.UdpLink(server.host, (server.host, server.udp)), f"100{i}", f"user{i}", f"secret{i}")
                  for i in range(1, 4)]
        for phone in phones:
            assert phone.register().status == 200
        one_after_the_other(server, pool, *phones)
        all_at_once(server, pool, *phones)
        logged_out(server, pool, *phones)
        for phone in phones:
            phone.link.close()


main()
