"""A table as LibreOffice reads it: what whoever opens an export sees."""

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest


def opened_in_office(table: Path) -> list[list[str]]:
    """Return the cells of the first sheet of ``table``, a .csv or .xlsx; without LibreOffice the test is skipped."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc-nogui")
    out = table.parent / f"from-{table.suffix.removeprefix('.')}"
    home = f"-env:UserInstallation=file://{table.parent}/home"
    # 44,34,76: commas, quotation marks, UTF-8.
    read = ["--infilter=CSV:44,34,76"] if table.suffix == ".csv" else []
    command = [office, home, "--headless", *read, "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76"]
    subprocess.run([*command, "--outdir", str(out), str(table)], check=True, capture_output=True, timeout=120)
    return list(csv.reader(io.StringIO((out / f"{table.stem}.csv").read_text(encoding="utf-8-sig"))))
