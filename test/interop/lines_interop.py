"""Message waiting, busy lamps and presence: baresip's lamp and buddies, and a plain SIP client that reads every document."""
import re
import sys
import time
import xml.etree.ElementTree as xml

import lab
import sip

DIALOG = "{urn:ietf:params:xml:ns:dialog-info}"
PIDF = "{urn:ietf:params:xml:ns:pidf}"


class Watcher:
    """A subscription of a sip.Phone: SUBSCRIBE with the challenge answered, and each NOTIFY answered 200."""

    def __init__(self, phone, package, number):
        self.phone, self.package, self.number = phone, package, number
        self.uri = self.target = f"sip:{number}@{phone.domain}"
        self.call_id, self.tag, self.to_tag, self.cseq = f"sub-{sip.token()}", sip.token(), "", 0
        self.version = None

    def subscribe(self, expires=600, credentials=None):
        self.cseq += 1
        lines = [f"Contact: {self.phone.contact}", f"Event: {self.package}", f"Expires: {expires}"]
        answer = self.phone.ask("SUBSCRIBE", self.target, lines + ([credentials] if credentials else []),
                                to=f"<{self.uri}>", call_id=self.call_id, tag=self.tag, cseq=self.cseq, to_tag=self.to_tag)
        if answer is not None and answer.status == 401 and credentials is None:
            return self.subscribe(expires, self.phone.answer_to(answer.challenge(), "SUBSCRIBE", self.target))
        if answer is not None and answer.status == 200:
            self.to_tag = answer.param("to", "tag")
            self.target = re.search(r"<([^>]*)>", answer.get("contact")).group(1)
        return answer

    def told(self, holds, seconds=10.0):
        """Answers NOTIFYs until `holds` likes one."""
        def look():
            m = self.phone.receive(1, lambda m: m.method == "NOTIFY" and m.get("call-id") == self.call_id)
            if m is None:
                return None
            self.phone.reply(m, 200, "OK")
            assert m.get("event") == self.package, m.raw
            if self.package == "dialog" and m.body:
                version = int(xml.fromstring(m.body).get("version"))
                assert self.version is None or version > self.version, (version, self.version)
                self.version = version
            return m if holds(m) else None
        return lab.wait_for(f"the {self.package} of {self.number} to be told", look, seconds, 0)


def states(m):
    return {d.findtext(f"{DIALOG}state") for d in xml.fromstring(m.body).findall(f"{DIALOG}dialog")} if m.body else set()


def basic(m):
    return xml.fromstring(m.body).findtext(f".//{PIDF}basic") if m.body else ""


def mailbox(server, carol):
    def unasked(text):
        def look():
            m = carol.receive(1, lambda m: m.method == "NOTIFY" and m.get("event") == "message-summary"
                              and ";tag=" not in m.get("to"))
            if m is None:
                return None
            carol.reply(m, 200, "OK")
            return m if text.encode() in m.body else None
        return lab.wait_for(f"{text} to be told", look, 10, 0)

    assert carol.register().status == 200
    told = unasked("Messages-Waiting: no")
    assert told.get("content-type") == "application/simple-message-summary", told.raw
    server.cli("mwi", "set", "1003", "--new", "2", "--old", "8", "--urgent-new", "1")
    assert b"Voice-Message: 2/8 (1/0)" in unasked("Messages-Waiting: yes").body
    assert server.json("mwi", "show", "1003")["new"] == 2
    assert [m["number"] for m in server.json("mwi", "list")] == ["1001", "1003"]
    own = Watcher(carol, "message-summary", "1003")
    assert own.subscribe().status == 200
    own.told(lambda m: b"Voice-Message: 2/8" in m.body)
    server.cli("mwi", "set", "1003", "off")
    own.told(lambda m: b"Messages-Waiting: no" in m.body)
    refused = server.run("mwi", "set", "1999", "on", check=False)
    assert refused.returncode == 3, refused
    assert Watcher(carol, "message-summary", "1001").subscribe().status == 403
    assert "may-not-watch" in {r["reason"] for r in server.json("refusal", "list")}
    assert Watcher(carol, "conference", "1001").subscribe().get("allow-events").startswith("message-summary")


