// Loaded before every command (`node --import`). Plain JavaScript on purpose: an older Node cannot read TypeScript,
// and its own message ("Unknown file extension .ts") does not say what to do.
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `spillway needs Node 24 (22.18 at least), and this is ${process.versions.node}. ` +
      'On Linux `npm ci` brings it along; elsewhere install Node 24 and run the command again.\n',
  );
  process.exit(1);
}

// Compiling the CDK is a third of a synth; V8's own code cache saves it from the second run on. Where the folder cannot
// be written nothing is cached, and nothing fails.
module.enableCompileCache(fileURLToPath(new URL('../.build/compile-cache', import.meta.url)));
