"""The catalogues: what the public pages say (templates and `portal`), whether all of it is said in English, the compiled files."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "locale"
LANGUAGES = ("vi", "en")
_IN_TEMPLATES = (
    re.compile(r"\{% translate \"([^\"]*)\""),
    re.compile(r"\{% translate '([^']*)'"),
    re.compile(r"_\(\"([^\"]*)\"\)"),
    re.compile(r"_\('([^']*)'\)"),
)
_BLOCKS = re.compile(r"\{% blocktranslate\b([^%]*)%\}(.*?)\{% endblocktranslate %\}", re.DOTALL)
_CALLS = {"_", "gettext", "gettext_lazy"}


def said() -> set[str]:
    """Every text that a public template or the portal's code asks a translation for."""
    templates = ROOT / "templates"
    shown = [path for folder in (".", "portal", "components", "cotton") for path in templates.glob(f"{folder}/*.html")]
    in_pages = {text for template in shown for text in _of_template(template.read_text())}
    return in_pages | {text for file in (ROOT / "portal").rglob("*.py") for text in _of_code(file.read_text())}


def _of_template(source: str) -> Iterator[str]:
    for pattern in _IN_TEMPLATES:
        yield from (text.replace("%", "%%") for text in pattern.findall(source))
    for options, words in _BLOCKS.findall(source):
        text = re.sub(r"\s*\n\s*", " ", words.strip()) if "trimmed" in options else words
        yield re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", text.replace("%", "%%"))


def _of_code(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in _CALLS:
            continue
        text = node.args[0] if node.args else None
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield text.value


def catalogue(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def messages(language: str) -> dict[str, str]:
    """The catalogue as it is written."""
    from babel.messages.pofile import read_po

    with catalogue(language).open("rb") as source:
        return {str(one.id): str(one.string) for one in read_po(source) if one.id}


def compiled(language: str) -> bytes:
    """What the .mo file must hold for what the .po file says."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    out = io.BytesIO()
    with catalogue(language).open("rb") as source:
        write_mo(out, read_po(source))
    return out.getvalue()


def _read(data: bytes) -> dict[str, object]:
    """A compiled catalogue's messages; its header holds the time of compiling and does not count."""
    from babel.messages.mofile import read_mo

    return {f"{one.context}/{one.id}": one.string for one in read_mo(io.BytesIO(data)) if one.id}


_PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def problems() -> list[str]:
    """What is wrong with the catalogues, a line each."""
    found = []
    for language in LANGUAGES:
        stored = catalogue(language).with_suffix(".mo")
        if not stored.exists() or _read(compiled(language)) != _read(stored.read_bytes()):
            found.append(f"locale/{language}/LC_MESSAGES/django.mo is stale: make messages")
    english = messages("en")
    found += [f"no English for: {text}" for text in sorted(said()) if not english.get(text)]
    found += [
        f"other places to fill in: {text} / {words}"
        for text, words in english.items()
        if sorted(_PLACES.findall(text)) != sorted(_PLACES.findall(words))
    ]
    return found


def compile_all() -> None:
    for language in LANGUAGES:
        catalogue(language).with_suffix(".mo").write_bytes(compiled(language))
