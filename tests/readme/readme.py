"""Compile and run the program that README.md shows, by the commands that it shows.

SPDX-License-Identifier: MIT

readme.py README.md [BUILD-FOLDER]

The first C block of the README is the program; the console block that follows it holds the
commands and what they print. With a build folder the library is taken from a staged install of
it, else from where pkg-config finds it.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

MOST_LINES = 20


def blocks(text):
    """The fenced blocks, as pairs of language and text."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def program_and_session(readme):
    found = blocks(readme)
    at = [language for language, _ in found].index("c")
    language, session = found[at + 1]
    if language != "console":
        sys.exit("the block after the program is not its console session")
    return found[at][1], session


def commands_of(session):
    """Pairs of a command and the output that follows it."""
    parts = re.split(r"^\$ (.*)\n", session, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def stage(build, folder):
    """Install into a folder; the environment in which it is as if installed for real."""
    destination = folder / "stage"
    subprocess.run(
        ["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", destination],
        check=True,
    )
    pkgconfig = next(destination.rglob("chunkwise.pc")).parent
    return {
        "PKG_CONFIG_PATH": str(pkgconfig),
        "PKG_CONFIG_SYSROOT_DIR": str(destination),
        "LD_LIBRARY_PATH": str(pkgconfig.parent),
    }


def main():
    readme = pathlib.Path(sys.argv[1]).read_text()
    program, session = program_and_session(readme)
    if len(program.splitlines()) > MOST_LINES:
        sys.exit(f"the program has {len(program.splitlines())} lines, more than {MOST_LINES}")
    commands = commands_of(session)
    source = re.search(r"\S+\.c\b", commands[0][0]).group()

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        environment = dict(os.environ)
        if len(sys.argv) > 2:
            environment.update(stage(sys.argv[2], folder))
        (folder / source).write_text(program)
        for command, wanted in commands:
            ran = subprocess.run(
                command,
                shell=True,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            print(f"$ {command}\n{ran.stdout}", end="")
            if ran.returncode != 0:
                sys.exit(f"exit status {ran.returncode}")
            if ran.stdout != wanted:
                sys.exit(f"README.md has this output instead:\n{wanted}")


main()
