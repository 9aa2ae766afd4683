// What an application on openai-node does: nothing but OPENAI_BASE_URL and OPENAI_API_KEY tell it about the server.
// Prints one JSON object with what each step gave; the test judges it.
import OpenAI from 'openai';

const client = new OpenAI({ maxRetries: 0 });
const told = {};

const made = await client.images.generate({ model: 'gpt-image-1', prompt: 'a dot', size: '1024x1024', quality: 'low' });
told.generate = { magic: made.data[0].b64_json.slice(0, 8), usage: made.usage, size: made.size, request: made._request_id };

const linked = await client.images.generate({ model: 'dall-e-3', prompt: 'a dot' });
const file = await fetch(linked.data[0].url);
told.url = { status: file.status, type: file.headers.get('content-type'), revised: linked.data[0].revised_prompt };

const stream = await client.images.generate({
  model: 'gpt-image-2', prompt: 'a dot', size: '1024x1024', quality: 'low', stream: true, partial_images: 2,
});
told.stream = [];
for await (const event of stream) {
  told.stream.push({ type: event.type, index: event.partial_image_index, magic: event.b64_json.slice(0, 8), usage: event.usage });
}

async function failure(work) {
  try {
    await work();
    return null;
  } catch (error) {
    const { name } = error.constructor;
    return { name, status: error.status, code: error.code, param: error.param, type: error.type, request: error.requestID, message: error.message };
  }
}
told.badRequest = await failure(() => client.images.generate({ model: 'gpt-image-2', prompt: 'a dot', size: '9x9' }));
told.badStream = await failure(() => client.images.generate({ model: 'gpt-image-2', prompt: 'a dot', n: 2, stream: true }));
const stranger = new OpenAI({ maxRetries: 0, apiKey: 'sk-of-somebody-else' });
told.stranger = await failure(() => stranger.images.generate({ model: 'gpt-image-2', prompt: 'a dot' }));
told.notFound = await failure(() => client.get('/images/nope'));

console.log(JSON.stringify(told));
