"""Who a phone is: the table of refusals, digest off and on, nonces, keepalives and bindings, from both sides of the
trusted networks (127.9.0.0/16 is trusted here, 127.10.0.0/16 is not)."""
import re
import sys
import time

import lab
import sip

BASIC = "Third-party SIP Device Basic - Standard SIP Non-Secure Profile"
NEAR, FAR = "127.9.1.1", "127.10.1.1"


class Bench:
    """A server with one phone for each case."""

    def __init__(self, server):
        self.server, self.links = server, []
        c = server.cli
        c("parameter", "set", "trusted-networks", "127.9.0.0/16")
        c("security-profile", "add", "verified", "--digest-authentication", "on")
        c("security-profile", "add", "verified-once", "--digest-authentication", "on", "--challenged-requests", "out-of-dialog")
        c("security-profile", "add", "tcp-only", "--transports", "tcp")
        c("security-profile", "add", "short", "--nonce-validity-time", "10")
        c("security-profile", "add", "both", "--digest-authentication", "on", "--digest-algorithms", "MD5,SHA-256")
        for user, number, profile in (("plain", "1001", ""), ("verif", "1002", "verified"), ("tcpon", "1003", "tcp-only"),
                                      ("short", "1004", "short"), ("bothy", "1005", "both"), ("disab", "1006", ""),
                                      ("other", "1007", "verified-once"), ("calle", "1008", ""), ("paths", "1009", "")):
            server.add_user(user, f"{user}-secret", number, profile=profile or None)
        name = next(p["name"] for p in server.json("phone", "list") if p["digestUser"] == "disab")
        c("phone", "update", name, "--active", "off")
        c("user", "add", "nopho", "--digest-credentials", "nopho-secret")
        c("user", "add", "nocre")
        c("phone", "add", "--product", "basic", "--digest-user", "nocre", "--line", "1010", "--security-profile", "verified")
        server.add_user("multi", "multi-secret", "1011", "1012", product="advanced")

    def phone(self, user, number, source=NEAR, domain=None, password=None):
        link = sip.UdpLink(source, (self.server.host, self.server.udp))
        self.links.append(link)
        return sip.Phone(link, number, user, password or f"{user}-secret", domain)

    def bindings(self, number):
        return self.server.registered(number)

    def reasons(self):
        return {r["reason"] for r in self.server.json("refusal", "list")}


def is_refused(answer, status, warned):
    assert answer is not None and answer.status == status, f"not {status}: {answer and answer.raw}"
    warning = answer.get("warning")
    if warned:
        assert warning.startswith('399 carillon "'), answer.raw
    else:
        assert not warning, answer.raw
    return answer


def masked(answer, phone):
    """The answer without what the request itself brought, and without the tag and the second of its sending."""
    text = answer.raw.decode()
    text = re.sub(r"branch=\w+|tag=[\w.-]+|z9hG4bK\w+", "-", text)
    text = re.sub(r"(?m)^(Call-ID|Date|CSeq): .*$", r"\1", text)
    return text.replace(phone.here, "HERE").replace(f"rport={phone.link.local[1]}", "rport").replace(phone.number, "NUMB")


