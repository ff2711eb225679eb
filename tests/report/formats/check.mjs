// Reads what stsim has written with the readers of the formats themselves.
// usage: node check.mjs MODULES mermaid|otlp FILE…
// Prints FILE: what is wrong, for each file that cannot be read; exits with 1 if there are any.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [modules, format, ...files] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/x.js`));

async function mermaidParser() {
  const { JSDOM } = require('jsdom');
  globalThis.window = new JSDOM('').window;
  globalThis.document = globalThis.window.document;
  const mermaid = (await import(pathToFileURL(require.resolve('mermaid')))).default;
  return async (text) => {
    const { diagramType } = await mermaid.parse(text);
    if (!diagramType.startsWith('flowchart')) throw new Error(`this is a ${diagramType}`);
  };
}

// The JSON encoding differs from that of protocol buffers in one thing: ids are hexadecimal.
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
function bytes(id, length) {
  if (!new RegExp(`^[0-9a-f]{${2 * length}}$`).test(id)) throw new Error(`"${id}" is no id`);
  return Buffer.from(id, 'hex').toString('base64');
}

function otlpParser() {
  const root = require('@opentelemetry/otlp-transformer/build/src/generated/root.js');
  const Request = root.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
  return async (text) => {
    const json = JSON.parse(text);
    for (const { scopeSpans } of json.resourceSpans)
      for (const { spans } of scopeSpans)
        for (const span of spans) {
          span.traceId = bytes(span.traceId, 16);
          span.spanId = bytes(span.spanId, 8);
          if (span.parentSpanId) span.parentSpanId = bytes(span.parentSpanId, 8);
          for (const link of span.links) {
            link.traceId = bytes(link.traceId, 16);
            link.spanId = bytes(link.spanId, 8);
          }
        }
    const request = Request.decode(Request.encode(Request.fromObject(json)).finish());
    const wrong = Request.verify(request);
    if (wrong) throw new Error(wrong);
    // What the messages do not have is dropped on the way, and what they have comes back.
    const back = Request.toObject(request, { longs: String, bytes: String, arrays: false });
    same(pruned(json), pruned(JSON.parse(JSON.stringify(back))), 'request');
  };
}

// Without empty lists and zeros, which the binary form does not carry.
function pruned(value) {
  if (Array.isArray(value)) return value.map(pruned);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => !(Array.isArray(v) && v.length === 0) && v !== 0 && v !== '')
      .map(([k, v]) => [k, pruned(v)]));
}

function same(ours, theirs, where) {
  if (typeof ours !== 'object' || ours === null || theirs === undefined) {
    if (ours !== theirs) throw new Error(`${where}: ${JSON.stringify(ours)} reads as ${JSON.stringify(theirs)}`);
    return;
  }
  for (const key of Object.keys(ours)) same(ours[key], theirs[key], `${where}.${key}`);
}

const parse = format === 'mermaid' ? await mermaidParser() : otlpParser();
let wrong = 0;
for (const file of files) {
  try {
    await parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.log(`${file}: ${error.message ?? error}`);
    wrong += 1;
  }
}
process.exit(wrong > 0 ? 1 : 0);
