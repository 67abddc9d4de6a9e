"""Whether code, templates and catalogues are free of the names of provinces, levels and boards, and what users read of units and years.

`organisation/naming.py` holds the first as dated data; a word in code would stay the same when the law, or the province, is another.
An example out of one province or one year reads, everywhere else and ever after, as if it were forgotten there.
"""

import ast
import csv
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from common.text import fold

ROOT = Path(__file__).resolve().parent.parent
KINDS = (".py", ".html", ".po", ".js", ".txt", ".typ", ".toml")
ELSEWHERE = {"tests", "demo", "docs", "benchmarks", "migrations"}
LEVELS = r"huyện|thị xã|thị trấn|thị ủy|phường|cấp (?:xã|cơ sở)|đặc khu"
IN_ENGLISH = r"districts?|communes?|wards?"  # of catalogues alone: code is English
BOARDS = r"ban dân vận|ban tuyên giáo"
HEAD = re.compile(r"(?<![Cc]ấp )\b[Tt]ỉnh\b")  # a city under the centre stands there, too; the law calls both “cấp tỉnh”
AFTER_ITS_KIND = re.compile(r"\b[Tt](?:ỉnh|hành)(?: ủy)? (\w+) (\w+)")  # of a province that no list of ours names
YEAR = re.compile(r"(?<![\d.,])(?:19|20)[1-9]\d(?![\d.,]\d|\d)")
PLACE_KIND = re.compile(r"^(?:Tỉnh|Thành phố|Huyện|Thị xã|Thị trấn|Xã|Phường|Đặc khu) ")
READ = (".py", ".html", ".po", ".js")  # whose words reach users
ALLOWED = {  # file -> the words that may stand there, and why
    "deploy/place_words.py": (".*", "the words that are looked for"),
    "organisation/models.py": (
        "Huyện|Thị xã|Thị trấn|Phường|Đặc khu|Tỉnh",
        "the kind of a place is read off the front of its official name, whatever its day; none is ever said for another",
    ),
    "locale/en/LC_MESSAGES/django.po": ("tỉnh|19[49]9", "what stands where an administrator has written no record yet; history"),
    "models_registry/models/seasons.py": ("1990", "the first year that a season may have"),
    "organisation/naming.py": ("tỉnh", "examples of what is to be written; what stands where nothing is written yet"),
    "organisation/roles.py": ("tỉnh", "the key's neutral name, over which a dated one stands"),
    "organisation/selectors/names.py": ("tỉnh", "the title of the record that holds the name"),
    "papers/enums.py": ("2020", "the decree's number"),
    "papers/exports.py": ("tỉnh", "an example of a spelling"),
    "papers/word/layouts.py": ("2020", "the decree's number"),
    "reports/kinds/base.py": ("tỉnh", "what reports were frozen with before there were names for it"),
    "templates/admin/index.html": ("tỉnh", "the title of the record that holds the name"),
    "templates/organisation/names.html": ("tỉnh", "the title of the record that holds the name"),
    "templates/portal/home_join.html": ("19[49]9", "history: the newspaper article, the movement's year"),
}


@lru_cache(maxsize=1)
def _provinces() -> str:
    with (ROOT / "demo" / "provinces.csv").open(encoding="utf-8") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    return "|".join(sorted(names | {fold(name).replace(" ", "-") for name in names}))


@lru_cache(maxsize=1)
def _places() -> str:
    """The places of the demo's units without their kinds; those of one word mean other things, too."""
    names = set()
    for name in ("units.csv", "later_units.csv"):
        with (ROOT / "demo" / name).open(encoding="utf-8") as file:
            names |= {PLACE_KIND.sub("", row["place"]) for row in csv.DictReader(file)}
    return "|".join(re.escape(name) for name in sorted(names) if " " in name and name != "Trung ương")


def _sources() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT).parts
        if path.suffix in KINDS and not ELSEWHERE.intersection(inside) and not inside[0].startswith((".", "var")):
            yield path


def found_in(text: str, *, is_catalogue: bool = False) -> list[tuple[int, str]]:
    """(number of the line, the word) of each province, level or board that a text names."""
    english = f"|{IN_ENGLISH}" if is_catalogue else ""
    wanted = re.compile(rf"\b(?:{_provinces()}|{LEVELS}|{BOARDS}{english})\b", re.IGNORECASE)
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        named = [match[0] for match in AFTER_ITS_KIND.finditer(line) if all(word[0].isupper() for word in match.groups())]
        known = [match[0] for match in wanted.finditer(line)]
        found += [(number, word) for word in known or named or HEAD.findall(line)]
    return found


def examples_in(text: str, suffix: str = ".py") -> list[tuple[int, str]]:
    """(number of the line, the words) of each unit and year in what a text of this kind says to users: in code, strings."""
    said = list(enumerate(text.splitlines(), 1))
    if suffix == ".py":
        nodes = list(ast.walk(ast.parse(text)))
        notes = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        strings = (
            node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes
        )
        said = [(node.lineno, str(node.value)) for node in strings]
    wanted = re.compile(rf"\b(?:{_places()})\b|{YEAR.pattern}")
    return [(number, match[0]) for number, words in said for match in wanted.finditer(words)]


def problems() -> list[str]:
    """What is wrong, a line each."""
    found, used = [], set()
    for path in _sources():
        name = path.relative_to(ROOT).as_posix()
        allowed, _ = ALLOWED.get(name, ("", ""))
        text = path.read_text(encoding="utf-8")
        words = found_in(text, is_catalogue=path.suffix == ".po")
        words += examples_in(text, path.suffix) if path.suffix in READ else []
        for number, word in words:
            if allowed and re.fullmatch(allowed, word, re.IGNORECASE):
                used.add(name)
            else:
                found.append(f"{name}:{number}: “{word}” is data (organisation/naming.py), or an example of one year")
    found += [f"{Path(__file__).name}: nothing to allow in {name} any more" for name in sorted(ALLOWED.keys() - used)]
    return found