def lamps(server, carol, alice, bob):
    lamp = Watcher(carol, "dialog", "1002")
    buddy = Watcher(carol, "presence", "1002")
    assert lamp.subscribe().status == 200 and buddy.subscribe().status == 200
    lamp.told(lambda m: states(m) == set())
    buddy.told(lambda m: basic(m) == "open" and b"on-the-phone" not in m.body)
    assert {s["package"] for s in server.json("subscription", "list") if s["watcher"] == "1003"} >= {"dialog", "presence"}
    mark = bob.mark()
    alice.dial("1002")
    bob.wait("CALL_ESTABLISHED", 15, mark)
    lamp.told(lambda m: states(m) == {"confirmed"})
    buddy.told(lambda m: b"on-the-phone" in m.body)
    alice.command("hold")
    alice.command("resume")
    server.kill()
    server.start()
    lamp.told(lambda m: states(m) == {"confirmed"}, 20)  # full state again, by the same subscription
    assert lamp.subscribe().status == 200
    lamp.told(lambda m: states(m) == {"confirmed"})
    mark = bob.mark()
    alice.command("hangup")
    lamp.told(lambda m: "confirmed" not in states(m), 20)  # before bob, who has to connect again: a NOTIFY wants its answer
    bob.wait("CALL_CLOSED", 30, mark)
    assert lamp.subscribe(0).get("expires") == "0"
    end = lamp.told(lambda m: "terminated" in m.get("subscription-state"))
    assert "reason=timeout" in end.get("subscription-state"), end.raw


def park_lamp(server, carol, alice, bob):
    """alice parks bob: the lamp at the number says who waits there, over a kill too, until he hangs up."""
    server.cli("call-park", "add", "800X")
    lamp = Watcher(carol, "dialog", "8005")
    assert lamp.subscribe().status == 200
    lamp.told(lambda m: states(m) == set())
    mark = bob.mark()
    alice.dial("1002")
    bob.wait("CALL_ESTABLISHED", 15, mark)
    closing = alice.mark()
    alice.command("transfer", f"sip:8005@{server.host}:{server.udp}")
    told = lamp.told(lambda m: states(m) == {"confirmed"}, 20)
    dialog = xml.fromstring(told.body).find(f"{DIALOG}dialog")
    assert dialog.find(f"{DIALOG}remote/{DIALOG}identity").text.startswith("sip:1002@"), told.raw
    assert dialog.get("direction") == "recipient" and dialog.get("call-id") is None, told.raw
    alice.wait("CALL_CLOSED", 15, closing)  # until she has been shown where, a kill gives her bob back
    time.sleep(0.3)  # durable within 50 ms
    server.kill()
    server.start()
    lamp.told(lambda m: states(m) == {"confirmed"}, 20)
    bob.command("hangup")
    lamp.told(lambda m: "confirmed" not in states(m), 30)


def main():
    phones = []
    try:
        with lab.Server(sys.argv[1]) as server:
            for user, number in (("alice", "1001"), ("bob", "1002"), ("carol", "1003")):
                server.add_user(user, f"{user}-secret", number)
            server.cli("mwi", "set", "1001", "on")
            buddies = f'"bob" <sip:1002@{server.host}:{server.udp}>;presence=p2p\n'
            alice = lab.Baresip("alice", server, "1001", "alice", "alice-secret", modules=("mwi", "contact", "presence"),
                                contacts=buddies, extra="mwi=yes")
            bob = lab.Baresip("bob", server, "1002", "bob", "bob-secret", 660, "tcp")
            phones += [alice, bob]
            alice.registered()
            bob.registered()
            lab.wait_for("baresip to subscribe", lambda: {"message-summary", "presence"} <= {
                s["package"] for s in server.json("subscription", "list") if s["watcher"] == "1001"}, 20)
            lab.wait_for("baresip's lamp", lambda: "Messages-Waiting: yes" in alice.log() or any(
                "Messages-Waiting: yes" in str(e) for e in alice.events) or (alice._read() and False), 20)
            carol = sip.Phone(sip.UdpLink("127.0.0.1", (server.host, server.udp)), "1003", "carol", "carol-secret")
            mailbox(server, carol)
            lamps(server, carol, alice, bob)
            park_lamp(server, carol, alice, bob)
    finally:
        for phone in phones:
            phone.quit()


main()
