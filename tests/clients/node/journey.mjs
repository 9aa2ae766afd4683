// What an application on openai-node does; its environment alone tells it about the server.
// `journey.mjs PACKAGE DOOR FOLDER`: the door is openai or azure, the folder holds pictures. Prints one JSON object with
// what each step gave, also where it failed; the tests judge it. Runs under releases from 4 on.
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [name, door, folder] = process.argv.slice(2);
const sdk = await import(name);
const { multipartFormRequestOptions } = await import(`${name}/uploads`);
const { AzureOpenAI, OpenAI, toFile } = sdk;

const asked = { prompt: 'a dot', quality: 'low', size: '1024x1024' };
const model = { ...asked, model: 'gpt-image-1' };
const file = (name) => toFile(createReadStream(join(folder, name)), name, { type: 'image/png' });

const picture = ({ data, size, usage, _request_id }) => ({
  count: data.length, magic: (data[0].b64_json ?? '').slice(0, 8), url: data[0].url, size, usage, request: _request_id,
});

async function events(stream) {
  const told = [];
  for await (const sent of stream) {
    const event = sent.data ?? sent; // openai-node 4 wraps the events that it does not know
    told.push({ type: event.type, index: event.partial_image_index ?? null, magic: event.b64_json.slice(0, 8) });
  }
  return told;
}

async function attempt(step) {
  try {
    return await step();
  } catch (error) {
    const { status, code = null, param = null, type = null, message } = error;
    return { error: error.constructor.name, status, code, param, type, request: error.requestID ?? error.request_id, message };
  }
}

// The methods of openai-node 4 hand over a whole stream as text, so there we post by hand.
async function generateStreamed(client, body) {
  const made = await client.images.generate(body);
  return events(typeof made === 'string' ? await client.post('/images/generations', { body, stream: true }) : made);
}

async function editStreamed(client, body) {
  const made = await client.images.edit(body);
  if (typeof made !== 'string') return events(made);
  return events(await client.post('/images/edits', { ...(await multipartFormRequestOptions({ body })), stream: true }));
}

async function streamsByMethod(client) {
  const made = await client.images.generate({ ...model, stream: true });
  return typeof made !== 'string' && (await events(made)).length === 1;
}

function openaiSteps() {
  const client = new OpenAI({ maxRetries: 0 });
  const stranger = new OpenAI({ maxRetries: 0, apiKey: 'sk-of-somebody-else' });
  const generate = (body) => client.images.generate(body);
  const edit = async (body) => picture(await client.images.edit({ ...model, ...body }));
  const bytes = () => readFileSync(join(folder, 'a.png'));
  const removal = (id) => (client.files.delete ?? client.files.del).call(client.files, id);
  let uploaded;
  const fileEdit = async () =>
    picture(await client.post('/images/edits', { body: { ...model, images: [{ file_id: uploaded }] } }));
  const ids = async (page) => {
    const found = [];
    for await (const one of page) found.push(one.id);
    return found.sort();
  };
  return {
    'generate': async () => picture(await generate(model)),
    'generate by url': async () => picture(await generate({ model: 'dall-e-3', prompt: 'a dot' })),
    'generate streamed': () => generateStreamed(client, { ...model, stream: true, partial_images: 2 }),
    'stream method': () => streamsByMethod(client),
    'edit path': async () => edit({ image: await file('a.png') }),
    'edit open file': async () => edit({ image: await toFile(createReadStream(join(folder, 'a.png')), null, { type: 'image/png' }) }),
    'edit two files': async () => edit({ image: [await file('a.png'), await file('b.png')] }),
    'edit with a mask': async () => edit({ image: await file('a.png'), mask: await file('mask.png') }),
    'edit bytes': async () => edit({ image: await toFile(bytes(), 'a.png', { type: 'image/png' }) }),
    'edit streamed': async () => editStreamed(client, { ...model, image: await file('a.png'), stream: true, partial_images: 2 }),
    'edit untyped bytes': () => edit({ image: createReadStream(join(folder, 'a.png')) }),
    'edit untyped list': () => edit({ image: [createReadStream(join(folder, 'a.png'))] }),
    'variation': async () => picture(await client.images.createVariation({ image: await file('a.png'), n: 2, size: '256x256' })),
    'file upload': async () => {
      const { id, bytes, purpose, filename } = await client.files.create({ file: await file('a.png'), purpose: 'vision' });
      uploaded = id;
      return { id, bytes, purpose, filename };
    },
    'file listed': async () => (await ids(client.files.list())).includes(uploaded),
    'file edit': fileEdit,
    'file delete': async () => (await removal(uploaded)).deleted,
    'file edit afterwards': fileEdit,
    'models': () => ids(client.models.list()),
    'model': async () => (await client.models.retrieve('gpt-image-1')).id,
    'raw': async () => {
      const { response } = await client.images.generate(model).withResponse();
      return { request: response.headers.get('x-request-id'), milliseconds: response.headers.get('openai-processing-ms') };
    },
    'together': async () => {
      const prompts = ['dot 0', 'dot 1'].map((prompt) => ({ ...model, prompt }));
      const edits = prompts.map(async (prompt) => client.images.edit({ ...prompt, image: await file('a.png') }));
      return (await Promise.all([...prompts.map(generate), ...edits])).map(picture);
    },
    'bad size': () => generate({ model: 'gpt-image-2', prompt: 'a dot', size: '9x9' }),
    'bad stream': () => generate({ model: 'gpt-image-2', prompt: 'a dot', n: 2, stream: true }),
    'unknown model': () => generate({ model: 'nope', prompt: 'a dot' }),
    'model not there': () => client.models.retrieve('nope'),
    'wrong key': () => stranger.images.generate(model),
    'unknown path': () => client.get('/images/nope'),
  };
}

function azureSteps() {
  const client = new AzureOpenAI({ maxRetries: 0 });
  const bound = new AzureOpenAI({ maxRetries: 0, deployment: 'my-images' });
  const stranger = new AzureOpenAI({ maxRetries: 0, apiKey: 'sk-of-somebody-else' });
  const newer = new OpenAI({ maxRetries: 0, baseURL: `${client.baseURL}/v1`, apiKey: client.apiKey });
  const mapped = { ...asked, model: 'my-images' };
  const generate = async (by, body) => picture(await by.images.generate(body));
  const edit = async (by, body) => picture(await by.images.edit({ ...body, image: await file('a.png') }));
  return {
    'generate mapped': () => generate(client, mapped),
    'generate named': () => generate(client, model),
    'generate bound': () => generate(bound, asked),
    'generate v1': () => generate(newer, mapped),
    'generate streamed': () => generateStreamed(client, { ...mapped, stream: true, partial_images: 2 }),
    'edit mapped': () => edit(client, mapped),
    'edit named': () => edit(client, model),
    'edit bound': () => edit(bound, asked),
    'edit v1': () => edit(newer, mapped),
    'wrong key': () => generate(stranger, mapped),
    'no deployment': () => generate(client, { model: 'nope', prompt: 'a dot' }),
    'no deployment v1': () => generate(newer, { model: 'nope', prompt: 'a dot' }),
  };
}

const told = {};
const steps = { openai: openaiSteps, azure: azureSteps }[door]();
for (const [step, work] of Object.entries(steps)) told[step] = await attempt(work);
console.log(JSON.stringify(told));
