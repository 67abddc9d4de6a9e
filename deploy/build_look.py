"""Make static/look/icons.svg out of Bootstrap icons: `python deploy/build_look.py FOLDER_OF_SVG_FILES`.

One file with a symbol an icon, fetched once and kept by the browser: 24 cards with three states each would carry 43 KB
of repeated shapes otherwise. Icons: MIT licence, https://icons.getbootstrap.com, version 1.11.3.
"""

import re
import sys
from pathlib import Path

NAMES = [
    "arrow-left",
    "arrow-repeat",
    "arrow-return-left",
    "award",
    "award-fill",
    "box-arrow-in-right",
    "box-arrow-right",
    "check-circle-fill",
    "check-lg",
    "circle",
    "clipboard-data",
    "dash-circle",
    "download",
    "envelope",
    "exclamation-octagon-fill",
    "exclamation-triangle-fill",
    "file-earmark-spreadsheet",
    "hourglass-split",
    "info-circle",
    "journal-check",
    "key",
    "lock-fill",
    "pencil",
    "person-circle",
    "plus-lg",
    "printer",
    "search",
    "shield-lock",
    "sliders",
    "star-fill",
    "stop-circle",
    "upload",
    "x-circle",
    "x-lg",
    "tags",
    "people",
    "arrow-right",
    "arrow-down",
    "arrow-up",
    "grip-vertical",
    "bell",
    "camera",
    "clock-history",
    "cloud-check-fill",
    "cloud-slash",
    "copy",
    "exclamation-circle-fill",
    "file-earmark-text",
    "paperclip",
    "trash",
    "bar-chart",
    "calendar3",
    "check2-square",
    "clipboard-check",
    "diagram-3",
    "folder2-open",
    "gear",
    "globe2",
    "journal-text",
    "three-dots",
    "window",
    "link-45deg",
    "question-circle",
    "question-circle-fill",
]

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    symbols = []
    for name in sorted(NAMES):
        text = (folder / f"{name}.svg").read_text()
        inside = re.sub(r"\s+", " ", text[text.index(">") + 1 : text.rindex("</svg>")]).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{inside}</symbol>')
    out = Path(__file__).resolve().parent.parent / "static" / "look" / "icons.svg"
    out.write_text('<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n")
    print(f"{out}: {len(symbols)} icons, {out.stat().st_size} bytes")
