// The Vercel AI SDK: `generateImage` of ai with the provider @ai-sdk/openai.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createOpenAI } from '@ai-sdk/openai';
import * as ai from 'ai';
import { Cannot, refuseNull, serve, text } from './loop.mjs';

const { version } = createRequire(import.meta.url)('ai/package.json');
const generateImage = ai.generateImage ?? ai.experimental_generateImage;

const since = (major) => Number(version.split('.')[0]) >= major;
const shared = ['prompt', 'model', 'n', 'size', 'quality', 'background', 'output_format', 'output_compression', 'user'];
const says = {
  generate: [...shared, 'style', 'moderation'],
  edit: [...shared, 'input_fidelity', 'mask', ...(since(7) ? ['moderation'] : [])],
};
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

async function call({ op, params, files, base_url, api_key, max_retries, timeout }) {
  refuseNull(params);
  const { prompt, model, n, size, ...more } = params;
  if (!model) throw new Cannot('generateImage needs a model');
  const options = Object.fromEntries(Object.entries(more).map(([name, value]) => [camel(name), value]));
  const bytes = ({ path }) => new Uint8Array(readFileSync(path));
  const given = op === 'generate' ? prompt : { text: prompt, images: [files.image].flat().map(bytes), mask: files.mask && bytes(files.mask) };
  const { images } = await generateImage({
    model: createOpenAI({ baseURL: base_url, apiKey: api_key }).image(model),
    prompt: given,
    ...(n === undefined ? {} : { n }),
    ...(size === undefined ? {} : { size }),
    providerOptions: { openai: options },
    maxRetries: max_retries,
    abortSignal: AbortSignal.timeout((max_retries + 1) * timeout * 1000), // for all attempts; it has none for one reply
  });
  return { data: images.map(({ base64 }) => ({ b64_json: base64 })) };
}

// A failed call tells its status, headers and parsed body; where it was tried again, the last one stands in the error.
function raised(error) {
  const { statusCode, responseHeaders, data } = error.lastError ?? error;
  const told = data?.error ?? {};
  return {
    module: ai.AISDKError.isInstance(error) ? 'ai' : '',
    status: statusCode ?? null,
    code: text(told.code),
    param: text(told.param),
    type: text(told.type),
    request_id: text(responseHeaders?.['x-request-id']),
  };
}

const can = (operation) => ({ params: says[operation], models: null, stream: false, returns: 'pictures' });
await serve({ client: 'ai-sdk', version, can: { generate: can('generate'), edit: can('edit') } }, { generate: call, edit: call }, raised);
