"""Runs one command and says how long it took and how much memory it held: measure.py IN OUT ERR COMMAND…

Linux counts the peak memory of the process that starts a program as the program's own, so a peer is started from this small one
and not from the harness. A peer that is smaller still is watched while it runs, to the millisecond.
"""

import os
import sys
import time


def peak(process):
    """The most that the process has held until now, in KiB; 0 when it has ended."""
    with open(f"/proc/{process}/status") as status:
        return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)


stdin, stdout, stderr, *command = sys.argv[1:]
write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
files = [
    (os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, stdout, write, 0o644),
    (os.POSIX_SPAWN_OPEN, 2, stderr, write, 0o644),
]
begin = time.monotonic()
child = os.posix_spawnp(command[0], command, os.environ, file_actions=files)
watched = 0
while True:
    ended, status, usage = os.wait4(child, os.WNOHANG)
    seconds = time.monotonic() - begin
    if ended:
        break
    watched = max(watched, peak(child))
    time.sleep(max(0.001, seconds / 100))
# What the kernel tells is exact, but never less than what this process held when it started the peer.
kib = usage.ru_maxrss if usage.ru_maxrss > peak("self") else watched
print(f'{{"seconds": {seconds}, "kib": {kib}, "status": {os.waitstatus_to_exitcode(status)}}}')
