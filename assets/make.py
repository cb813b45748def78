"""Writes what is served of the kit and the icons: `make assets`."""

import gzip
import re
from pathlib import Path

import brotli

from assets.stylesheet import cut
from assets.used import ROOT, find_used

ASSETS = ROOT / "assets"
STATIC = ROOT / "static"
KIT = ASSETS / "tabler-1.6.1.min.css"
MADE = "/* Made by `make assets`; not to be edited. */\n"
# The order of layers decides, never specificity: the kit first, ours after it.
LAYERS = "@layer kit, tokens, base, layout, parts, helpers;\n"

TEXTS = {".css", ".js", ".svg"}
LEAST = 1024  # bytes: less is not worth it

_LICENCE = re.compile(r"/\*!.*?\*/", re.DOTALL)
_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_FRAME = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" />')
_STROKE = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'


def made() -> dict[Path, str]:
    """Every file that is made, with the text that it has to have."""
    return {STATIC / "css" / "kit.css": _kit(), STATIC / "icons.svg": _icons()}


def packed() -> dict[Path, bytes]:
    """What lies compressed beside the files that are served, as small as it gets; by its path."""
    found: dict[Path, bytes] = {}
    for path in sorted(STATIC.rglob("*")):
        if path.suffix in TEXTS and path.stat().st_size >= LEAST:
            content = path.read_bytes()
            found[path.with_name(f"{path.name}.br")] = brotli.compress(content, quality=11)
            found[path.with_name(f"{path.name}.gz")] = gzip.compress(content, 9, mtime=0)
    return found


def packed_before() -> set[Path]:
    """What lies there now."""
    return {path for suffix in ("br", "gz") for path in STATIC.rglob(f"*.{suffix}")}


def _kit() -> str:
    """Tabler's rules that can match, in a layer beneath ours."""
    original = KIT.read_text()
    ours = "".join(path.read_text() for path in own_stylesheets())
    licence = "\n".join(_LICENCE.findall(original))
    rules = cut(original, find_used(), readers=ours)
    return f"{MADE}{LAYERS}@layer kit {{\n{licence}\n{rules}}}\n"


def own_stylesheets() -> list[Path]:
    return [path for path in sorted((STATIC / "css").glob("*.css")) if path.name != "kit.css"]


def _icons() -> str:
    """One sprite of Tabler's outlines. An <svg> that uses a symbol gives its size and stroke."""
    symbols = "".join(_symbol(path) for path in sorted((ASSETS / "icons").glob("*.svg")))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}</svg>\n'


def _symbol(path: Path) -> str:
    found = _DRAWING.search(path.read_text())
    if found is None:
        raise ValueError(f"{path} is no drawing")
    lines = re.sub(r"\s*\n\s*", "", _FRAME.sub("", found[1]))
    return f'<symbol id="i-{path.stem}" viewBox="0 0 24 24" {_STROKE}>{lines}</symbol>\n'


def main() -> None:
    for path, text in made().items():
        path.write_text(text)
        print(f"{path.relative_to(ROOT)}: {len(text.encode()):,} bytes")
    files = packed()
    for path in packed_before() - files.keys():
        path.unlink()
    for path, content in files.items():
        path.write_bytes(content)
    small = sum(len(content) for path, content in files.items() if path.suffix == ".br")
    print(f"compressed beside them: {small:,} bytes with brotli")


if __name__ == "__main__":
    main()
