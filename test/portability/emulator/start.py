"""Starts LocalEmu with functions as Node.js processes instead of Docker containers, and mended by patches.py."""

import sys

from localemu.services.lambda_.invocation import runtime_executor


def _node_executor():
    from node_executor import NodeExecutor

    return NodeExecutor


runtime_executor.get_runtime_executor = _node_executor  # before anything has imported it by its name

import patches  # noqa: E402
from localemu.runtime.main import main  # noqa: E402

patches.apply()
sys.exit(main())