def the_table(b):
    """decisions.md: what a refused REGISTER gets, from the trusted networks and from elsewhere."""
    far = {}
    cases = {  # user, number, password, more words for register(): status near, status far
        "unknown-user": (("ghost", "1001", "x"), {}, 404, 403),
        "user-without-phone": (("nopho", "1001", None), {}, 404, 403),
        "not-a-line": (("plain", "1002", None), {}, 403, 403),
        "wrong-hash": (("verif", "1002", "wrong"), {}, 403, 403),
        "no-credentials": (("nocre", "1010", "any"), {}, 403, 403),
        "phone-disabled": (("disab", "1006", None), {}, 403, 403),
        "transport-not-allowed": (("tcpon", "1003", None), {}, 403, 403),
        "bad-contact": (("plain", "1001", None), {"contact": "<mailto:me@example.com>"}, 403, 403),
    }
    for reason, ((user, number, password), words, near_status, far_status) in cases.items():
        phone = b.phone(user, number, NEAR, password=password)
        is_refused(phone.register(**words), near_status, True)
        assert reason in b.reasons(), (reason, b.reasons())
        phone = b.phone(user, number, FAR, password=password)
        answer = is_refused(phone.register(**words), far_status, False)
        far[reason] = masked(answer, phone)
    # A wrong password with digest off is of no matter near, and is one far.
    far["wrong-hash-off"] = None
    phone = b.phone("plain", "1001", FAR, password="wrong")
    far["wrong-hash-off"] = masked(is_refused(phone.register(), 403, False), phone)
    assert len(set(far.values())) == 1, "403s from elsewhere differ:\n" + "\n----\n".join(f"{k}\n{v}" for k, v in far.items())
    assert b.phone("plain", "1001", FAR).register(expires=0).status == 200, "the right password is good from anywhere"
    for source, warned in ((NEAR, True), (FAR, False)):
        phone = b.phone("plain", "1001", source)
        is_refused(phone.register(contact="*", expires=100), 400, warned)
        brief = is_refused(phone.register(expires=30), 423, warned)
        assert brief.get("min-expires") == "60"
    # Other requests in the like case.
    for source, status, warned in ((NEAR, 404, True), (FAR, 403, False)):
        phone = b.phone("ghost", "1001", source)
        is_refused(sip.Call(phone, "1008").invite(), status, warned)
        is_refused(sip.Call(b.phone("plain", "1002", source), "1008").invite(), 403, warned)
    # Another's host is not ours, unless it is made so.
    away = b.phone("plain", "1001", NEAR, domain="pbx.example")
    assert away.register().status == 404 and "not-our-domain" in b.reasons(), b.reasons()
    b.server.cli("parameter", "set", "domains", "pbx.example")
    assert away.register().status == 200 and away.register(expires=0).status == 200
    b.server.cli("parameter", "reset", "domains")
    assert away.register().status == 404


def digest_off_and_on(b):
    loose = b.phone("plain", "1001", NEAR, password="wrong")
    assert loose.register().status == 200
    row = b.bindings("1001")[-1]
    assert row["verified"] is False and row["wouldVerify"] == "no", row
    right = b.phone("plain", "1001", NEAR)
    assert right.register().status == 200
    assert {"yes", "no"} == {r["wouldVerify"] for r in b.bindings("1001") if r["source"].startswith(NEAR)}
    right.register(contact="*", expires=0)
    for source in (NEAR, FAR):
        assert b.phone("verif", "1002", source).register(expires=0).status == 200
    # RFC 2069 style, and another URI in the response than in the request.
    for words in ({"qop": None}, {"qop": None, "digest_uri": "sip:"}, {"digest_uri": "sip:"}):
        assert b.phone("verif", "1002", FAR).register(expires=0, **words).status == 200, words
    assert b.phone("verif", "1002", NEAR, password="x").register(qop=None, digest_uri="sip:").status == 403
    # Algorithms: MD5 alone by default; both where the profile says so.
    first = b.phone("verif", "1002").ask("REGISTER", f"sip:{b.server.host}", ["Contact: <sip:x@127.9.1.1>"])
    assert first.status == 401 and len(first.all("www-authenticate")) == 1, first.raw
    assert (first.challenge()["realm"], first.challenge()["qop"]) == ("ccmsipline", "auth"), first.raw
    assert "stale" not in first.challenge() or first.challenge()["stale"] == "false"
    two = b.phone("bothy", "1005").ask("REGISTER", f"sip:{b.server.host}", ["Contact: <sip:x@127.9.1.1>"])
    assert two.challenge("SHA-256") and two.challenge("MD5"), two.raw
    for algorithm in ("MD5", "SHA-256"):
        assert b.phone("bothy", "1005", FAR).register(expires=0, algorithm=algorithm).status == 200, algorithm
    assert b.phone("bothy", "1005", FAR, password="x").register(expires=0, algorithm="SHA-256").status == 403
    # Of several Authorization headers any valid one will do.
    p = b.phone("verif", "1002", FAR)
    uri, contact = f"sip:{p.domain}", f"Contact: {p.contact}"
    challenge = p.ask("REGISTER", uri, [contact]).challenge()
    good = p.answer_to(challenge, "REGISTER", uri)
    bad = [p.answer_to(challenge, "REGISTER", uri, user="ghost"), "Authorization: Digest username=\"verif\"",
           p.answer_to(dict(challenge, realm="elsewhere"), "REGISTER", uri)]
    answer = p.ask("REGISTER", uri, [contact, "Expires: 0", *bad, good])
    assert answer.status == 200, answer.raw


