#!/usr/bin/env python3
"""Taste as a test: sizes, layers, names, banned calls. Prints what is wrong and exits 1.

  tools/tidy.py            check everything that git knows
  tools/tidy.py --sizes    print the distribution of file and function lengths
"""
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAX_FILE, MAX_FUNCTION, MAX_COLUMN, MAX_SCRIPT_COLUMN = 500, 70, 120, 140

# Module -> what it may include beside itself (docs/ARCHITECTURE.md, "Layers").
BASE = {"base"}
LAYERS = {
    "base": set(),
    "text": BASE,
    "crypto": BASE,
    "sip/message": BASE,
    "sip/stream": BASE | {"sip/message"},
    "sdp": BASE,
    "sip/transaction": BASE | {"sip/message", "sip"},
    "sip/dialog": BASE | {"sip/message", "sip"},
    "sip/usage": BASE | {"sip/message", "sip", "sip/dialog"},
    "sip/locate": BASE | {"sip/message", "sip"},
    "sip/auth": BASE | {"sip/message", "crypto"},
    "sip": BASE | {"sip/message", "sip/transaction", "sip/locate", "sip/stream"},
    "config": BASE | {"text", "crypto"},
    "dialplan": BASE | {"config"},
    "state": BASE | {"crypto", "db"},
    "registrar": BASE | {"config", "crypto", "sip", "sip/message", "sip/auth", "state"},
    "call": BASE | {"config", "dialplan", "registrar", "sdp", "sip", "sip/message", "sip/dialog", "sip/usage", "state"},
    "lines": BASE | {"call", "config", "registrar", "sip", "sip/message", "sip/dialog", "sip/usage", "state"},
    "shard": BASE | {"call", "lines", "config", "registrar", "sip", "sip/message", "sip/locate", "state"},
    "admin": BASE | {"text", "config", "crypto", "http", "state", "dialplan"},
    "http": BASE | {"text"},
    "db": BASE | {"config", "text", "crypto"},
    "net": BASE | {"crypto", "sip", "sip/message", "sip/stream", "sip/locate"},
    "server": None,  # everything
}
# state's two headers are the interface of the store: values only, which the domain may name.
VALUES_OF_STATE = {"state/store.h", "state/cdr.h"}

BANNED = [
    (re.compile(r"\bstd::chrono::\w+_clock::now"), "reads a clock", {"server", "net", "http", "state", "db", "admin"}),
    (re.compile(r"\b(?:s?rand|random)\s*\(\)"), "uses the C library's random numbers", set()),
    (re.compile(r"\bstd::(?:this_thread::sleep|thread\b|jthread)"), "uses threads", {"server", "net", "http", "state"}),
    (re.compile(r"\bsleep\s*\("), "sleeps", set()),
    (re.compile(r"\bdynamic_cast\b"), "uses dynamic_cast", set()),
    (re.compile(r"\busing namespace\b"), "uses a whole namespace", set()),
    (re.compile(r"\b(?:system|popen|execv[pe]*)\s*\("), "starts a program", set()),
    (re.compile(r"\bTODO\b|\bFIXME\b|\bXXX\b"), "leaves something undone", set()),
    (re.compile(r"\b(?:sprintf|strcpy|strcat|gets)\s*\("), "uses an unbounded C string call", set()),
]
WORDS = re.compile(r"\b(?:reports?-to-lead|/work/|/tmp/h\b)", re.I)


def tracked(*patterns):
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", *patterns], cwd=ROOT, check=True,
                         capture_output=True, text=True).stdout
    return [pathlib.Path(p) for p in out.split("\n") if p and (ROOT / p).exists()]


def module_of(include):
    parts = include.split("/")
    if len(parts) < 2:
        return None
    if parts[0] == "sip" and len(parts) > 2:
        return "/".join(parts[:2])
    return parts[0]


