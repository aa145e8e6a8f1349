"""Compiled code of an older engine never answers for the present one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from numba import config

from torap.engines import compiling, rng


def test_any_module_changes_the_version(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "deep" / "b.py").write_text("y = 1\n")
    first = compiling.version_of(tmp_path)
    assert compiling.version_of(tmp_path) == first
    (tmp_path / "deep" / "b.py").write_text("y = 2\n")
    second = compiling.version_of(tmp_path)
    (tmp_path / "deep" / "b.py").rename(tmp_path / "b.py")
    assert len({first, second, compiling.version_of(tmp_path)}) == 3


def test_kernels_of_other_versions_are_taken_away(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    assert compiling.keep_below(tmp_path, "new") == tmp_path / "new"
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_kernels_are_kept_in_the_folder_of_this_version() -> None:
    kept = Path(rng.words_row.stats.cache_path)
    assert kept.parent == Path(config.CACHE_DIR)
    assert kept.parent.name == compiling.version_of(compiling.ENGINES)


def test_kernels_start_without_the_library_of_linear_algebra() -> None:
    program = (
        "import sys, torap.engines.rng as rng, numpy as np\n"
        "assert 'scipy.linalg' not in sys.modules\n"
        "rng.words_row(rng.key_of(1), rng.streams_of('k', ['a']), 0, 0, 0, np.zeros(64, np.uint32))\n"
        "assert 'scipy.linalg' not in sys.modules\n"
        "import scipy.linalg.cython_blas\n"
        "import torap.engines.compiling as compiling\n"
        "compiling.spare_library()\n"
        "assert sys.modules['scipy.linalg.cython_blas'] is scipy.linalg.cython_blas\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
