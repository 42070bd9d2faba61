"""The command line and the API against a real server: every noun and verb, exit codes, forms of output, import, licence,
secrets that are never shown, and the options of `serve`."""
import csv
import io
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import lab
import sip

BINARY = os.path.abspath(sys.argv[1])
BASIC = "Third-party SIP Device Basic - Standard SIP Non-Secure Profile"
CANARY = "CanaryBird7Q"  # part of every secret here


class Cli:
    def __init__(self, server):
        self.server = server
        self.shown = []

    def __call__(self, *words, exit=0, says="", text=None):
        result = self.server.run(*words, check=False, text=text)
        self.shown += [result.stdout, result.stderr]
        assert result.returncode == exit, f"{words}: exit {result.returncode}, not {exit}\n{result.stdout}{result.stderr}"
        both = result.stdout + result.stderr
        assert says.lower() in both.lower(), f"{words}: {says!r} not in\n{both}"
        if exit:
            assert result.stderr.startswith(("error: ", "line ")), result.stderr
        return result.stdout

    def json(self, *words):
        return json.loads(self(*words, "-o", "json"))

    def csv(self, *words):
        return list(csv.DictReader(io.StringIO(self(*words, "-o", "csv"))))


def users_and_phones(c):
    c("user", "add", "alice", "--last-name", "Liddell", "--digest-credentials", f"{CANARY}-1")
    c("user", "add", "bob", "--digest-credentials", "-", text=f"{CANARY}-2\n")
    c("user", "add", "alice", exit=1, says="alice")
    name = re.fullmatch(r"phone (SEP[0-9A-F]{12}) added\n",
                        c("phone", "add", "--product", "basic", "--digest-user", "alice", "--line", "1001")).group(1)
    line = c.json("line", "show", "1001")
    assert line["number"] == "1001" and line["partition"], line
    phone = c.json("phone", "show", name)
    assert phone["name"] == name and phone["digestUser"] == "alice" and phone["securityProfile"] == BASIC, phone
    appearance = phone["lines"][0]
    assert (appearance["line"], appearance["maxCalls"], appearance["busyTrigger"]) == ("1001", 4, 2), appearance
    c("phone", "add", "--product", "basic", "--digest-user", "alice", "--line", "1009", exit=1, says="at most one phone")
    assert name in c.shown[-1], "the refusal names the phone that has the user"
    c("line", "show", "1009", exit=3)  # a refused change leaves nothing behind
    c("phone", "add", "--product", "basic", "--line", "1003", "--line", "1004", exit=1, says="at most 1 line")
    two = c.json("phone", "add", "SEPADVANCED", "--product", "advanced", "--digest-user", "bob", "--line", "1002",
                 "--line", "1003")
    assert [a["line"] for a in two["lines"]] == ["1002", "1003"], two
    assert c("phone", "add", "-q").strip() != c("phone", "add", "-q").strip()
    c("phone", "update", name, "--active", "off", "--description", "Tür, \"quoted\"")
    assert c.json("phone", "show", name)["active"] is False
    c("phone", "update", name, "--active", "perhaps", exit=1, says="on or off")
    c("phone", "update", name, "--active", "on")
    rows = {r["name"]: r for r in c.csv("phone", "list")}
    assert rows[name]["description"] == "Tür, \"quoted\"" and rows[name]["active"] == "true", rows[name]
    assert set(c.json("phone", "list")[0]) == set(rows[name]), "CSV has the names of the API"
    assert c("phone", "list").splitlines()[0].split()[:2] == ["NAME", "PRODUCT"]
    assert len(c.json("phone", "list", "--limit", "1")) == 1
    c("phone", "update", name, exit=2, says="nothing to change")
    c("user", "remove", "alice", exit=1, says=name)
    c("phone", "remove", name)
    c("phone", "show", name, exit=3)
    c("user", "remove", "alice")
    c("user", "show", "alice", exit=3, says="alice")
    assert [r["userid"] for r in c.json("user", "list")] == ["bob"]