def nonces(b):
    p = b.phone("plain", "1001", NEAR)
    uri, contact = f"sip:{p.domain}", f"Contact: {p.contact}"

    def ask(phone, line):
        return phone.ask("REGISTER", uri, [contact, "Expires: 300", line])

    def asked_again(answer, stale):
        assert answer.status == 401, answer.raw
        assert (answer.challenge().get("stale", "false").lower() == "true") == stale, answer.raw
        assert not answer.get("warning"), answer.raw
    challenge = p.ask("REGISTER", uri, [contact]).challenge()
    other = b.phone("plain", "1001", "127.9.1.2")
    asked_again(ask(other, other.answer_to(challenge, "REGISTER", uri)), False)
    assert "foreign-nonce" in b.reasons()
    same_host = b.phone("plain", "1001", NEAR)  # another port
    assert ask(same_host, same_host.answer_to(challenge, "REGISTER", uri)).status == 200
    line = p.answer_to(challenge, "REGISTER", uri, count=2)
    assert ask(p, line).status == 200
    asked_again(ask(b.phone("plain", "1001", NEAR), line), False)
    assert "replayed-nonce" in b.reasons()
    p = b.phone("plain", "1001", NEAR)  # not yet registered, so that nothing of it is a keepalive
    contact = f"Contact: {p.contact}"
    made_up = dict(challenge, nonce="0123456789abcdef" * 4)
    asked_again(ask(p, p.answer_to(made_up, "REGISTER", uri)), False)
    turned = challenge["nonce"][:-1] + ("A" if challenge["nonce"][-1] != "A" else "B")
    asked_again(ask(p, p.answer_to(dict(challenge, nonce=turned), "REGISTER", uri)), False)
    asked_again(ask(p, "Authorization: Digest username=\"plain\""), False)
    asked_again(ask(p, "Authorization: Bearer token=x"), False)
    assert "malformed-credentials" in b.reasons()
    phone, challenge, at = b.old  # older than 10 s by now
    time.sleep(max(0.0, at + 10.5 - time.monotonic()))
    line = phone.answer_to(challenge, "REGISTER", f"sip:{phone.domain}")
    answer = phone.ask("REGISTER", f"sip:{phone.domain}", [f"Contact: {phone.contact}", line])
    asked_again(answer, True)
    line = phone.answer_to(answer.challenge(), "REGISTER", f"sip:{phone.domain}")
    assert phone.ask("REGISTER", f"sip:{phone.domain}", [f"Contact: {phone.contact}", line]).status == 200
    b.phone("plain", "1001").register(contact="*", expires=0)


def keepalives(b):
    for user, number in (("plain", "1001"), ("verif", "1002")):
        p = b.phone(user, number, FAR)
        assert p.register().status == 200
        before = b.bindings(number)
        uri, contact = f"sip:{p.domain}", f"Contact: {p.contact}"
        again = p.ask("REGISTER", uri, [contact, "Expires: 200"], to=f"<sip:{number}@{p.domain}>")
        assert again.status == 200, again.raw
        assert len(b.bindings(number)) == len(before) == 1
        # What does more than refresh is challenged, and so is what comes from elsewhere or by another Call-ID.
        moved = contact.replace(number + "@", "else@")
        to = f"<sip:{number}@{p.domain}>"
        assert p.ask("REGISTER", uri, [moved], to=to).status == 401
        assert p.ask("REGISTER", uri, [contact, "Expires: 0"], to=to).status == 401
        assert p.ask("REGISTER", uri, [contact], to=to, call_id="another").status == 401
        thief = b.phone(user, number, FAR)
        assert thief.ask("REGISTER", uri, [contact], to=to, call_id=p.call_id, cseq=90).status == 401
        options = p.ask("OPTIONS", uri, to=f"<{uri}>")
        assert options.status == 200 and "INVITE" in options.get("allow"), options.raw
        assert thief.ask("OPTIONS", uri, to=f"<{uri}>").status == 401
        # Another Call-ID: the same contact is one binding still.
        p.call_id, p.cseq = "fresh-" + sip.token(), 0
        assert p.register().status == 200 and len(b.bindings(number)) == 1
        assert p.register(expires=0).status == 200 and b.bindings(number) == []


