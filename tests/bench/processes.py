"""What running processes take, as Linux counts it in /proc: CPU seconds and memory."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def cpu_seconds(pid: int) -> float:
    """CPU time of a process, its children, and the programs that they have run and waited for."""
    ticks = 0
    for one in (pid, *children(pid)):
        # utime, stime, cutime, cstime are the 14th to 17th field; the second is a name in brackets.
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / _TICKS


def memory_mb(pid: int) -> dict[str, float]:
    """Megabytes of a process: all that is resident (`rss`), and what it shares with no other (`own`)."""
    kilobytes = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, value = line.partition(":")
        kilobytes[name] = int(value.split()[0])
    own = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return {"rss": kilobytes["Rss"] / 1024, "own": own / 1024}