def other_nouns(c):
    c("partition", "add", "Lobby", "--description", "phones in the lobby")
    c("partition", "update", "Lobby", "--description", "x")
    c("search-space", "add", "Guests", "--partitions", "Lobby")
    assert c.json("search-space", "show", "Guests")["partitions"] == ["Lobby"]
    c("partition", "remove", "Lobby", exit=1, says="in use")
    c("search-space", "update", "Guests", "--description", "for guests")
    c("line", "add", "2001", "--partition", "Lobby", "--alerting-name", "Porter")
    c("line", "update", "2001", "--description", "door")
    assert c.json("line", "show", "2001")["alertingName"] == "Porter"
    c("line", "remove", "2001")
    c("search-space", "remove", "Guests")
    c("partition", "remove", "Lobby")
    c("security-profile", "update", BASIC, "--digest-authentication", "on", "--challenged-requests", "out-of-dialog",
      "--digest-algorithms", "MD5,SHA-256")
    profile = c.json("security-profile", "show", BASIC)
    assert profile["digestAuthentication"] is True and profile["digestAlgorithms"] == ["MD5", "SHA-256"], profile
    c("security-profile", "reset", BASIC)
    assert c.json("security-profile", "show", BASIC)["digestAuthentication"] is False
    c("security-profile", "update", BASIC, "--digest-algorithms", "MD4", exit=1)
    c("security-profile", "remove", BASIC, exit=1, says="built")
    for noun in ("security-profile", "sip-profile"):
        c(noun, "add", "Own")
        c(noun, "update", "Own", "--description", "ours")
        assert any(r["name"] == "Own" for r in c.json(noun, "list"))
        c(noun, "remove", "Own")
    c("sip-profile", "update", "Standard SIP Profile", "--registration-expires", "fixed")
    c("sip-profile", "reset", "Standard SIP Profile")
    assert c.json("sip-profile", "show", "Standard SIP Profile")["registrationExpires"] == "requested"
    for noun in ("registration", "refusal", "call", "cdr"):
        assert c.json(noun, "list") == [] and c.csv(noun, "list") == []
        c(noun, "show", "nothing", exit=3)
    assert c.json("trace") == []


def parameters(c):
    whole = c.json("parameter", "show", "trusted-networks")
    assert "127.0.0.0/8" in whole["default"] and whole["modified"] is False
    c("parameter", "set", "trusted-networks", "10.0.0.0/8,192.168.0.0/16,2001:db8::/32")
    assert c.json("parameter", "show", "trusted-networks")["value"] == "10.0.0.0/8,192.168.0.0/16,2001:db8::/32"
    for large in ("10.0.0.0/7", "0.0.0.0/0", "2001::/31", "::/0", "::ffff:0:0/96", "nonsense", "10.0.0.0/33"):
        c("parameter", "set", "trusted-networks", large, exit=1, says="trusted-networks")
    c("parameter", "set", "trusted-networks", "")
    assert c.json("parameter", "show", "trusted-networks")["value"] == ""
    c("parameter", "reset", "trusted-networks")
    assert c.json("parameter", "show", "trusted-networks")["value"] == whole["value"]
    c("parameter", "set", "registration-minimum", "4000", exit=1, says="above")
    c("parameter", "set", "t301", "soon", exit=1, says="whole number")
    c("parameter", "set", "nonesuch", "1", exit=3)
    c("parameter", "set", "realm", exit=2)