def contacts(b):
    p = b.phone("plain", "1001")
    # Expiry: as asked within the bounds; 120 s when not said.
    for asked, granted in ((60, 60), (3600, 3600), (99999, 3600), (None, 120)):
        answer = p.register(expires=asked)
        assert answer.status == 200 and f"expires={granted}" in answer.get("contact").lower().replace(" ", ""), answer.raw
    two = p.register(contact=[f"<sip:1001@{NEAR}:5080>;q=0.5", f"<sip:1001@{NEAR}:5081>;expires=90"])
    assert len(two.all("contact")) == 3 and len(b.bindings("1001")) == 3, two.raw
    assert p.register(contact=[], expires=None).status == 200 and len(b.bindings("1001")) == 3  # a query
    assert p.register(contact="*", expires=100).status == 400
    assert p.register(contact="*", expires=0).all("contact") == [] and b.bindings("1001") == []
    # Several lines of one phone, each by a REGISTER of its own under the same digest user.
    multi = b.phone("multi", "1011")
    assert multi.register().status == 200
    multi.call_id, multi.number = "second-" + sip.token(), "1012"
    multi.contact = multi.contact.replace("1011", "1012")
    assert multi.register().status == 200
    assert len(b.bindings("1011")) == len(b.bindings("1012")) == 1
    # Path (RFC 3327): the phone must know of it; calls then go by it.
    path = b.phone("paths", "1009")
    via = f"<sip:{NEAR}:{path.link.local[1]};lr>"
    assert path.register(headers=[f"Path: {via}"]).status == 420
    answer = path.register(headers=[f"Path: {via}", "Supported: path"], contact="<sip:1009@192.0.2.9:5060>")
    assert answer.status == 200 and answer.get("path") == via, answer.raw
    caller = b.phone("multi", "1011")
    caller.register()
    call = sip.Call(caller, "1009")
    call.send("INVITE", ["Content-Type: application/sdp"], call.body)
    invite = path.receive(5, lambda m: m.method == "INVITE")
    assert invite and invite.get("route") == via and "192.0.2.9" in invite.start, invite and invite.raw
    path.reply(invite, 486, "Busy Here")
    # Outbound (RFC 5626): instance and reg-id name the binding.
    p = b.phone("paths", "1009")
    p.register(contact="*", expires=0)
    words = ';+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>";reg-id='
    one = p.register(contact=p.contact + words + "1", headers=["Supported: outbound, path"])
    assert one.status == 200 and "outbound" in one.get("require"), one.raw
    assert p.register(contact="<sip:new@127.9.1.1:5090>" + words + "1", headers=["Supported: outbound, path"]).status == 200
    assert len(b.bindings("1009")) == 1
    assert p.register(contact="<sip:new@127.9.1.1:5090>" + words + "2", headers=["Supported: outbound, path"]).status == 200
    assert len(b.bindings("1009")) == 2
    p.register(contact="*", expires=0)
    # Behind NAT: the answer comes back to where the request came from, and says so; calls go to the flow.
    p = b.phone("paths", "1009")
    p.here, p.contact = "192.168.77.1:5060", "<sip:1009@192.168.77.1:5060>"
    answer = p.register()
    assert answer.status == 200
    assert answer.param("via", "received") == NEAR and answer.param("via", "rport") == str(p.link.local[1]), answer.raw
    call = sip.Call(caller, "1009")
    call.send("INVITE", ["Content-Type: application/sdp"], call.body)
    invite = p.receive(5, lambda m: m.method == "INVITE")
    assert invite and "192.168.77.1" in invite.start, "called over the flow by which it registered"
    p.reply(invite, 486, "Busy Here")


def calls(b):
    callee = b.phone("calle", "1008")
    assert callee.register().status == 200
    # From an unknown flow: challenged, identified, then it works.
    for user, number, source in (("plain", "1001", NEAR), ("plain", "1001", FAR), ("verif", "1002", FAR)):
        call = talk(b.phone(user, number, source), callee)
        assert call.challenged >= 1, (user, source)
        assert hang_up(call, callee).status == 200
    # From the registered flow: not challenged when digest is off, and only for its own number.
    caller = b.phone("plain", "1001")
    caller.register()
    call = talk(caller, callee)
    assert call.challenged == 0
    hang_up(call, callee)
    assert call.challenged == 0, "nor is what follows"
    forged = sip.Call(caller, "1008")
    branch = "z9hG4bK" + sip.token()
    cseq = forged.phone.next_cseq()
    caller.link.send(caller.build("INVITE", forged.uri, [f"Contact: {caller.contact}"], from_number="1002", cseq=cseq,
                                  call_id=forged.call_id, branch=branch))
    assert caller.final(forged.call_id, cseq).status == 401
    # Digest on: every request is challenged, or those outside dialogs only, as the profile says.
    for user, number, in_dialog in (("verif", "1002", 1), ("other", "1007", 0)):
        caller = b.phone(user, number)
        caller.register()
        call = talk(caller, callee)
        assert call.challenged == 1, user
        assert hang_up(call, callee).status == 200
        assert call.challenged == 1 + in_dialog, user
    # Inside a dialog another's flow is not believed, even where dialogs are spared.
    caller = b.phone("other", "1007")
    caller.register()
    call = talk(caller, callee)
    thief = b.phone("other", "1007", FAR, password="guess")
    mine, call.phone = call.phone, thief
    assert call.request("BYE", challenge=False).status == 401
    assert call.request("BYE").status == 403
    call.phone = mine
    assert len(b.server.json("call", "list")) == 1
    hang_up(call, callee)
    lab.wait_for("no call to be left", lambda: b.server.json("call", "list") == [], 5)


