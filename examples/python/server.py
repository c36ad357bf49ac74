"""The protocol of uni-sse-channel in FastAPI: answers in memory, one process.

A run is a task that fills a channel; connections only read from it. So a client
that hangs up stops nothing, and reads on later behind the event it has seen.
"""

import asyncio
import json
import re
import secrets

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

BASE = "/api/chat"
MAX_BODY_BYTES = 1024 * 1024
KEPT_SECONDS = 3600
HEARTBEAT_SECONDS = 15
PROPOSAL = re.compile(r"[A-Za-z0-9_-]{16,64}")
CHANNEL_ID = re.compile(r"[A-Za-z0-9_:~-][A-Za-z0-9_.:~-]{0,127}")
CURSOR = re.compile(r"([A-Za-z0-9]{1,32}(?:\.[A-Za-z0-9]{1,16})?)_(0|[1-9][0-9]{0,14})")

app = FastAPI(openapi_url=None)


class Problem(Exception):
    def __init__(self, status, code, message, **more):
        self.status = status
        self.headers = more.pop("headers", {})
        self.body = {"error": {"code": code, "message": message}, **more}


@app.exception_handler(Problem)
async def tell(_request, problem):
    return JSONResponse(problem.body, status_code=problem.status, headers=problem.headers)


class Channel:
    """One answer: numbered events, kept for a while after the end."""

    def __init__(self, prompt):
        self.epoch = secrets.token_hex(4)
        self.events = []
        self.status = "running"
        self.changed = asyncio.Event()
        self.task = asyncio.create_task(self.run(prompt))

    def add(self, data):
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        self.events.append(f"id: {self.epoch}_{len(self.events)}\ndata: {text}\n\n".encode())
        self.changed.set()
        self.changed = asyncio.Event()

    async def run(self, prompt):
        try:
            self.add({"type": "start"})
            self.add({"type": "text-start", "id": "text"})
            async for delta in answer(prompt):
                self.add({"type": "text-delta", "id": "text", "delta": delta})
            self.add({"type": "text-end", "id": "text"})
            self.add({"type": "finish"})
            status = "done"
        except asyncio.CancelledError:
            status = "stopped"
            self.add({"type": "abort"})
        except Exception:
            status = "error"
            self.add({"type": "error", "errorText": "The model failed."})
        # No await between: who sees the last event sees the status.
        self.status = status
        self.add("[DONE]")
        asyncio.get_running_loop().call_later(KEPT_SECONDS, forget, self)

    def cursor(self, seq):
        return f"{self.epoch}_{seq}" if self.events else None

    def range(self):
        return {"earliest": self.cursor(0), "last": self.cursor(len(self.events) - 1)}

    @property
    def over(self):
        return self.status != "running"


channels = {}


def forget(channel):
    for channel_id in [key for key, value in channels.items() if value is channel]:
        del channels[channel_id]


async def answer(prompt):
    """Your model goes here. It is cancelled by a stop."""
    for word in f"You asked: {prompt} This answer survives a lost network. ".split(" ") * 4:
        await asyncio.sleep(0.01)
        yield word + " "


async def read_events(channel, following, first=b""):
    yield first or b": open\n\n"
    while True:
        changed, over = channel.changed, channel.over
        batch = channel.events[following:]
        if batch:
            following += len(batch)
            yield b"".join(batch)
        if over:
            return
        try:
            await asyncio.wait_for(changed.wait(), HEARTBEAT_SECONDS)
        except asyncio.TimeoutError:
            yield b": hb\n\n"


def stream(channel_id, channel, following=0, first=b""):
    headers = {
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
        "x-channel-id": channel_id,
        "x-vercel-ai-ui-message-stream": "v1",
    }
    return StreamingResponse(
        read_events(channel, following, first), headers=headers, media_type="text/event-stream"
    )


def find(channel_id):
    channel = channels.get(channel_id) if CHANNEL_ID.fullmatch(channel_id) else None
    if channel is None:
        raise Problem(404, "CHANNEL_NOT_FOUND", "There is no such channel.")
    return channel


async def read_body(request):
    if not re.fullmatch(r"application/json(\s*;\s*charset=utf-8)?", request.headers.get("content-type", ""), re.I):
        raise Problem(415, "UNSUPPORTED_MEDIA_TYPE", "Send application/json.")
    body, size = b"", 0
    # What is too much is read away for a while and not kept: a client that is cut off while it sends sees no answer.
    async for part in request.stream():
        size += len(part)
        if size <= MAX_BODY_BYTES:
            body += part
        elif size > 16 * MAX_BODY_BYTES:
            break
    if size > MAX_BODY_BYTES:
        raise Problem(413, "BODY_TOO_LARGE", "The body is too large.")
    try:
        prompt = json.loads(body)["prompt"]
    except (ValueError, LookupError, TypeError):
        prompt = None
    if not isinstance(prompt, str) or not prompt.strip():
        raise Problem(400, "BAD_REQUEST", 'Send {"prompt": "…"}.')
    return prompt


@app.post(BASE)
async def start(request: Request):
    channel_id = request.headers.get("x-channel-id") or secrets.token_urlsafe(16)
    if not PROPOSAL.fullmatch(channel_id):
        raise Problem(400, "BAD_REQUEST", "x-channel-id has 16 to 64 of A-Z a-z 0-9 _ -")
    prompt = await read_body(request)
    # No await between looking and writing: two starts with one id are one run.
    if channel_id not in channels:
        channels[channel_id] = Channel(prompt)
    return stream(channel_id, channels[channel_id])


@app.get(BASE + "/{channel_id}")
@app.get(BASE + "/{channel_id}/stream")
async def read(request: Request, channel_id: str):
    channel = find(channel_id)
    cursor = request.headers.get("last-event-id") or request.query_params.get("lastEventId")
    if not cursor:
        return stream(channel_id, channel)
    match = CURSOR.fullmatch(cursor)
    if not match:
        raise Problem(400, "BAD_CURSOR", "A cursor is <epoch>_<seq>.")
    if match[1] != channel.epoch:
        gap = Problem(410, "HISTORY_EXPIRED", "This cursor is of another stream.", **channel.range())
        if request.query_params.get("onGap") != "event":
            raise gap
        return stream(channel_id, channel, 0, f"event: gap\ndata: {json.dumps(gap.body)}\n\n".encode())
    following = int(match[2]) + 1
    if following > len(channel.events):
        raise Problem(416, "CURSOR_AHEAD", "The cursor is behind the last event.")
    if channel.over and following == len(channel.events):
        return Response(status_code=204, headers={"x-channel-id": channel_id})
    return stream(channel_id, channel, following)


@app.post(BASE + "/{channel_id}/stop")
async def stop(channel_id: str):
    channel = find(channel_id)
    channel.task.cancel()
    await asyncio.wait([channel.task])
    return {"channelId": channel_id, "status": channel.status}


@app.exception_handler(404)
@app.exception_handler(405)
async def tell_other(_request, error):
    code = "METHOD_NOT_ALLOWED" if error.status_code == 405 else "CHANNEL_NOT_FOUND"
    body = {"error": {"code": code, "message": "There is nothing like this here."}}
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)


if __name__ == "__main__":
    import os

    import uvicorn

    uvicorn.run(app, host=os.environ.get("HOST", "127.0.0.1"), port=int(os.environ.get("PORT", "8000")), log_level="warning")
