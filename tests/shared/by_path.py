"""Load a module that lies in no package: a tool, or what several files of tests share."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def module_at(path: Path) -> ModuleType:
    """Load a file of the repository as a module, once.

    Args:
        path: Of the file; its place in the repository gives the module its name.
    """
    name = "_".join(path.resolve().relative_to(ROOT).with_suffix("").parts)
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # Dataclasses look their module up by name.
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]
