"""Make clients of the document, hold them by their types, and let them live a whole life.

    python -m tests.clients FOLDER

FOLDER: where the tools were put (`make clients`): python/ an environment, node/ with node_modules/.
Ends with exit code 1 at the first warning of a generator, slip of a type, or step that fails.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.clients.served import Served
from tests.samples import pdf

WALKS = Path(__file__).parent / "walks"
COMPILER = ("--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--noEmit")


def run(*command: str | Path, folder: Path, more: Mapping[str, str] | None = None, said: bytes = b"") -> str:  # fmt: skip
    """What a tool prints. Ends all where it fails, or warns."""
    answer = subprocess.run(
        [str(part) for part in command], cwd=folder, env={**os.environ, **(more or {})}, input=said,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    text = answer.stdout.decode()
    if answer.returncode or "warning" in text.lower():
        sys.exit(f"{' '.join(map(str, command))}:\n{text}")
    return text.strip()


def of_python(tools: Path, folder: Path, server: Served) -> None:
    """openapi-python-client, mypy, and a walk."""
    path = {
        "PATH": f"{tools / 'python/bin'}:{os.environ['PATH']}",
        "MYPYPATH": str(folder / "python"),
    }
    run("openapi-python-client", "generate", "--path", "openapi.json", "--output-path", "python",
        "--fail-on-warning", folder=folder, more=path)  # fmt: skip
    walk = WALKS / "walk.py"
    print(
        "mypy --strict:",
        run("mypy", "--strict", "python/gongkai_api_client", walk, folder=folder, more=path),
    )
    python = tools / "python/bin/python"
    more = {**server.told(), "PYTHONPATH": str(folder / "python")}
    print(run(python, walk, folder=folder, more=more, said=pdf("说明")))


def of_typescript(tools: Path, folder: Path, server: Served) -> None:
    """openapi-typescript, tsc, and a walk by openapi-fetch."""
    (folder / "node_modules").symlink_to(tools / "node/node_modules")
    (folder / "package.json").write_text(json.dumps({"type": "module"}), encoding="utf-8")
    (folder / "walk.ts").write_bytes((WALKS / "walk.ts").read_bytes())
    npx = ("npx", "--no-install")
    run(*npx, "openapi-typescript", "openapi.json", "--output", "api.d.ts", folder=folder)
    options = ("--target", "es2022", "--module", "nodenext", "--types", "node", "walk.ts")
    run(*npx, "tsc", *COMPILER, *options, folder=folder)
    print("tsc --strict: no slip")
    run(*npx, "tsc", "--strict", *options, "--outDir", "made", folder=folder)
    print(run("node", "made/walk.js", folder=folder, more=server.told(), said=pdf("说明")))


def main(tools: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for client in (of_python, of_typescript):
            server = Served(folder / f"data-{client.__name__}")
            server.start()
            try:
                written = json.dumps(server.document(), ensure_ascii=False)
                (folder / "openapi.json").write_text(written, encoding="utf-8")
                client(tools, folder, server)
            finally:
                server.end()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
