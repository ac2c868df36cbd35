"""The machine and its processes: what it is, how busy it is, what a process has used so far."""

import os
import pathlib
import platform

TICKS = os.sysconf("SC_CLK_TCK")


def facts():
    """What a reader of the results has to know about the machine."""
    model = "unknown"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
    }


def sentence(known):
    return f"{known['cores']} cores of {known['processor']}, {known['memory_gb']} GB, {known['system']}"


def load():
    """How many processes wanted the processor in the last minute, on average."""
    return round(os.getloadavg()[0], 2)


def cpu_seconds(pid):
    """Processor time that a process and its threads have used, the ended ones too."""
    # The name, in brackets, may hold spaces: the numbers begin after it.
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid, name="VmRSS"):
    """Resident memory of a process: VmRSS now, VmHWM at its highest, RssAnon without mapped files."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    return 0.0