def check_text(path, text, problems):
    lines = text.split("\n")
    if path.suffix in (".cc", ".h") and len(lines) - 1 > MAX_FILE:
        problems.append(f"{path}: {len(lines) - 1} lines, at most {MAX_FILE}")
    for number, line in enumerate(lines, 1):
        where = f"{path}:{number}"
        if line.rstrip() != line:
            problems.append(f"{where}: trailing blanks")
        most = {".cc": MAX_COLUMN, ".h": MAX_COLUMN, ".py": MAX_SCRIPT_COLUMN}.get(path.suffix)
        if most and len(line) > most:
            problems.append(f"{where}: {len(line)} columns, at most {most}")
        if WORDS.search(line) and path.name != "tidy.py":
            problems.append(f"{where}: names something that is not of the project")
    return lines


def check_source(path, lines, problems):
    module = module_of("/".join(path.parts[1:]))
    test = path.stem.endswith("_test")
    if path.suffix == ".h" and not any(l.startswith("#pragma once") for l in lines[:3]):
        problems.append(f"{path}: begins without #pragma once")
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        found = re.match(r'\s*#include "([^"]+)"', line)
        if found and not test and LAYERS.get(module, set()) is not None:
            other = module_of(found.group(1))
            allowed = LAYERS.get(module)
            if allowed is None:
                problems.append(f"{path}:{number}: the module {module} is in no layer")
            elif other and other != module and other not in allowed:
                problems.append(f"{path}:{number}: {module} may not include {found.group(1)}")
            elif other == "state" and module not in ("state", "server") and found.group(1) not in VALUES_OF_STATE:
                problems.append(f"{path}:{number}: only the values of state/ may be included")
        for pattern, what, doors in BANNED:
            if pattern.search(line if "undone" in what else code) and module not in doors and not test:
                problems.append(f"{path}:{number}: {what}")


def functions(paths):
    """(length, path, line, name) of every C++ function, from universal-ctags."""
    out = subprocess.run(["ctags", "-x", "--c++-kinds=f", "--language-force=C++",
                          "--_xformat=%{end}\t%n\t%F\t%N", "-L", "-"],
                         input="\n".join(map(str, paths)), cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for row in out.splitlines():
        end, line, path, name = row.split("\t")
        if end:
            yield int(end) - int(line) + 1, path, int(line), name


def main():
    sources = tracked("src/*.cc", "src/*.h", "sim/*.cc", "sim/*.h", "test/*.cc", "test/*.h", "fuzz/*.cc", "fuzz/*.h",
                      "bench/*.cc", "bench/*.h")
    texts = tracked("*.md", "*.py", "x", "tools/*", "*.cmake", "CMakeLists.txt", "*.flow", ".ci/*")
    problems, lengths = [], []
    for path in sources:
        text = (ROOT / path).read_text(errors="replace")
        lines = check_text(path, text, problems)
        lengths.append(len(lines) - 1)
        if path.parts[0] == "src":
            check_source(path, lines, problems)
    for path in texts:
        if path not in sources and path.suffix not in (".pem",) and (ROOT / path).is_file():
            check_text(path, (ROOT / path).read_text(errors="replace"), problems)
    sizes = list(functions(sources))
    problems += [f"{p}:{l}: {n} has {s} lines, at most {MAX_FUNCTION}" for s, p, l, n in sizes if s > MAX_FUNCTION]
    for folder in sorted({p.parent for p in sources if p.parts[0] in ("src", "sim")}):
        if not (ROOT / folder / "README.md").exists() and folder.name not in ("src", "features", "entities"):
            problems.append(f"{folder}: has no README.md")
    if "--sizes" in sys.argv:
        def show(what, v):
            v = sorted(v)
            print(f"{what}: {len(v)}, median {statistics.median(v):.0f}, p90 {v[int(len(v) * .9)]}, max {v[-1]}")
        show("files (lines)", lengths)
        show("functions (lines)", [s[0] for s in sizes])
    for p in problems:
        print(p)
    print(f"tidy: {len(sources)} sources, {len(sizes)} functions, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