def usage(c, server):
    c("phon", "list", exit=2, says="did you mean 'phone'")
    c("phones", "list", exit=2, says="did you mean 'phone'")
    c("phone", "lst", exit=2, says="did you mean 'list'")
    c("phone", exit=2, says="needs a verb")
    c("phone", "add", "--produkt", "basic", exit=2, says="did you mean --product")
    c("user", "add", exit=2)
    c("user", "list", "-o", "xml", exit=2)
    c("user", "list", "--filter", "bob", exit=2)
    c("user", "list", "--limt", "3", exit=2, says="limit")
    for words in (["--help"], ["phone", "--help"], ["phone", "add", "--help"], ["--version"], []):
        assert subprocess.run([BINARY, *words], capture_output=True, timeout=100).returncode == 0, words
    nowhere = subprocess.run([BINARY, "user", "list", "--data-dir", "/nonexistent/x"], capture_output=True, text=True)
    assert nowhere.returncode == 5 and "Is the server running?" in nowhere.stderr, nowhere
    closed = subprocess.run([BINARY, "user", "list", "--server", f"http://127.0.0.1:{lab.free_port()}", "--token", "x"],
                            capture_output=True, text=True)
    assert closed.returncode == 5, closed
    denied = subprocess.run([BINARY, "user", "list", "--server", server.url, "--token", "x"], capture_output=True, text=True)
    assert denied.returncode == 4 and "token" in denied.stderr, denied
    token = (server.data / "token").read_text().strip()
    ok = subprocess.run([BINARY, "user", "list", "--server", server.url, "--token", token, "-q"], capture_output=True, text=True)
    assert ok.returncode == 0 and ok.stdout == "bob\n", ok


def import_files(c, server, folder):
    head = "userid,lastName,digestCredentials,product,lines\n"
    file = folder / "staff.csv"
    file.write_text(head + f"carol,Carroll,{CANARY}-3,advanced,3003;3004\ndave,D,{CANARY}-4,basic,3005\n"
                    f"bad user,X,{CANARY}-5,basic,3006\nerin,E,{CANARY}-6,basic,3007;3008\n"
                    f"bob,Built,{CANARY}-7,advanced,1002;1003\n")
    before = c.json("user", "list"), c.json("phone", "list"), c.json("line", "list")

    def now():
        return c.json("user", "list"), c.json("phone", "list"), c.json("line", "list")
    c("import", str(file), "--dry-run", exit=1, says="nothing was changed")
    assert now() == before
    c("import", str(file), "--atomic", exit=1, says="nothing was changed")
    assert now() == before
    c("import", str(file), exit=1, says="2 added, 1 updated")
    rejected = list(csv.DictReader(io.StringIO((folder / "staff.rejected.csv").read_text())))
    assert [r["userid"] for r in rejected] == ["bad user", "erin"] and all(r["reason"] for r in rejected), rejected
    assert "at most 1 line" in rejected[1]["reason"]
    assert c.json("user", "show", "bob")["lastName"] == "Built"
    assert [a["line"] for p in c.json("phone", "list") if p["digestUser"] == "carol" for a in p["lines"]] == ["3003", "3004"]
    file.write_text(head + f"dave,D,{CANARY}-4,basic,3005\n")
    c("import", str(file), "--atomic")
    assert len([p for p in c.json("phone", "list") if p["digestUser"] == "dave"]) == 1, "a row upserts by its key"
    file.write_text("userid,lastNam\nx,y\n")
    c("import", str(file), exit=1, says="lastNam")
    c("import", str(folder / "none.csv"), exit=1, says="none.csv")
    many = folder / "many.csv"
    many.write_text(head + "".join(f"user{i},Name {i},{CANARY}-{i},basic,{50000 + i}\n" for i in range(10000)))
    begun, spent = time.monotonic(), lab.cpu_seconds(server.process.pid)
    c("import", str(many), says="10000 added")
    took, spent = time.monotonic() - begun, lab.cpu_seconds(server.process.pid) - spent
    # 100,000 in a minute; in CPU time, which other work on the machine does not change, and with room for the sanitizers.
    assert spent < (25 if lab.sanitized(BINARY) else 6), f"10,000 rows took {spent:.1f} s of CPU"
    print(f"import of 10,000 rows: {took:.1f} s, {spent:.1f} s of CPU")
    # Nothing else waits for a long list.
    assert len(c.json("phone", "list")) > 10000


