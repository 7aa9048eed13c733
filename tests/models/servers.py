"""Servers on loopback: a real one, one that misbehaves to order, one that echoes log-probabilities.

Run as a program it is the real one: `python servers.py WEIGHTS.gguf PORT` serves until its standard input closes.
"""

import contextlib
import functools
import itertools
import json
import math
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextlib.contextmanager
def llama_server(weights):
    """The URL of llama.cpp's own server, with the weights in it, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, __file__, str(weights), str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                if process.poll() is not None:
                    raise RuntimeError(f"the server ended with {process.returncode}")
                with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                    break
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.kill()


def serve(weights, port):
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path, params.hostnames, params.port = weights, ["127.0.0.1"], int(port)
    params.n_ctx, params.n_parallel, params.cpuparams.n_threads, params.verbosity = 4096, 2, 1, -1
    server = xllamacpp.Server(params)
    sys.stdin.read()
    del server


class Loopback:
    """A server that answers each chat request with the next of `answers`, the last one over and over.

    An answer is called with the handler and the request's body. Other paths are not found, unless `others` answers them.
    """

    def __init__(self, *answers, others=None):
        self.answers, self.others, self.bodies, self.headers = list(answers), others, [], []
        self.now = self.most = 0
        self.lock, self.over = threading.Lock(), threading.Event()

    def __enter__(self):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            loopback = self

            def do_POST(self):
                self.loopback.answer(self)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()

    def answer(self, handler):
        body = json.loads(handler.rfile.read(int(handler.headers["content-length"])))
        if not handler.path.endswith("/chat/completions"):
            (self.others or status(404, "no such path"))(handler, body)
            return
        with self.lock:
            self.bodies.append(body)
            self.headers.append({name.lower(): value for name, value in handler.headers.items()})
            self.now += 1
            self.most = max(self.most, self.now)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        try:
            answer(handler, body)
        finally:
            with self.lock:
                self.now -= 1


def send(handler, code, text, **headers):
    data = text.encode()
    handler.send_response(code)
    for name, value in {"content-type": "application/json", "content-length": str(len(data)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(data)


def completion(text, finish="stop", usage=None, **message):
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}
    usage = usage or {"prompt_tokens": 10, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 4}}
    return json.dumps({"object": "chat.completion", "choices": [choice], "usage": usage})


def says(text, **more):
    return lambda handler, body: send(handler, 200, completion(text, **more))


def status(code, text="", **headers):
    return lambda handler, body: send(handler, code, json.dumps({"error": {"message": text}}), **headers)


def raw(text):
    return lambda handler, body: send(handler, 200, text)


def half(handler, body):
    """Half of a good answer, then the end of the connection."""
    text = completion("never read to the end").encode()
    handler.send_response(200)
    handler.send_header("content-length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text[: len(text) // 2])
    handler.close_connection = True


def hangs(handler, body):
    handler.loopback.over.wait(20)
    handler.close_connection = True


def drips(handler, body):
    """A byte now and then, for ever."""
    handler.send_response(200)
    handler.send_header("content-length", "100000")
    handler.end_headers()
    with contextlib.suppress(OSError):
        while not handler.loopback.over.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()
    handler.close_connection = True


def slow(seconds, answer):
    def wait(handler, body):
        handler.loopback.over.wait(seconds)
        answer(handler, body)

    return wait


def refuses(fields, answer, param=False):
    """A 400 that names the first of the fields that the request has; without any, the answer."""

    def look(handler, body):
        field = next((field for field in fields if field in body), None)
        if field is None:
            answer(handler, body)
        else:
            error = {"message": "Unsupported parameter." if param else f"'{field}' is not supported", "param": param and field}
            send(handler, 400, json.dumps({"error": error}))

    return look


class Echo:
    """The other paths of a server in vLLM's manner, over a model of characters that any reader can compute again."""

    START, END = 1, 2

    def tokens(self, messages, opened):
        ids = [0]
        for message in messages:
            ids += [self.START, *map(ord, message["role"] + "\n" + message["content"]), self.END, 10]
        return ids + [self.START, *map(ord, "assistant\n")] if opened else ids

    @functools.cache  # noqa: B019
    def logprobs(self, before):
        draw = random.Random(before)
        weights = [draw.random() for _ in range(128)]
        return [math.log(weight / sum(weights)) for weight in weights]

    def __call__(self, handler, body):
        if handler.path == "/tokenize" and "messages" in body:
            ids = self.tokens(body["messages"], body["add_generation_prompt"])
            send(handler, 200, json.dumps({"count": len(ids), "tokens": ids}))
        elif handler.path == "/v1/completions" and body["echo"]:
            rows = [[None] + [self.logprobs(a)[b] for a, b in itertools.pairwise(ids)] for ids in body["prompt"]]
            choices = [{"index": i, "text": "", "logprobs": {"token_logprobs": [*row, -1.0]}} for i, row in enumerate(rows)]
            usage = {"prompt_tokens": sum(map(len, body["prompt"])), "completion_tokens": len(rows)}
            send(handler, 200, json.dumps({"choices": choices[::-1], "usage": usage}))
        else:
            send(handler, 404, "{}")


if __name__ == "__main__":
    serve(*sys.argv[1:])
