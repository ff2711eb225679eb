// Builds the page's program: one HTML file without anything from outside, the same bytes each time.
//   node build.mjs          dist/page.html
//   node build.mjs --tests  the unit tests, for node --test
import { build } from 'esbuild';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';

const common = {
  bundle: true,
  charset: 'utf8',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  logLevel: 'warning',
  target: ['chrome100', 'firefox100', 'safari15.4'],
};

async function page() {
  const text = async (entry) => {
    const result = await build({
      ...common,
      entryPoints: [entry],
      format: 'iife',
      legalComments: 'none',
      minify: true,
      write: false,
    });
    return result.outputFiles[0].text.trim();
  };
  const style = await text('src/page.css');
  // The end of a script element must not stand in the middle of one.
  const script = (await text('src/main.tsx')).replaceAll('</script', '<\\/script');
  const template = await readFile('src/page.html', 'utf8');
  await mkdir('dist', { recursive: true });
  await writeFile(
    'dist/page.html',
    template.replace('/*style*/', () => style).replace('/*script*/', () => script),
  );
}

async function tests() {
  await rm('build/tests', { recursive: true, force: true });
  const files = (await readdir('test')).filter((name) => /\.(unit|browser)\.ts$/.test(name));
  await build({
    ...common,
    entryPoints: files.map((name) => `test/${name}`),
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    outdir: 'build/tests',
    packages: 'external',
    platform: 'node',
    target: 'node18',
  });
}

await (process.argv.includes('--tests') ? tests() : page());
