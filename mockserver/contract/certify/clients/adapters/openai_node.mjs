// openai-node, as its callers use it.
import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import OpenAI, { OpenAIError, toFile } from 'openai';
import { VERSION } from 'openai/version';
import { files, serve, text } from './loop.mjs';

const types = createRequire(import.meta.url).resolve('openai/resources/images').replace(/\.m?js$/, '.d.ts');
const stream = readFileSync(types, 'utf8').includes('ImageGenStreamEvent'); // older ones give the text of a stream
const methods = { generate: 'generate', edit: 'edit', vary: 'createVariation' };

const upload = ({ path, name, type }) => toFile(createReadStream(path), name, type ? { type } : undefined);

async function call({ op, base_url, api_key, max_retries, timeout, params, ...asked }) {
  const client = new OpenAI({ baseURL: base_url, apiKey: api_key, maxRetries: max_retries, timeout: timeout * 1000 });
  const reply = await client.images[methods[op]]({ ...params, ...(await files(asked, upload)) });
  if (!params.stream) return reply;
  const events = [];
  for await (const event of reply) events.push(event);
  return { events };
}

const raised = (error) => ({
  module: error instanceof OpenAIError ? 'openai' : '',
  status: error.status ?? null,
  code: text(error.code),
  param: text(error.param),
  type: text(error.type),
  request_id: text(error.requestID ?? error.request_id), // the second before openai-node 5
});

const can = (stream) => ({ params: null, models: null, stream, returns: 'reply' });
const hello = { client: 'openai-node', version: VERSION, can: { generate: can(stream), edit: can(stream), vary: can(false) } };
await serve(hello, { generate: call, edit: call, vary: call }, raised);
