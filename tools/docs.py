#!/usr/bin/env python3
"""Makes the generated documents: docs/machines/*.md from the tables, docs/rfc/coverage.md from the § tags.

  tools/docs.py            write them
  tools/docs.py --check    exit 1 when one is stale
"""
import collections
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROW = re.compile(r"\{(?:State::)?(\w+), *(?:Trigger::)?(\w+), *(?:Action::)?(\w+), *(?:State::)?(\w+)\},?(?: *// *(.*))?")
TAG = re.compile(r"RFC (\d{3,5})(?:,)? (?:§§?|section )([\dA-Z]+(?:\.\d+)*)")
WORDS = {"provisional": "1xx", "success": "2xx", "failure": "3xx-6xx", "send_provisional": "send 1xx",
         "send_success": "send 2xx", "send_failure": "send 3xx-6xx", "request": "request again", "ack": "ACK",
         "cancel": "CANCEL"}


def machines():
    """{file name: text} for every table of rows in the sources."""
    pages = {}
    for header in sorted((ROOT / "src").rglob("*.h")) + sorted((ROOT / "src").rglob("*.cc")):
        text = header.read_text()
        for found in re.finditer(r"((?://[^\n]*\n)*)constexpr Row k(\w+)\[\] = \{\n(.*?)\n\};", text, re.S):
            comment, name, body = found.groups()
            rows = [ROW.search(line) for line in body.split("\n")]
            rows = [r for r in rows if r]
            if not rows:
                continue
            title = re.sub(r"(?<!^)([A-Z])", r" \1", name).lower()
            page = [f"# Machine: {title}", "", "Generated from `" + str(header.relative_to(ROOT)) + "`. Do not edit.", ""]
            page += [re.sub(r"^// ?", "", line) for line in comment.strip().split("\n")] if comment else []
            page += ["", "```mermaid", "stateDiagram-v2", f"  [*] --> {rows[0].group(1)}"]
            for r in rows:
                state, trigger, action, after, _ = r.groups()
                label = WORDS.get(trigger, trigger.replace("_", " "))
                if action != "nothing":
                    label += " / " + action.replace("_", " ")
                page.append(f"  {state} --> {after}: {label}")
            ends = {r.group(4) for r in rows} - {r.group(1) for r in rows}
            page += [f"  {e} --> [*]" for e in sorted(ends)] + ["```", ""]
            pages[f"docs/machines/{title.replace(' ', '_')}.md"] = "\n".join(page)
    return pages


def matched(globs):
    names = []
    for pattern in globs:
        found = sorted(str(p.relative_to(ROOT)) for p in ROOT.glob(pattern))
        if not found:
            sys.exit(f"docs/rfc/services.toml: nothing matches {pattern}")
        names.append(pattern if len(found) > 3 else "<br>".join(found))
    return "<br>".join(names)


def services():
    """The tables of docs/rfc/services.toml."""
    out = []
    listed = tomllib.loads((ROOT / "docs/rfc/services.toml").read_text())
    for kind, title in (("standard", "Standards"), ("service", "Services")):
        out += [f"## {title}", "", f"| {kind} | code | tests | real phones |", "|---|---|---|---|"]
        for row in listed[kind]:
            out.append(f"| {row['name']} | {matched(row['code'])} | {matched(row['tests'])} | {row.get('phones', '–')} |")
        out.append("")
    return out


def coverage():
    sections = collections.defaultdict(lambda: (set(), set()))
    folders = [("src", ("*.h", "*.cc")), ("sim", ("*.h", "*.cc")), ("test", ("*.cc", "*.flow", "*.h", "*.py")), ("fuzz", ("*.cc",))]
    for folder, patterns in folders:
        for path in sorted(p for pattern in patterns for p in (ROOT / folder).rglob(pattern)):
            is_test = folder != "src" or path.stem.endswith("_test")
            for number, section in TAG.findall(path.read_text(errors="replace")):
                sections[(int(number), section)][is_test].add(str(path.relative_to(ROOT)))
    def order(key):
        return key[0], [int(p) if p.isdigit() else 1000 + ord(p[0]) for p in key[1].split(".")]
    out = ["# RFC coverage", "",
           "Generated from `docs/rfc/services.toml` and from the § tags in code and tests. Do not edit.", "", *services(),
           "## Sections", "", "| RFC | section | code | tests |", "|---|---|---|---|"]
    for number, section in sorted(sections, key=order):
        code, tests = sections[(number, section)]
        def names(paths):
            return "<br>".join(sorted(paths)) or "–"
        out.append(f"| {number} | {section} | {names(code)} | {names(tests)} |")
    return {"docs/rfc/coverage.md": "\n".join(out) + "\n"}


def main():
    check = "--check" in sys.argv
    stale = []
    pages = {**machines(), **coverage()}
    for name, text in pages.items():
        path = ROOT / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    old = [p for p in (ROOT / "docs/machines").glob("*.md") if f"docs/machines/{p.name}" not in pages]
    for path in old:
        stale.append(str(path.relative_to(ROOT)))
        if not check:
            path.unlink()
    print("\n".join(("stale: " if check else "written: ") + s for s in stale) or "all fresh")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
