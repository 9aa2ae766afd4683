// LangChain's tool for pictures in JavaScript: `DallEAPIWrapper` of @langchain/openai.
import { createRequire } from 'node:module';
import { DallEAPIWrapper } from '@langchain/openai';
import { OpenAIError } from 'openai';
import { refuseNull, serve, text } from './loop.mjs';

const { version } = createRequire(import.meta.url)('@langchain/openai/package.json');
const says = ['prompt', 'model', 'n', 'size', 'quality', 'style', 'response_format', 'user'];

// It gives the first picture as a text, and several as blocks of a message.
async function generate({ params, base_url, api_key }) {
  refuseNull(params);
  const { prompt, response_format, ...fields } = params;
  const tool = new DallEAPIWrapper({ ...fields, dallEResponseFormat: response_format, baseUrl: base_url, apiKey: api_key });
  const given = await tool.invoke(prompt);
  const pictures = Array.isArray(given) ? given.map(({ image_url }) => image_url.url ?? image_url) : [given];
  const key = response_format === 'b64_json' ? 'b64_json' : 'url';
  return { data: pictures.map((picture) => ({ [key]: picture })) };
}

const raised = (error) => ({
  module: error instanceof OpenAIError ? 'openai' : '',
  status: error.status ?? null,
  code: text(error.code),
  param: text(error.param),
  type: text(error.type),
  request_id: text(error.requestID),
});

const can = { generate: { params: says, models: null, stream: false, returns: 'pictures' } };
await serve({ client: 'langchain-js', version, can }, { generate }, raised);
