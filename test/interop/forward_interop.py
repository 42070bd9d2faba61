"""Forwards set by an administrator reach calls at once: each kind, with the way told in Diversion, and 433, do not disturb."""
import concurrent.futures
import sys

import lab
import sip


def talks(caller, dialled, reached, via=None, refuse=None, reason=None):
    """`caller` calls `dialled` and `reached` answers; `refuse`: a phone that is asked first and refuses with 486."""
    call = sip.Call(caller, dialled)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        taken = pool.submit(sip.pick_up, reached, 10)
        refused = pool.submit(refuses, refuse, 486, "Busy Here") if refuse else None
        answer = call.invite(seconds=20)
        assert answer is not None and answer.status == 200, (dialled, answer and answer.raw)
        invite = taken.result()
        assert refused is None or refused.result(), "the first phone was not asked"
    said = invite.all("diversion")
    if reason:
        assert said and f"sip:{via}@" in said[0] and f"reason={reason}" in said[0], (said, via, reason)
    else:
        assert not said, said
    assert f"sip:{reached.number}@" in answer.get("p-asserted-identity"), answer.raw
    assert reached.receive(5, lambda m: m.method == "ACK")
    cseq = call.send("BYE")
    reached.reply(reached.receive(5, lambda m: m.method == "BYE"), 200, "OK")
    assert caller.final(call.call_id, cseq).status == 200


def refuses(phone, status, words):
    invite = phone.receive(10, lambda m: m.method == "INVITE" and m.get("via") not in phone.taken)
    if invite is None:
        return False
    phone.taken.add(invite.get("via"))
    phone.reply(invite, status, words)
    return phone.receive(5, lambda m: m.method == "ACK") is not None


def refused(caller, dialled, status, headers=()):
    answer = sip.Call(caller, dialled, headers=headers).invite(seconds=20)
    assert answer is not None and answer.status == status, (dialled, answer and answer.raw)


def main():
    with lab.Server(sys.argv[1]) as server:
        for i in range(1, 5):
            server.add_user(f"user{i}", f"secret{i}", f"100{i}")
        phones = [sip.Phone(sip.UdpLink(server.host, (server.host, server.udp)), f"100{i}", f"user{i}", f"secret{i}")
                  for i in range(1, 4)]
        for phone in phones:
            assert phone.register().status == 200
        alice, bob, carol = phones

        def line(number, *words):
            server.cli("line", "update", number, *words)
        talks(alice, "1002", bob)
        line("1002", "--forward-all", "1003")
        assert server.json("line", "show", "1002")["forwardAll"] == "1003"
        talks(alice, "1002", carol, "1002", reason="unconditional")
        line("1002", "--forward-all", "", "--forward-busy-internal", "1003")
        shown = server.json("line", "show", "1002")
        assert shown["forwardBusyExternal"] == "1003", shown
        talks(alice, "1002", carol, "1002", refuse=bob, reason="user-busy")
        line("1002", "--do-not-disturb", "on")
        talks(alice, "1002", carol, "1002", reason="user-busy")
        line("1002", "--do-not-disturb", "off", "--forward-busy-internal", "", "--forward-busy-external", "")
        refused(alice, "1004", 480)  # nobody is registered there
        line("1004", "--forward-unregistered-internal", "1002")
        talks(alice, "1004", bob, "1004", reason="unavailable")
        line("1002", "--reject-anonymous-call", "on")
        refused(alice, "1002", 433, ["Privacy: id"])
        talks(alice, "1002", bob)
        wrong = server.run("line", "update", "1002", "--forward-all", "not a number", check=False)
        assert wrong.returncode == 1 and "forwardAll" in wrong.stderr + wrong.stdout, wrong
        line("1002", "--forward-no-answer-internal", "1003", "--forward-no-answer-duration", "2")
        talks(alice, "1002", carol, "1002", reason="no-answer")  # bob hears the INVITE and says nothing
        for phone in phones:
            phone.link.close()


main()
