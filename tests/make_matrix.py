"""Makes the README's matrix of the ready-made clients anew: `make matrix`."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.cli import main
from mockserver.contract.certify.report.document import read
from mockserver.contract.certify.report.markdown import brief

if TYPE_CHECKING:
    from collections.abc import Sequence

README: Final = Path(__file__).parent.parent / "README.md"
PLACE: Final = re.compile(
    r"(<!-- matrix: `make matrix` writes what follows -->\n).*?(<!-- matrix ends -->\n)", re.DOTALL
)
_UNTRIED: Final = 2


def make(arguments: Sequence[str]) -> int:
    """Certify every ready-made client, or as `arguments` say, and put what was found into the README."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "matrix.json"
        chosen = [] if any(each.startswith(("--client", "--from")) for each in arguments) else ["--client", "all"]
        status = main(["certify", *chosen, *arguments, "--json", str(kept)])
        if status >= _UNTRIED:
            return status
        matrix = read(kept.read_bytes())
    text = "\n".join(brief(matrix)).strip()
    README.write_text(PLACE.sub(lambda place: f"{place[1]}\n{text}\n\n{place[2]}", README.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(make(sys.argv[1:]))