def licence(c):
    basic = sum(p["product"] == "basic" for p in c.json("phone", "list"))
    advanced = sum(p["product"] == "advanced" for p in c.json("phone", "list"))
    units = c.json("licence")
    assert units["units"] == 3 * basic + 6 * advanced and units["pool"] is None, units
    assert units["basic"]["units"] == 3 * basic and units["advanced"]["units"] == 6 * advanced
    c("parameter", "set", "licence-pool", str(units["units"] + 5))
    c("phone", "add", "SEPTOOMANY", "--product", "advanced", exit=1, says=str(units["units"]))
    c("phone", "add", "SEPFITS", "--product", "basic")
    c("phone", "remove", "SEPFITS")
    c("parameter", "set", "licence-pool", "1")  # what works goes on working
    assert c.json("licence")["units"] == units["units"]
    c("phone", "add", "SEPTOOMANY", "--product", "basic", exit=1)
    c("parameter", "reset", "licence-pool")


class Api:
    def __init__(self, server):
        self.url, self.token = server.url, (server.data / "token").read_text().strip()
        self.shown = []

    def __call__(self, method, path, body=None, token=True, status=200, **headers):
        headers = {k.replace("_", "-"): v for k, v in headers.items()}
        if token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            answer = urllib.request.urlopen(request, timeout=100)
        except urllib.error.HTTPError as error:
            answer = error
        text = answer.read().decode()
        self.shown += [text, str(answer.headers)]
        assert answer.status == status, f"{method} {path}: {answer.status}, not {status}\n{text}"
        if status >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json", answer.headers
            problem = json.loads(text)
            assert problem["status"] == status and problem["title"] and problem["detail"], problem
        return answer.headers, json.loads(text) if text and "json" in answer.headers.get("Content-Type", "") else text


def rest(api):
    api("GET", "/api/v1/users", token=False, status=401)
    api("GET", "/api/v1/users", token=False, status=401, Authorization="Bearer " + "0" * 48)
    zoe = {"userid": "zoe", "lastName": "Z", "digestCredentials": f"{CANARY}-8"}
    headers, user = api("POST", "/api/v1/users?wait=applied", zoe, status=201)
    assert headers["Location"] == "/api/v1/users/zoe" and headers["Carillon-Applied"] == "yes", headers
    assert user["digestCredentialsSet"] is True and "digestCredentials" not in user
    etag = headers["ETag"]
    headers, _ = api("PATCH", "/api/v1/users/zoe", {"lastName": "Zed"}, If_Match=etag)
    assert headers["ETag"] != etag
    api("PATCH", "/api/v1/users/zoe", {"lastName": "late"}, If_Match=etag, status=412)
    api("DELETE", "/api/v1/users/zoe", If_Match=etag, status=412)
    assert api("GET", "/api/v1/users/zoe")[1]["lastName"] == "Zed"

    def fields(body, path="/api/v1/users", status=400):
        return {e["field"] for e in api("POST", path, body, status=status)[1]["errors"]}
    assert fields({"userid": "y", "lastNam": "y"}) == {"lastNam"}
    assert "userid" in fields({"lastName": "nobody"})
    assert "digestUser" in fields({"name": "SEP1", "digestUser": "nobody"}, "/api/v1/phones")
    assert "digestUser" in fields({"name": "SEP1", "digestUser": "carol"}, "/api/v1/phones", 409)
    assert "product" in fields({"name": "SEP1", "product": "huge"}, "/api/v1/phones")
    api("POST", "/api/v1/users", b"{", status=400)
    api("POST", "/api/v1/users", b"userid=x", status=415, Content_Type="application/x-www-form-urlencoded")
    api("GET", "/api/v1/nonesuch", status=404)
    api("PATCH", "/api/v1/users", {}, status=405)
    api("DELETE", "/api/v1/users/zoe", status=204)
    headers, page = api("GET", "/api/v1/phones?limit=2")
    assert len(page) == 2 and 'rel="next"' in headers["Link"], headers
    assert api("GET", "/healthz", token=False)[1] == {"status": "ok"}
    assert api("GET", "/readyz", token=False)[1] == {"status": "ready"}
    metrics = api("GET", "/metrics", token=False)[1]
    assert "# TYPE carillon_build_info gauge" in metrics and 'carillon_build_info{version="' in metrics
    for line in metrics.splitlines():
        assert re.fullmatch(r"# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? [-+.eE0-9naNIf]+", line), line
    openapi(api)


