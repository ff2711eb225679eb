// Opens traces in Perfetto's trace processor, the reader behind its user interface, and asks it.
// usage: node trace_processor.mjs FOLDER TRACE… < QUERIES
// FOLDER has the trace processor as its user interface loads it (tools/formats.sh), QUERIES are
// {"name": "SQL"}. Prints one list of {"name": [rows]}, an entry for each trace.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

const [folder, ...traces] = process.argv.slice(2);
const queries = JSON.parse(readFileSync(0, 'utf8'));
const { EngineBase } = await import(pathToFileURL(`${folder}/engine.mjs`));

class Engine extends EngineBase {
  constructor(port) {
    super();
    this.port = port;
    this.failure = new Promise((_, reject) => {
      port.onmessage = ({ data }) => {
        try {
          this.onRpcResponseBytes(data);
        } catch (error) {
          reject(error);
        }
      };
    });
  }
  rpcSendRequestBytes(bytes) { this.port.postMessage(bytes); }
}

// The trace processor is made for a worker of a browser, which is therefore played here.
const wasm = readFileSync(`${folder}/trace_processor.wasm`);
const program = readFileSync(`${folder}/engine_bundle.node.js`, 'utf8');
globalThis.self = globalThis;
globalThis.WorkerGlobalScope = class {};
globalThis.location = { href: 'http://localhost/' };
globalThis.XMLHttpRequest = class {
  open() {}
  send() { this.response = wasm; }
};

async function openEngine() {
  // It tries with a module of a few bytes whether there are memories of 64 bits, for which there is
  // another program.
  const { Module } = WebAssembly;
  WebAssembly.Module = class extends Module {
    constructor(bytes) {
      if (bytes.length < 100) throw new Error('32 bits');
      super(bytes);
    }
  };
  vm.runInThisContext(program);
  WebAssembly.Module = Module;
  await new Promise((resolve) => setTimeout(resolve));  // for what it left to do
  const { port1, port2 } = new MessageChannel();
  globalThis.onmessage({ data: port1 });
  return new Engine(port2);
}

async function ask(trace) {
  const engine = await openEngine();
  const answers = async () => {
    await engine.parse(readFileSync(trace));
    await engine.notifyEof();
    const all = {};
    for (const [name, sql] of Object.entries(queries)) {
      const result = await engine.query(sql);
      const columns = result.columns();
      const rows = [];
      for (const row = result.iter({}); row.valid(); row.next())
        rows.push(Object.fromEntries(columns.map((column) => [column, row.get(column)])));
      all[name] = rows;
    }
    return all;
  };
  return Promise.race([answers(), engine.failure]);
}

const answers = [];
for (const trace of traces) answers.push(await ask(trace));
// The engines would wait for more for ever.
process.stdout.write(
  JSON.stringify(answers, (_, value) => (typeof value === 'bigint' ? Number(value) : value)),
  () => process.exit(0));
