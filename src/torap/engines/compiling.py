"""How kernels that Python calls are compiled, and where they are kept: a folder named by the engines' text.

Numba asks only whether the file of the kept function changed. A kernel is made of functions of many files, so
that code of an older version could answer for the present one: a changed engine has a folder of its own.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from numba import config, njit

ENGINES = Path(__file__).parent
KEPT = ENGINES / "__pycache__" / "kernels"


def version_of(folder: Path) -> str:
    """Twelve letters that change with the text of any module below `folder`."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def keep_below(kept: Path, version: str) -> Path:
    """The folder of this version; those of other versions are taken away."""
    for other in kept.glob("*"):
        if other.name != version:
            shutil.rmtree(other, ignore_errors=True)
    return kept / version


def _folder(chosen: str) -> Path:
    """Below the folder NUMBA_CACHE_DIR names, which is somebody else's to tidy; else beside the engines."""
    version = version_of(ENGINES)
    return Path(chosen) / version if chosen else keep_below(KEPT, version)


def spare_library() -> None:
    """Load Numba's functions on arrays without SciPy's linear algebra: a fifth of a second of every start.

    Numba looks for it to see whether covariances can be compiled, which no kernel asks for.
    """
    library = "scipy.linalg.cython_blas"
    modules: dict[str, Any] = sys.modules
    if library in modules:
        return
    modules[library] = None
    try:
        import_module("numba.np.arraymath")
    finally:
        del modules[library]


spare_library()
_settings: Any = config
_settings.CACHE_DIR = str(_folder(_settings.CACHE_DIR))


def inner(function: Any) -> Any:
    """Compile a function that only kernels call: without a door for Python, which takes as long as its
    body.
    """
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return njit(nogil=True, **options)(function)


def kernel(function: Any) -> Any:
    """Compile a kernel that Python calls, free of the interpreter's lock, and keep it for later processes."""
    return njit(cache=True, nogil=True)(function)