def openapi(api):
    document = api("GET", "/api/v1/openapi.json", token=False)[1]
    assert document["openapi"].startswith("3.1.") and document["info"]["title"] and document["info"]["version"]
    ids = set()

    def references(node):
        if isinstance(node, dict):
            if "$ref" in node:
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)
    for ref in references(document):
        target = document
        assert ref.startswith("#/"), ref
        for part in ref[2:].split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert method in ("get", "post", "put", "patch", "delete"), method
            assert operation["operationId"] not in ids, operation["operationId"]
            ids.add(operation["operationId"])
            named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert named == set(re.findall(r"\{(\w+)\}", path)), (path, named)
            assert all(re.fullmatch(r"[1-5]\d\d|default", s) and r.get("description") for s, r in operation["responses"].items())
    schema = document["components"]["schemas"]["EndUser"]
    assert schema["properties"]["digestCredentials"]["writeOnly"] is True


def applied(c, server):
    """A change is in force for the very next request."""
    phone = sip.Phone(sip.UdpLink("127.0.0.1", (server.host, server.udp)), "7001", "newcomer", f"{CANARY}-9")
    assert phone.register().status == 404
    c("user", "add", "newcomer", "--digest-credentials", f"{CANARY}-9")
    assert phone.register().status == 404
    name = c("phone", "add", "-q", "--product", "basic", "--digest-user", "newcomer", "--line", "7001").strip()
    assert phone.register().status == 200
    for _ in range(10):
        c("phone", "update", name, "--active", "off")
        assert phone.register().status == 403
        c("phone", "update", name, "--active", "on")
        assert phone.register().status == 200
    assert phone.register(password=f"{CANARY}-wrong").status == 200  # digest is off, the source trusted
    c("security-profile", "update", BASIC, "--digest-authentication", "on")
    assert phone.register(password=f"{CANARY}-wrong").status == 403
    c("security-profile", "reset", BASIC)
    text = c("refusal", "list")
    assert "carillon user add" in text and "wrong-hash" in text, text
    registered = c.json("registration", "show", "7001")
    assert registered["phone"] == name and registered["wouldVerify"] in ("yes", "no"), registered
    screen = c("status").splitlines()
    assert len(screen) <= 40, f"status has {len(screen)} lines"
    for word in ("registrations", "calls", "listeners", "store", "UDP"):
        assert any(word in line for line in screen), word
    assert "REGISTER" in c("trace")


def secrets(c, api, server):
    for noun in ("user", "phone", "line", "security-profile", "sip-profile", "parameter", "registration", "refusal", "cdr"):
        for form in ("table", "json", "csv", "yaml"):
            c(noun, "list", "-o", form, "--search", "a")
    c("user", "show", "carol", "-o", "json")
    c("status", "-o", "json")
    c("trace", "--raw")
    for path in ("users?limit=50", "phones?limit=50", "status", "trace", "refusals", "licence"):
        api("GET", f"/api/v1/{path}")
    token = (server.data / "token").read_text().strip()
    for name, text in (("command line", "".join(c.shown)), ("API", "".join(api.shown)), ("log", server.log())):
        assert CANARY not in text, f"a secret in the {name}: {text[max(0, text.find(CANARY) - 200):][:300]}"
        assert token not in text, f"the token in the {name}"
    assert not re.search(r'response="[0-9a-f]{32}"', "".join(c.shown)), "digest responses are masked in traces"
    for path in server.data.rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), f"a secret in clear in {path}"
            assert path.stat().st_mode & 0o077 == 0, f"{path} can be read by others"


