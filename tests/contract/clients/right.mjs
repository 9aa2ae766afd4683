// A client of the Images API on fetch alone, which does everything right: the second implementation of the line protocol.
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const PATHS = { generate: "/images/generations", edit: "/images/edits", vary: "/images/variations" };
const KINDS = {
  400: "BadRequestError", 401: "AuthenticationError", 403: "PermissionDeniedError", 404: "NotFoundError",
  409: "ConflictError", 422: "UnprocessableEntityError", 429: "RateLimitError", 500: "InternalServerError",
};
const LASTING = /quota|exhausted|spend_limit|usage_limit/;

class Failure extends Error {
  constructor(lineage, message, reply, error = {}) {
    super(message);
    const { code = null, param = null, type = null } = error ?? {};
    Object.assign(this, { lineage: [...lineage, "APIError"], code, param, type });
    this.status = reply?.status ?? null;
    this.headers = reply?.headers;
    this.request_id = reply?.headers.get("x-request-id") ?? null;
  }
}

async function bodyOf(asked) {
  if (asked.op === "generate") return [JSON.stringify(asked.params), { "content-type": "application/json" }];
  const boundary = `----${crypto.randomUUID()}`;
  const parts = [];
  const part = (head, content) => parts.push(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; ${head}\r\n\r\n`), Buffer.from(content), Buffer.from("\r\n"));
  for (const [name, value] of Object.entries(asked.params))
    if (value !== null) part(`name="${name}"`, typeof value === "string" ? value : JSON.stringify(value));
  const several = Array.isArray(asked.files.image);
  for (const [name, files] of [[several ? "image[]" : "image", [asked.files.image].flat()], ["mask", [asked.files.mask]]])
    for (const file of files)
      if (file) part(`name="${name}"; filename="${file.name}"\r\ncontent-type: ${file.type}`, await readFile(file.path));
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return [Buffer.concat(parts), { "content-type": `multipart/form-data; boundary=${boundary}` }];
}

async function exchange(asked, headers, body, signal) {
  try {
    const reply = await fetch(asked.base_url + PATHS[asked.op], { method: "POST", headers, body, signal });
    return [reply, await reply.text()];
  } catch (error) {
    if (error.name === "TimeoutError") throw new Failure(["APITimeoutError", "APIConnectionError"], "the reply did not come in time");
    throw new Failure(["APIConnectionError"], `the reply was lost: ${error.cause?.code ?? error.message}`);
  }
}

function parsed(text, reply) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(["APIResponseValidationError"], `no JSON: ${text.slice(0, 80)}`, reply);
  }
}

function refusal(reply, text) {
  let error;
  try {
    error = JSON.parse(text).error;
  } catch {
    error = null;
  }
  const kind = KINDS[reply.status] ?? (reply.status > 500 ? KINDS[500] : null);
  const message = typeof error === "string" ? error : (error?.message ?? text.slice(0, 200));
  return new Failure(kind ? [kind, "APIStatusError"] : ["APIStatusError"], String(message), reply, typeof error === "object" ? error : {});
}

function pictures(document, reply) {
  if (document?.error) throw new Failure([], String(document.error.message), reply, document.error);
  const whole = Array.isArray(document?.data) && document.data.length && document.data.every((one) => typeof (one?.b64_json ?? one?.url) === "string");
  if (!whole) throw new Failure(["APIResponseValidationError"], "the reply holds no picture", reply);
  return document;
}

function events(text, reply) {
  if (!reply.headers.get("content-type")?.startsWith("text/event-stream")) {
    pictures(parsed(text, reply), reply);
    throw new Failure(["APIResponseValidationError"], "the reply is no stream", reply);
  }
  const data = text.split("\n\n").slice(0, -1).map((frame) => frame.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trimStart()).join("\n"));
  const told = data.filter((one) => one && one !== "[DONE]").map((one) => parsed(one, reply));
  const error = told.find((event) => event.type === "error" || event.error);
  if (error) throw new Failure([], String((error.error ?? error).message), reply, error.error ?? error);
  if (!told.some((event) => event.type.endsWith(".completed"))) throw new Failure(["APIResponseValidationError"], "the stream ended too early", reply);
  return { events: told };
}

function pause(headers, attempt) {
  const ms = Number.parseFloat(headers.get("retry-after-ms") ?? "");
  const text = headers.get("retry-after") ?? "";
  const seconds = Number.parseFloat(text);
  const date = /[a-z]/i.test(text) ? (Date.parse(text) - Date.now()) / 1000 : Number.NaN;
  return [ms / 1000, seconds, date].find((one) => one > 0) ?? 0.02 * 2 ** attempt;
}

function mayRetry(error) {
  if (!error.headers || error.status === 200) return false;
  const word = error.headers.get("x-should-retry");
  if (word === "true" || word === "false") return word === "true";
  if (LASTING.test(error.code ?? "") || /too large|safety system/.test(error.message)) return false;
  if ([504, 524].includes(error.status)) return false; // the edge gave up waiting: the picture may be made and paid for
  return [408, 409, 429].includes(error.status) || error.status >= 500;
}

async function call(asked) {
  const [body, headers] = await bodyOf(asked);
  for (let attempt = 0; ; attempt++) {
    const sent = { ...headers, authorization: `Bearer ${asked.api_key}`, accept: "application/json", ...(attempt ? { "x-stainless-retry-count": String(attempt) } : {}) };
    try {
      const [reply, text] = await exchange(asked, sent, body, AbortSignal.timeout(asked.timeout * 1000));
      if (reply.status !== 200) throw refusal(reply, text);
      return asked.params.stream ? events(text, reply) : pictures(parsed(text, reply), reply);
    } catch (error) {
      const wait = error.headers ? pause(error.headers, attempt) : 0;
      if (attempt >= asked.max_retries || !mayRetry(error) || wait > asked.timeout) throw error;
      await sleep(wait * 1000);
    }
  }
}

function tell(told) {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

const every = { params: null, models: null, stream: true, returns: "reply" };
const can = { generate: every, edit: every, vary: { ...every, stream: false } };
tell({ ready: 1, client: "right.mjs", version: "1", runtime: `Node ${process.versions.node}`, can, retries: true, errors: "fields" });
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  try {
    tell({ id: asked.id, ok: true, value: await call(asked) });
  } catch (error) {
    const { status = null, code = null, param = null, type = null, request_id = null, lineage = [error.name] } = error;
    tell({ id: asked.id, ok: false, error: { class: lineage[0], lineage, module: "right", message: error.message, status, code, param, type, request_id } });
  }
}