def talk(caller, callee):
    call = sip.Call(caller, callee.number)
    sdp = ["Content-Type: application/sdp"]
    branch = "z9hG4bK" + sip.token()
    cseq = call.send("INVITE", sdp, call.body, branch=branch)
    answer = caller.receive(5, lambda m: m.status in (100, 401) and m.get("call-id") == call.call_id)
    assert answer is not None, "neither 100 nor 401"
    if answer.status == 401:
        call.to_tag = answer.param("to", "tag")
        call.send("ACK", cseq=cseq, branch=branch)
        call.to_tag, call.challenged = "", 1
        line = caller.answer_to(answer.challenge(), "INVITE", call.target)
        branch = "z9hG4bK" + sip.token()
        cseq = call.send("INVITE", [*sdp, line], call.body, branch=branch)
    assert sip.pick_up(callee, 5) is not None, f"{callee.number} was not called: {answer.raw}"
    final = call.settle(cseq, branch, False)
    assert final is not None and final.status == 200, final and final.raw
    assert callee.receive(5, lambda m: m.method == "ACK") is not None, "no ACK at the callee"
    return call


def hang_up(call, callee):
    answer = call.request("BYE")
    bye = callee.receive(5, lambda m: m.method == "BYE")
    assert bye is not None
    callee.reply(bye, 200, "OK")
    return answer


def restart(b):
    p, q = b.phone("plain", "1001"), b.phone("verif", "1002", FAR)
    for phone in (p, q):
        assert phone.register().status == 200
    challenge = q.ask("REGISTER", f"sip:{q.domain}", ["Contact: <sip:new@127.10.1.1>"]).challenge()
    before = sorted((r["number"], r["contact"], r["source"]) for r in b.server.json("registration", "list"))
    b.server.kill()
    b.server.start()
    assert sorted((r["number"], r["contact"], r["source"]) for r in b.server.json("registration", "list")) == before
    line = q.answer_to(challenge, "REGISTER", f"sip:{q.domain}")
    answer = q.ask("REGISTER", f"sip:{q.domain}", [f"Contact: {q.contact}", line])
    assert answer.status == 200, "a challenge from before the restart is answered for after it"
    again = p.ask("REGISTER", f"sip:{p.domain}", [f"Contact: {p.contact}"])
    assert again.status == 200, "a keepalive from before the restart is one after it"
    call = talk(p, q)  # called before it registers again
    hang_up(call, q)


def refusal_list(b):
    rows = b.server.json("refusal", "list")
    for row in rows:
        assert row["remedy"] and row["explanation"] and row["source"] and row["first"] <= row["last"], row
        assert row["count"] >= 1 and row["status"] in (400, 401, 403, 404, 420, 423), row
    wanted = {"unknown-user", "user-without-phone", "not-a-line", "wrong-hash", "no-credentials", "phone-disabled",
              "transport-not-allowed", "bad-contact", "interval-too-brief", "malformed-credentials", "foreign-nonce",
              "replayed-nonce", "not-our-domain"}
    assert wanted <= {r["reason"] for r in rows}, wanted - {r["reason"] for r in rows}
    folded = b.phone("ghost", "1001", "127.9.1.77")
    for _ in range(5):
        folded.register()
    assert [r["count"] for r in b.server.json("refusal", "list") if r["source"].startswith("127.9.1.77")] == [5]
    assert "1001" in b.server.cli("refusal", "list", "--search", "ghost")


def main():
    with lab.Server(sys.argv[1], host="127.9.0.1") as server:
        b = Bench(server)
        p = b.phone("short", "1004")
        challenge = p.ask("REGISTER", f"sip:{p.domain}", [f"Contact: {p.contact}"]).challenge()
        b.old = (p, challenge, time.monotonic())
        for part in (the_table, digest_off_and_on, keepalives, contacts, calls, nonces, refusal_list, restart):
            begun = time.monotonic()
            part(b)
            print(f"{part.__name__}: {time.monotonic() - begun:.1f} s", flush=True)
        for link in b.links:
            link.close()


main()
