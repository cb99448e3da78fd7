"""Runs a program and, once it says that it has loaded, holds it to a share of one core in periods of 20 ms.

As the kernel's CFS bandwidth control does, time that the program waits costs nothing, and what it takes too much in
one period is missing in the next. Needs no privileges: the program is stopped and continued in slices of at most half
of what is left to it, and its CPU clock is read while it stands still.
"""
import os
import signal
import subprocess
import sys
import time

PERIOD = 0.020


def cpu_seconds(pid):
    return time.clock_gettime(((~pid) << 3) | 2)  # the process's CPU clock, as clock_getcpuclockid gives it


def hold(child, quota):
    used = cpu_seconds(child.pid)
    debt = 0.0
    while child.poll() is None:
        start = time.perf_counter()
        left = quota - debt
        while left > 0.0001 and time.perf_counter() - start < PERIOD - 0.0005:
            os.kill(child.pid, signal.SIGCONT)
            time.sleep(max(left / 2, 0.0003))
            if child.poll() is not None:
                return
            os.kill(child.pid, signal.SIGSTOP)
            time.sleep(0.00005)
            now = cpu_seconds(child.pid)
            left -= now - used
            used = now
        debt = max(0.0, -left)
        time.sleep(max(0.0, start + PERIOD - time.perf_counter()))


def main():
    share, command = float(sys.argv[1]), sys.argv[2:]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        loaded = child.stderr.readline().decode()
        child.stdin.write(b"go\n")
        child.stdin.flush()
        hold(child, share * PERIOD)
    finally:
        if child.poll() is None:
            child.kill()
    sys.stdout.write(loaded + child.stderr.read().decode())


main()