def serve_until_up(words, env=None, cwd=None):
    process = subprocess.Popen([BINARY, "serve", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               env=dict(os.environ, **(env or {})), cwd=cwd)
    return process


def fails(words, says, env=None):
    result = subprocess.run([BINARY, "serve", *words], capture_output=True, text=True, timeout=100,
                            env=dict(os.environ, **(env or {})))
    assert result.returncode in (1, 2) and says in result.stderr + result.stdout, (words, result)
    return result.returncode


def stop(process, seconds=25):  # an idle server does not drain, which would take 30 s
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out = process.communicate(timeout=seconds)[0]
    assert process.returncode == 0, (process.returncode, out)
    assert time.monotonic() - begun < seconds
    return out


def serve_options(folder):
    data, udp, web = folder / "data", lab.free_port(), lab.free_port()
    quiet = ["--data-dir", str(data), "--http", "none", "--https", "none"]
    toml = folder / "c.toml"
    toml.write_text(f'[sip]\nudp = ["127.0.0.1:{lab.free_port()}"]\n[log]\nlevel = "error"\n[https]\nlisten = "none"\n')

    def listeners():
        got = subprocess.run([BINARY, "status", "-o", "json", "--data-dir", str(data)], capture_output=True, text=True)
        return None if got.returncode else sorted(row["address"].split(":")[-1] for row in json.loads(got.stdout)["listeners"])
    env_port = lab.free_port()
    file_port = int(re.search(r":(\d+)", toml.read_text()).group(1))
    # Flag over environment over file; each replaces all default listeners.
    for flags, env, port in (([], {}, file_port), ([], {"CARILLON_SIP_UDP": f"127.0.0.1:{env_port}"}, env_port),
                             (["--sip-udp", f"127.0.0.1:{udp}"], {"CARILLON_SIP_UDP": f"127.0.0.1:{env_port}"}, udp)):
        process = serve_until_up([*quiet, "--config", str(toml), *flags], env)
        assert lab.wait_for("the server to answer", listeners, 20) == [str(port)], (flags, env, listeners())
        stop(process)
    (folder / "bad.toml").write_text("[sip]\nudp = []\n\n[log]\nlevl = \"info\"\n")
    fails([*quiet, "--config", str(folder / "bad.toml")], "bad.toml, line 5: unknown key log.levl; did you mean log.level?")
    fails([*quiet, "--config", str(folder / "absent.toml")], "absent.toml")
    assert fails([*quiet, "--sip-udp", "here"], "is not an address and port") == 2
    fails(["--data-dir", str(data), "--sip-upd", "127.0.0.1:1"], "sip-u")
    taken = sip.UdpLink(("127.0.0.1", 0), ("127.0.0.1", 9))
    assert fails([*quiet, "--sip-udp", f"127.0.0.1:{taken.local[1]}"], f"127.0.0.1:{taken.local[1]}") == 1
    assert fails([*quiet, "--sip-udp", "203.0.113.7:5060"], "203.0.113.7:5060") == 1
    taken.close()
    # A second server on the same data; nothing outside the data directory; SIGHUP and SIGTERM.
    work, home = folder / "work", folder / "home"
    work.mkdir(), home.mkdir()
    before = {p for p in folder.rglob("*") if data not in p.parents}
    process = serve_until_up(["--data-dir", str(data), "--sip-udp", f"127.0.0.1:{udp}", "--sip-tls", f"127.0.0.1:{udp}",
                              "--http", f"127.0.0.1:{web}", "--https", "none"],
                             {"HOME": str(home), "TMPDIR": str(home)}, work)
    lab.wait_for("the server to answer", listeners, 20)
    assert fails([*quiet, "--sip-udp", f"127.0.0.1:{lab.free_port()}"], "another carillon is running") == 1
    process.send_signal(signal.SIGHUP)
    time.sleep(0.7)
    assert process.poll() is None and listeners()
    out = stop(process)
    assert "certificate read again" in out, out
    assert {p for p in folder.rglob("*") if data not in p.parents} == before, "written outside the data directory"


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="carillon-admin-"))
    try:
        with lab.Server(BINARY, http=True) as server:
            c, api = Cli(server), Api(server)
            users_and_phones(c)
            other_nouns(c)
            parameters(c)
            usage(c, server)
            import_files(c, server, folder)
            licence(c)
            rest(api)
            applied(c, server)
            secrets(c, api, server)
        serve_options(folder)
    finally:
        subprocess.run(["rm", "-rf", str(folder)])


main()
