"""Runs a function's bundle in a Node.js process, where LocalEmu would start a Docker container."""

import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from localemu import config
from localemu.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localemu.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localemu.services.lambda_.invocation.runtime_executor import RuntimeExecutor

NODE = os.environ["FUNCTIONS_NODE"]
NAMESPACE = os.environ.get("FUNCTIONS_NAMESPACE", "")  # the network namespace of the functions; none: the machine's own
HOST = os.environ.get("FUNCTIONS_HOST", "127.0.0.1")  # where functions find the emulator
RUNTIME = str(Path(__file__).parent / "runtime.mjs")
STARTUP_SECONDS = config.LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT


def _error(error_type: str, message: str) -> dict:
    return {"error": {"errorType": error_type, "errorMessage": message}}


class NodeExecutor(RuntimeExecutor):
    """One execution environment: a process that takes an invocation a line and answers with a line."""

    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id=id, function_version=function_version)
        self.folder = Path(tempfile.mkdtemp(prefix="function-"))
        self.log = self.folder / "log"
        self.log.touch()
        self.env = {}
        self.process = None
        self.answers = None

    def start(self, env_vars: dict[str, str]) -> None:
        task_root = str(self.function_version.config.code.get_unzipped_code_location())
        own = {"LAMBDA_TASK_ROOT": task_root, "PATH": os.environ["PATH"], "HOME": str(self.folder), "TMPDIR": str(self.folder)}
        self.env = {name: str(value) for name, value in env_vars.items()} | own
        answer = self._spawn()
        if "error" in answer:
            raise StatusErrorException("Environment startup failed", payload=json.dumps(answer["error"]).encode())

    def stop(self) -> None:
        self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def get_address(self) -> str:
        return HOST

    def get_endpoint_from_executor(self) -> str:
        return HOST

    def get_runtime_endpoint(self) -> str:
        return f"http://{HOST}:{config.GATEWAY_LISTEN[0].port}"

    def get_logs(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def invoke(self, payload: dict[str, str], function_timeout: int | None = None) -> InvocationResult:
        request_id = payload["invoke-id"]
        invocation = {
            "requestId": request_id,
            "arn": payload["invoked-function-arn"],
            "traceId": payload["trace-id"],
            "payload": payload["payload"],
        }
        printed = self.log.stat().st_size
        answer = self._ask(invocation, function_timeout or 900)
        with self.log.open("rb") as log:
            log.seek(printed)
            lines = log.read().decode(errors="replace")
        is_error = "error" in answer
        body = json.dumps(answer["error"] if is_error else answer["result"]).encode()
        logs = f"START RequestId: {request_id}\n{lines}END RequestId: {request_id}\n"
        return InvocationResult(request_id, body, is_error=is_error, logs=logs)

    def _spawn(self) -> dict:
        inside = ["ip", "netns", "exec", NAMESPACE] if NAMESPACE else []
        answers, theirs = os.pipe()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*inside, NODE, RUNTIME, str(theirs), os.environ["HOME"]],  # the folder tells whose process it is
                env=self.env,
                cwd=self.env["LAMBDA_TASK_ROOT"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=(theirs,),
            )
        os.close(theirs)
        self.answers = answers
        return self._read(STARTUP_SECONDS)

    def _ask(self, invocation: dict, seconds: int) -> dict:
        """Hands over an invocation and waits for the answer. A process that has ended is replaced first, as on Lambda."""
        if self.process is None:
            started = self._spawn()
            if "error" in started:
                return started
        try:
            self.process.stdin.write(json.dumps(invocation).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            pass  # it has ended, which reading tells
        return self._read(seconds)

    def _read(self, seconds: float) -> dict:
        """Waits for a line. A process that is too late, has ended or reports an error of its own is ended."""
        deadline = time.monotonic() + seconds
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.answers], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                self._end()
                return _error("Sandbox.Timedout", f"Task timed out after {seconds:.2f} seconds")
            part = os.read(self.answers, 1 << 20)
            if not part:
                self._end()
                return _error("Runtime.ExitError", "Runtime exited without providing a reason")
            line += part
        answer = json.loads(line)
        if answer.get("error", {}).get("errorType", "").startswith("Runtime."):
            self._end()
        return answer

    def _end(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        try:
            process.stdin.close()
        except OSError:
            pass
        os.close(self.answers)

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        pass
