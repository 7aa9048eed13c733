"""Runs programs that nobody vouches for, such as a language model's own, where they can harm nothing.

    Box("repo", seconds=10).run(["python3", "-m", "unittest"])
    -> Finished(code=0, stdout="", stderr="Ran 3 tests in 0.002s\\n\\nOK\\n", ended="done", seconds=0.31)

The folder is seen as /box; what a program changed there is written back when it ended by itself ("done"), and nothing otherwise.
`dutiful sandbox` attacks the box and shows what is stopped. It needs Linux and bubblewrap or nsjail; without, it refuses.
"""

from dutiful.kit.box.backends import backend
from dutiful.kit.box.box import Box, Ended, Finished

__all__ = ["Box", "Ended", "Finished", "backend"]
