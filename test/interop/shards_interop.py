"""Two shards in the real binary: phones on UDP and TCP register and call across shards, before and after kill -9."""
import concurrent.futures
import sys

import lab
import sip


def establish(caller, callee):
    marks = caller.mark(), callee.mark()
    caller.dial(callee.number)
    caller.wait("CALL_ESTABLISHED", 15, marks[0])
    callee.wait("CALL_ESTABLISHED", 15, marks[1])


def hang_up(server, who, other, records):
    mark = other.mark()
    who.command("hangup")
    other.wait("CALL_CLOSED", 10, mark)
    lab.wait_for("the record of the call", lambda: len(server.json("cdr", "list")) == records, 5)
    lab.wait_for("no call to be left", lambda: server.json("call", "list") == [], 5)


def small_phones(server):
    """Enough sources that the kernel spreads them over both shards; each calls the next."""
    phones = []
    for i in range(12):  # all of them before the first connects: a silent stranger is closed after 5 s
        server.add_user(f"small{i}", f"small-secret{i}", str(2000 + i))
    for i in range(12):
        number = str(2000 + i)
        at = server.host, server.udp
        link = sip.UdpLink(server.host, at) if i % 3 else sip.StreamLink(server.host, at)
        phones.append(sip.Phone(link, number, f"small{i}", f"small-secret{i}"))
    return phones


def everybody_calls(phones):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        for caller, callee in zip(phones, phones[1:] + phones[:1]):
            call = sip.Call(caller, callee.number)
            taken = pool.submit(sip.pick_up, callee, 5)
            answer = call.invite()
            assert answer is not None and answer.status == 200 and taken.result(), (callee.number, answer and answer.raw)
            assert callee.receive(5, lambda m: m.method == "ACK")
            cseq = call.send("BYE")
            callee.reply(callee.receive(5, lambda m: m.method == "BYE"), 200, "OK")
            assert caller.final(call.call_id, cseq).status == 200


def main():
    phones = []
    try:
        with lab.Server(sys.argv[1], env={"CARILLON_SHARDS": "2"}) as server:
            for user, number in (("alice", "1001"), ("bob", "1002")):
                server.add_user(user, f"{user}-secret", number)
            alice = lab.Baresip("alice", server, "1001", "alice", "alice-secret", 440)
            phones.append(alice)
            bob = lab.Baresip("bob", server, "1002", "bob", "bob-secret", 660)
            phones.append(bob)
            for phone in phones:
                phone.registered()
            establish(alice, bob)
            lab.hears(bob, 440)
            lab.hears(alice, 660)
            hang_up(server, bob, alice, 1)

            establish(bob, alice)
            before = sorted((r["number"], r["contact"]) for r in server.json("registration", "list"))
            server.kill()
            server.start()
            assert sorted((r["number"], r["contact"]) for r in server.json("registration", "list")) == before
            assert len(server.json("call", "list")) == 1, "the answered call is back"
            hang_up(server, alice, bob, 2)
            establish(alice, bob)
            lab.hears(alice, 660)
            hang_up(server, alice, bob, 3)

            small = small_phones(server)
            for phone in small:
                answer = phone.register()
                assert answer is not None and answer.status == 200, answer and answer.raw
            everybody_calls(small)
            assert {r["number"] for r in server.json("registration", "list")} == {"1001", "1002", *(p.number for p in small)}
            assert len(server.json("cdr", "list")) == 15
    finally:
        for phone in phones:
            phone.quit()


main()
