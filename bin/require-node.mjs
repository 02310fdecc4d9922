// Loaded before every command (`node --import`). Plain JavaScript on purpose: an older Node cannot read TypeScript,
// and its own message ("Unknown file extension .ts") does not say what to do.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `spillway needs Node 24 (22.18 at least), and this is ${process.versions.node}. ` +
      'On Linux `npm ci` brings it along; elsewhere install Node 24 and run the command again.\n',
  );
  process.exit(1);
}
